// A group that is opened becomes a frame around its own drawing, in the place of its box. What
// is beside it moves apart, as far as needed and never across: no line gets new crossings.
const BAR = 26;
const PAD = 10;
const LETTER = 8.5;

function pointsOf(text) {
  const numbers = text.match(/-?[\d.]+/g).map(Number);
  return Array.from({ length: numbers.length / 2 }, (_, k) => [numbers[2 * k], numbers[2 * k + 1]]);
}

// The corners of a box are among its points: to have it measured, the page would be laid out anew.
function boundsOf(shape) {
  const points = pointsOf(shape.getAttribute("d") ?? shape.getAttribute("points"));
  const [x, y] = [0, 1].map((k) => Math.min(...points.map((point) => point[k])));
  const [right, low] = [0, 1].map((k) => Math.max(...points.map((point) => point[k])));
  return { x, y, width: right - x, height: low - y };
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
