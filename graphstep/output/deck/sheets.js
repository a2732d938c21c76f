// The sheets of the graph: the whole, and one for each group, drawn where it is first opened.
const SVG = "http://www.w3.org/2000/svg";
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
  const parts = new Map([...sheet.holder.querySelectorAll("[id]")].map((part) => [part.id, part]));
  for (const node of sheet.nodes) {
    sheet.bound.set(node.id, node);
    node.group = parts.get(node.id);
    node.texts = [...node.group.querySelectorAll("text.line")];
    node.marker = node.group.querySelector("text.marker");
    node.title = node.group.querySelector("title");
    node.rect = boundsOf(node.group.querySelector("path, polygon"));
    if (node.opens !== undefined) asButton(node);
  }
  for (const edge of sheet.edges) {
    edge.group = parts.get(edge.id);
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
