const svg = document.querySelector("#graph > svg");
const whole = svg.viewBox.baseVal;
const all = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
const view = { ...all };
const READABLE = 0.6;

function draw() {
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  byId("graph").classList.toggle("zoomed", view.width < all.width * 0.999);
}

function between(low, value, high) {
  return low > high ? (low + high) / 2 : Math.max(low, Math.min(value, high));
}

// Make a part of `factor` times the present size fill the pane, with a point of it kept in place.
function zoom(factor, x = view.x + view.width / 2, y = view.y + view.height / 2) {
  const width = between(all.width / 40, view.width * factor, all.width);
  const ratio = width / view.width;
  Object.assign(view, { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, width, height: view.height * ratio });
  pan(0, 0);
}

function pan(right, down) {
  view.x = between(all.x, view.x + right, all.x + all.width - view.width);
  view.y = between(all.y, view.y + down, all.y + all.height - view.height);
  draw();
}

function fit() {
  Object.assign(view, all);
  draw();
}

function pointAt(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svg.getScreenCTM().inverse());
}

// Where only a part of the graph is in sight, the current value is always in it.
function followGraph() {
  const group = document.querySelector("#graph .node.current");
  if (!group || view.width >= all.width * 0.999) return;
  const inner = group.getBoundingClientRect();
  const outer = byId("graph").getBoundingClientRect();
  const inside = inner.left >= outer.left && inner.right <= outer.right
    && inner.top >= outer.top && inner.bottom <= outer.bottom;
  if (inside) return;
  const middle = pointAt({ clientX: inner.left + inner.width / 2, clientY: inner.top + inner.height / 2 });
  pan(middle.x - view.x - view.width / 2, middle.y - view.y - view.height / 2);
}

// A graph too large to be read as a whole opens at a size that can be.
function openGraph() {
  const box = svg.getBoundingClientRect();
  const scale = Math.min(box.width / all.width, box.height / all.height);
  if (scale > 0 && scale < READABLE) zoom(scale / READABLE, all.x + all.width / 2, all.y);
}

const drag = { pointer: null, moved: false };
svg.addEventListener("pointerdown", (event) => {
  Object.assign(drag, { pointer: event.pointerId, moved: false, x: event.clientX, y: event.clientY });
});
svg.addEventListener("pointermove", (event) => {
  if (drag.pointer !== event.pointerId || !byId("graph").classList.contains("zoomed")) return;
  const scale = svg.getScreenCTM().a;
  const [right, down] = [drag.x - event.clientX, drag.y - event.clientY];
  if (!drag.moved && Math.hypot(right, down) < 5) return;
  if (!drag.moved) svg.setPointerCapture(event.pointerId);
  Object.assign(drag, { moved: true, x: event.clientX, y: event.clientY });
  pan(right / scale, down / scale);
});
for (const end of ["pointerup", "pointercancel"]) {
  svg.addEventListener(end, () => { drag.pointer = null; });
}
svg.addEventListener("wheel", (event) => {
  const scrolls = document.documentElement.scrollHeight > innerHeight + 1;
  if (scrolls && !event.ctrlKey) return;
  event.preventDefault();
  const { x, y } = pointAt(event);
  zoom(Math.exp(event.deltaY * 0.0015), x, y);
}, { passive: false });
svg.addEventListener("click", (event) => {
  const group = event.target.closest?.(".node");
  const node = group && data.nodes.find((one) => one.id === group.id);
  if (!node || drag.moved) return;
  const half = steps[state.at].half;
  const there = steps.findLastIndex((step) => step.value === node.value && step.half === half);
  if (there >= 0) go(there);
});
byId("smaller").addEventListener("click", () => zoom(1.3));
byId("larger").addEventListener("click", () => zoom(1 / 1.3));
byId("fit").addEventListener("click", fit);
