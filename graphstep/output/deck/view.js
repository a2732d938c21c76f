const svg = document.querySelector("#graph > svg");
const all = { x: 0, y: 0, width: 0, height: 0 };
// The middle of what is in sight, in units of the drawing, and the pixels that a unit takes.
const view = { x: 0, y: 0, scale: 1, whole: true, waits: false };
const READABLE = 0.6;
const LARGE = 1.4;
const LARGEST = 6;
const EDGE = 8;

function pane() {
  const { width, height } = svg.getBoundingClientRect();
  return { width: Math.max(4 * EDGE, width), height: Math.max(4 * EDGE, height) };
}

function scaleFor({ width, height }) {
  const room = pane();
  return Math.min((room.width - 2 * EDGE) / width, (room.height - 2 * EDGE) / height, LARGEST);
}

function between(low, value, high) {
  return low > high ? (low + high) / 2 : Math.max(low, Math.min(value, high));
}

function draw() {
  const room = pane();
  const [width, height] = [room.width / view.scale, room.height / view.scale];
  const edge = EDGE / view.scale;
  view.x = between(all.x + width / 2 - edge, view.x, all.x + all.width - width / 2 + edge);
  view.y = between(all.y + height / 2 - edge, view.y, all.y + all.height - height / 2 + edge);
  svg.setAttribute("viewBox", `${view.x - width / 2} ${view.y - height / 2} ${width} ${height}`);
  view.whole = view.scale <= scaleFor(all) * 1.001;
  byId("graph").classList.toggle("zoomed", !view.whole);
}

// Make everything `factor` times as large, with one point of it kept in place.
function zoom(factor, x = view.x, y = view.y) {
  const scale = between(scaleFor(all), view.scale * factor, LARGEST);
  const ratio = view.scale / scale;
  Object.assign(view, { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, scale });
  draw();
}

function pan(right, down) {
  view.x += right;
  view.y += down;
  draw();
}

function fit() {
  Object.assign(view, { x: all.x + all.width / 2, y: all.y + all.height / 2, scale: scaleFor(all) });
  draw();
}

function pointAt({ clientX, clientY }) {
  return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
}

function placeOf(part) {
  const box = part.getBoundingClientRect();
  const start = pointAt({ clientX: box.left, clientY: box.top });
  const end = pointAt({ clientX: box.right, clientY: box.bottom });
  return { x: start.x, y: start.y, width: end.x - start.x, height: end.y - start.y };
}

// Bring a part into sight at a size that can be read; if it is too large, its upper end.
function focusOn(part) {
  const scale = scaleFor(all);
  if (scale >= READABLE) return fit();
  const { x, y, width, height } = placeOf(part);
  view.scale = between(READABLE, scaleFor({ width: width * 1.1, height: height * 1.1 }), LARGE);
  const room = pane().height / view.scale;
  Object.assign(view, { x: x + width / 2, y: Math.min(y + height / 2, y + room / 2 - EDGE) });
  return draw();
}

// Where only a part of the graph is in sight, the current value is always in it.
function followGraph() {
  const group = document.querySelector("#graph .node.current:not(.open, .port)");
  if (!group || view.whole) return;
  const inner = group.getBoundingClientRect();
  const outer = byId("graph").getBoundingClientRect();
  const inside = inner.left >= outer.left && inner.right <= outer.right
    && inner.top >= outer.top && inner.bottom <= outer.bottom;
  if (inside) return;
  const { x, y, width, height } = placeOf(group);
  pan(x + width / 2 - view.x, y + height / 2 - view.y);
}

// A graph too large to be read as a whole opens at a size that can be; in a notebook that is out
// of sight the pane gets its own size later.
function openGraph() {
  view.waits = svg.getBoundingClientRect().height < 4 * EDGE;
  fit();
  if (view.scale < READABLE) {
    Object.assign(view, { y: all.y, scale: READABLE });
    draw();
  }
}

const fingers = new Map();
const drag = { moved: false };

function apart() {
  const [a, b] = [...fingers.values()];
  return { far: Math.hypot(a.x - b.x, a.y - b.y), clientX: (a.x + b.x) / 2, clientY: (a.y + b.y) / 2 };
}

svg.addEventListener("pointerdown", (event) => {
  if (!fingers.size) drag.moved = false;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
svg.addEventListener("pointermove", (event) => {
  const finger = fingers.get(event.pointerId);
  if (!finger) return;
  const before = fingers.size === 2 ? apart() : null;
  const [right, down] = [finger.x - event.clientX, finger.y - event.clientY];
  if (!before && (view.whole || (!drag.moved && Math.hypot(right, down) < 5))) return;
  if (!drag.moved) svg.setPointerCapture(event.pointerId);
  drag.moved = true;
  Object.assign(finger, { x: event.clientX, y: event.clientY });
  if (before) {
    const now = apart();
    const { x, y } = pointAt(now);
    zoom(now.far / Math.max(1, before.far), x, y);
  } else {
    pan(right / view.scale, down / view.scale);
  }
});
for (const end of ["pointerup", "pointercancel"]) {
  svg.addEventListener(end, (event) => fingers.delete(event.pointerId));
}
svg.addEventListener("wheel", (event) => {
  const scrolls = document.documentElement.scrollHeight > innerHeight + 1;
  if (scrolls && !event.ctrlKey) return;
  event.preventDefault();
  const { x, y } = pointAt(event);
  zoom(Math.exp(-event.deltaY * 0.0015), x, y);
}, { passive: false });
svg.addEventListener("click", (event) => {
  if (drag.moved) return;
  const bar = event.target.closest?.(".bar, .node");
  if (!bar) return;
  if (bar.dataset.sheet) {
    toggleGroup(Number(bar.dataset.sheet), false);
    return;
  }
  const node = inSight().flatMap((sheet) => sheet.nodes).find((one) => one.group === bar);
  const value = node.value ?? node.gives;
  const half = steps[state.at].half;
  const there = steps.findLastIndex((step) => step.value === value && step.half === half);
  if (there >= 0) go(there);
});
byId("smaller").addEventListener("click", () => zoom(1 / 1.3));
byId("larger").addEventListener("click", () => zoom(1.3));
byId("fit").addEventListener("click", fit);
