// A group that is opened becomes a frame around its own drawing, in the place of its box. What
// is beside it moves apart, as far as needed and never across: no line gets new crossings.
const SVG = "http://www.w3.org/2000/svg";
const BAR = 26;
const PAD = 10;
const LETTER = 8.5;
const opened = new Set();
let sheets;
let whole;

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function isOpen(node) {
  return node.opens !== undefined && opened.has(node.opens);
}

// The sheets in sight: the whole, and what is open on a sheet in sight.
function inSight() {
  const found = [whole];
  for (const sheet of found) {
    found.push(...sheet.nodes.filter(isOpen).map((node) => sheets[node.opens]));
  }
  return found;
}

function prepareSheets() {
  sheets = data.sheets;
  whole = sheets[0];
  const box = svg.viewBox.baseVal;
  whole.size = [box.width, box.height];
  whole.holder = svg.querySelector("g");
  sheets.forEach((sheet, number) => { sheet.number = number; });
  bind(whole);
  if (sheets.length > 1) svg.setAttribute("role", "group");
}

function openOnly(numbers) {
  opened.clear();
  numbers.filter((number) => sheets[number]).forEach((number) => opened.add(number));
}

function drawnSheet(number) {
  const sheet = sheets[number];
  if (!sheet.holder) {
    sheet.holder = element("g", { class: "sheet" });
    // This markup was written with every text in it escaped.
    sheet.holder.innerHTML = sheet.svg;
    sheet.frame = frameOf(sheet);
    sheet.frame.append(sheet.holder);
    // Only what is in the page can be measured.
    svg.append(sheet.frame);
    bind(sheet);
  }
  return sheet;
}

function frameOf(sheet) {
  const frame = element("g", { class: "frame" });
  const bar = element("g", {
    class: "bar", role: "button", tabindex: "0", "aria-expanded": "true",
    "aria-label": `close ${sheet.name}`, "data-sheet": sheet.number,
  });
  bar.append(
    element("rect", { class: "handle", height: BAR, rx: 6 }),
    element("text", { y: 18, class: "name" }, `− ${sheet.name}`),
  );
  frame.append(element("rect", { class: "ground", rx: 6 }), bar);
  return frame;
}

function bind(sheet) {
  sheet.bound = new Map();
  for (const node of sheet.nodes) {
    sheet.bound.set(node.id, node);
    node.group = sheet.holder.querySelector(`[id="${node.id}"]`);
    node.texts = [...node.group.querySelectorAll("text.line")];
    node.marker = node.group.querySelector("text.marker");
    node.title = node.group.querySelector("title");
    const { x, y, width, height } = node.group.querySelector("path, polygon").getBBox();
    node.rect = { x, y, width, height };
    if (node.opens !== undefined) asButton(node);
  }
  for (const edge of sheet.edges) {
    edge.group = sheet.holder.querySelector(`[id="${edge.id}"]`);
    edge.tail = sheet.bound.get(edge.ends[0]);
    edge.head = sheet.bound.get(edge.ends[1]);
    edge.path = edge.group.querySelector("path");
    edge.arrow = edge.group.querySelector("polygon");
    edge.label = edge.group.querySelector("text");
    edge.says = edge.label?.textContent;
    edge.points = pointsOf(edge.path.getAttribute("d"));
  }
}

function asButton(node) {
  const attributes = {
    role: "button", tabindex: "0", "aria-expanded": "false",
    "aria-label": `open ${node.head.join(", ")}`, "data-sheet": node.opens,
  };
  for (const [key, value] of Object.entries(attributes)) node.group.setAttribute(key, value);
  const { x, y, width } = node.rect;
  node.group.append(element("text", { class: "plus", x: x + width - 20, y: y + 20 }, "+"));
}

function pointsOf(text) {
  const numbers = text.match(/-?[\d.]+/g).map(Number);
  return Array.from({ length: numbers.length / 2 }, (_, k) => [numbers[2 * k], numbers[2 * k + 1]]);
}

// Where to cut a side of a sheet, and by how much to pull it apart there, for every part to get
// the length that it needs. Parts that share a cut share what it gives.
function cuts(parts) {
  const found = [];
  let now = null;
  for (const { low, high, need } of parts.sort((a, b) => a.low - b.low)) {
    const grow = Math.max(0, need - (high - low));
    if (now && low < now.high) {
      Object.assign(now, { low, high: Math.min(now.high, high), grow: Math.max(now.grow, grow) });
    } else {
      now = { low, high, grow };
      found.push(now);
    }
  }
  return found.map(({ low, high, grow }) => ({ at: (low + high) / 2, grow }));
}

function along(side, place) {
  return side.reduce((sum, cut) => (cut.at < place ? sum + cut.grow : sum), place);
}

// How large each sheet in sight becomes, from the innermost outwards.
function measure(sheet) {
  const open = sheet.nodes.filter(isOpen);
  for (const node of open) {
    const inner = measure(drawnSheet(node.opens));
    const name = (inner.name.length + 3) * LETTER + 2 * PAD;
    node.room = [Math.max(inner.full[0] + 2 * PAD, name), inner.full[1] + BAR + PAD];
  }
  sheet.across = cuts(open.map(({ rect, room }) => ({ low: rect.x, high: rect.x + rect.width, need: room[0] })));
  sheet.down = cuts(open.map(({ rect, room }) => ({ low: rect.y, high: rect.y + rect.height, need: room[1] })));
  const grown = [sheet.across, sheet.down].map((side) => side.reduce((sum, cut) => sum + cut.grow, 0));
  sheet.full = sheet.size.map((length, k) => length + grown[k]);
  return sheet;
}

function place(sheet) {
  for (const node of sheet.nodes) {
    const { x, y, width, height } = node.rect;
    const middle = [
      (along(sheet.across, x) + along(sheet.across, x + width)) / 2,
      (along(sheet.down, y) + along(sheet.down, y + height)) / 2,
    ];
    const open = isOpen(node);
    node.group.classList.toggle("open", open);
    node.change = null;
    if (node.opens !== undefined) node.group.setAttribute("tabindex", open ? "-1" : "0");
    if (open) {
      node.frame = { x: middle[0] - node.room[0] / 2, y: middle[1] - node.room[1] / 2 };
      placeFrame(sheet, node);
    } else {
      node.move = [middle[0] - x - width / 2, middle[1] - y - height / 2];
      shift(node.group, node.move);
      sheets[node.opens]?.frame?.remove();
    }
  }
  sheet.edges.forEach((edge) => placeEdge(sheet, edge));
}

function placeFrame(sheet, node) {
  const inner = sheets[node.opens];
  const [width, height] = node.room;
  shift(inner.frame, [node.frame.x, node.frame.y]);
  const [ground, bar] = inner.frame.children;
  Object.entries({ width, height }).forEach(([key, value]) => ground.setAttribute(key, value));
  bar.firstChild.setAttribute("width", width);
  bar.lastChild.setAttribute("x", width / 2);
  const aside = (width - inner.full[0]) / 2;
  shift(inner.holder, [aside + inner.move[0], BAR + inner.move[1]]);
  if (inner.frame.parentNode !== sheet.holder) sheet.holder.append(inner.frame);
  place(inner);
}

function shift(group, [right, down]) {
  if (right || down) group.setAttribute("transform", `translate(${right} ${down})`);
  else group.removeAttribute("transform");
}

// How far the point of an arrow that touches a box moves with it.
function carried(node, [x, y]) {
  if (!isOpen(node)) return node.move;
  const { rect, frame, room } = node;
  const part = (place, start, length) => Math.max(0, Math.min(1, (place - start) / length));
  return [
    frame.x + part(x, rect.x, rect.width) * room[0] - x,
    frame.y + part(y, rect.y, rect.height) * room[1] - y,
  ];
}

function placeEdge(sheet, edge) {
  const count = edge.points.length;
  const tip = edge.arrow ? pointsOf(edge.arrow.getAttribute("points"))[1] : edge.points[count - 1];
  const [start, end] = [carried(edge.tail, edge.points[0]), carried(edge.head, tip)];
  const moves = edge.points.map(([x, y], k) => {
    if (k < 2) return start;
    if (k >= count - 2) return end;
    return [along(sheet.across, x) - x, along(sheet.down, y) - y];
  });
  const placed = edge.points.map(([x, y], k) => `${x + moves[k][0]},${y + moves[k][1]}`);
  edge.path.setAttribute("d", `M${placed[0]}C${placed.slice(1).join(" ")}`);
  if (edge.arrow) shift(edge.arrow, end);
  if (edge.label) {
    const [x, y] = [edge.label.getAttribute("x"), edge.label.getAttribute("y")].map(Number);
    const far = edge.points.map((point) => Math.hypot(point[0] - x, point[1] - y));
    shift(edge.label, moves[far.indexOf(Math.min(...far))]);
  }
}

function arrange() {
  measure(whole);
  place(whole);
  Object.assign(all, { width: whole.full[0], height: whole.full[1] });
}

function toggleGroup(number, keepsFocus) {
  if (opened.has(number)) opened.delete(number);
  else opened.add(number);
  arrange();
  show();
  const bar = opened.has(number);
  const part = svg.querySelector(`${bar ? ".bar" : ".node.group"}[data-sheet="${number}"]`);
  if (keepsFocus) part.focus({ preventScroll: true });
  focusOn(bar ? sheets[number].frame : part);
  if (sheets[number].frame?.classList.contains("current")) followGraph();
  const { name, nodes } = sheets[number];
  put(byId("say"), bar ? `opened ${name}: ${nodes.length} boxes` : `closed ${name}`);
  remember();
}

// The folded group that hides the current value, or the innermost open one around it.
function openHere() {
  for (const sheet of inSight()) {
    const node = sheet.nodes.find((one) => one.opens !== undefined && !isOpen(one) && isCurrent(one));
    if (node) return toggleGroup(node.opens, false);
  }
  return undefined;
}

function closeHere() {
  const around = inSight().filter((sheet) => sheet.frame?.classList.contains("current"));
  if (around.length) toggleGroup(around[around.length - 1].number, false);
}

function isCurrent(node) {
  return stateAt(node.changes, state.at)[1].split(" ").includes("current");
}
