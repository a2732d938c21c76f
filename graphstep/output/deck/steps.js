const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("deck-data").textContent);
const steps = data.steps;
const last = steps.length - 1;
const cells = [...document.querySelectorAll("td[data-step], td[data-from]")];
const lines = new Map([...document.querySelectorAll("#source .line")].map((line) => {
  const code = line.querySelector("code");
  return [line.id, { code, text: Array.from(code.textContent) }];
}));
for (const node of data.nodes) {
  node.group = byId(node.id);
  node.texts = [...node.group.querySelectorAll("text.line")];
  node.marker = node.group.querySelector("text.marker");
  node.title = node.group.querySelector("title");
}
for (const edge of data.edges) edge.group = byId(edge.id);

const state = { at: 0, predict: false, asked: false, answered: new Set(), timer: 0 };

// The last of the changes that come at or before a step.
function stateAt(changes, at) {
  let low = 0;
  let high = changes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (changes[middle][0] <= at) low = middle;
    else high = middle - 1;
  }
  return changes[low];
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function asking(text) {
  const equals = text.indexOf(" = ");
  return equals < 0 ? text : text.slice(0, equals + 3) + "?";
}

function showGraph(step) {
  for (const node of data.nodes) {
    const [, classes, value, adjoint] = stateAt(node.changes, state.at);
    const hides = state.asked && node.value === step.value;
    const valueText = hides && step.half === "forward" ? asking(value) : value;
    const adjointText = hides && step.half === "reverse" ? asking(adjoint) : adjoint;
    const shown = [node.head, valueText, adjointText];
    const name = node.base + " " + classes;
    if (node.group.getAttribute("class") !== name) node.group.setAttribute("class", name);
    node.texts.forEach((element, k) => put(element, shown[k]));
    put(node.title, shown.join(", "));
    const marks = Object.entries(data.markers).filter(([mark]) => classes.split(" ").includes(mark));
    put(node.marker, marks.map(([, sign]) => sign).join(""));
  }
  for (const edge of data.edges) {
    const name = "edge " + stateAt(edge.changes, state.at)[1];
    if (edge.group.getAttribute("class") !== name) edge.group.setAttribute("class", name);
  }
}

function showTable() {
  for (const cell of cells) {
    const own = cell.dataset.step !== undefined && Number(cell.dataset.step) === state.at;
    cell.classList.toggle("done", Number(cell.dataset.step ?? cell.dataset.from) <= state.at);
    cell.classList.toggle("current", own);
    cell.classList.toggle("asked", own && state.asked);
    if (own) cell.setAttribute("aria-current", "step");
    else cell.removeAttribute("aria-current");
  }
  reach(byId("trace"), document.querySelector("td.current"));
}

function showSource(step) {
  for (const line of lines.values()) {
    if (line.lit) line.code.textContent = line.text.join("");
    line.lit = false;
  }
  for (const [id, start, end] of step.source) {
    const line = lines.get(id);
    if (!line) continue;
    const mark = document.createElement("mark");
    mark.textContent = line.text.slice(start, end).join("");
    line.code.replaceChildren(line.text.slice(0, start).join(""), mark, line.text.slice(end).join(""));
    line.lit = true;
  }
  reach(byId("source"), document.querySelector("#source mark"));
}

// Bring a part of a scrolling box into sight, and leave the page where it is.
function reach(box, part) {
  if (!part || box.scrollHeight <= box.clientHeight) return;
  const outer = box.getBoundingClientRect();
  const inner = part.getBoundingClientRect();
  const head = box.querySelector("th")?.offsetHeight ?? 0;
  const [above, below] = [outer.top + head + 8 - inner.top, inner.bottom + 8 - outer.bottom];
  if (above > 0) box.scrollTop -= above;
  else if (below > 0) box.scrollTop += below;
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

// The markup is MathML that was written with every text in it escaped.
function maths(markup) {
  const holder = document.createElement("span");
  holder.innerHTML = "<math>" + markup + "</math>";
  return holder;
}

function showFormula(step) {
  const box = byId("equation");
  box.replaceChildren(maths(step.left));
  step.lines.forEach((markup, k) => {
    const result = k === step.lines.length - 1;
    box.append(span("is", "="));
    const shown = result && state.asked ? span("asked", "?") : maths(markup);
    if (result && !state.asked) shown.className = "result";
    box.append(shown);
  });
  put(byId("head"), step.head);
  byId("check").className = step.ok ? "good" : "bad";
  put(byId("check"), state.asked ? "" : step.check);
  fitFormula();
}

// A long equation is set smaller, down to a size that is still read from the back row.
function fitFormula() {
  const box = byId("equation");
  box.style.fontSize = "";
  const ratio = box.clientWidth / box.scrollWidth;
  if (ratio < 1) box.style.fontSize = Math.max(0.55, ratio * 0.98) * parseFloat(getComputedStyle(box).fontSize) + "px";
}

function words(step) {
  const known = state.asked ? [...step.texts.slice(0, -1), "?"] : step.texts;
  const check = state.asked ? "" : step.check;
  const said = `Step ${state.at + 1} of ${steps.length}. ${step.head}. ${[step.leftText, ...known].join(" = ")}`;
  return check ? said + ". " + check : said;
}

function show() {
  const step = steps[state.at];
  showGraph(step);
  showTable();
  showSource(step);
  showFormula(step);
  showAsk();
  put(byId("half"), step.half);
  put(byId("number"), String(state.at + 1));
  put(byId("note"), step.note);
  const said = words(step);
  put(byId("say"), said);
  put(byId("drawing-desc"), said);
  byId("slider").value = state.at;
  byId("slider").setAttribute("aria-valuetext", `step ${state.at + 1} of ${steps.length}`);
  byId("first").disabled = byId("back").disabled = state.at === 0;
  byId("end").disabled = state.at === last;
  byId("next").disabled = state.at === last && !state.asked;
  followGraph();
}
