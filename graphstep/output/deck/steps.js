let cells = [];
let lines;

function prepareSteps() {
  cells = cellsOf(document);
  lines = new Map([...document.querySelectorAll("#source .line")].map((line) => {
    const code = line.querySelector("code");
    return [line.id, { code, text: Array.from(code.textContent) }];
  }));
}

function asking(text) {
  const equals = text.indexOf(" = ");
  return equals < 0 ? text : text.slice(0, equals + 3) + "?";
}

function showGraph(step) {
  for (const sheet of inSight()) {
    for (const node of sheet.nodes) {
      if (isOpen(node)) sheets[node.opens].frame.classList.toggle("current", isCurrent(node));
      else showNode(node, step);
    }
    for (const edge of sheet.edges) showEdge(edge, step);
  }
}

function showNode(node, step) {
  const change = stateAt(node.changes, state.at);
  const hides = state.asked && node.gives === step.value;
  if (node.change === change && !hides && !node.hides) return;
  Object.assign(node, { change, hides });
  const [, classes, ...lines] = change;
  const place = step.half === "forward" ? 0 : 1;
  if (hides && lines[place]) lines[place] = asking(lines[place]);
  const shown = [...node.head, ...lines];
  node.group.setAttribute("class", node.base + " " + classes);
  node.texts.forEach((element, k) => put(element, shown[k]));
  put(node.title, shown.join(", "));
  const marks = Object.entries(data.markers).filter(([mark]) => classes.split(" ").includes(mark));
  put(node.marker, marks.map(([, sign]) => sign).join(""));
}

// A local partial that is still to come would answer what the reader is to predict.
function showEdge(edge, step) {
  const [, classes] = stateAt(edge.changes, state.at);
  const come = classes === "used" || (classes === "current" && step.half === "reverse" && !state.asked);
  const says = edge.partial && state.predict && !come ? " ? " : edge.says;
  if (edge.classes === classes && edge.said === says) return;
  Object.assign(edge, { classes, said: says });
  edge.group.setAttribute("class", `edge ${classes}`);
  put(edge.label, says);
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
  if (!part) return;
  const outer = box.getBoundingClientRect();
  const inner = part.getBoundingClientRect();
  const head = box.querySelector("th")?.offsetHeight ?? 0;
  const [above, below] = [outer.top + head + 8 - inner.top, inner.bottom + 8 - outer.bottom];
  if (above > 0) box.scrollTop -= above;
  else if (below > 0) box.scrollTop += below;
  const right = inner.right + 8 - outer.right;
  if (right > 0) box.scrollLeft += Math.min(right, inner.left - outer.left - 8);
  else if (inner.left < outer.left) box.scrollLeft = 0;
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

function equationOf(step, asked) {
  const parts = [maths(step.left)];
  step.lines.forEach((markup, k) => {
    const result = k === step.lines.length - 1;
    const shown = result && asked ? span("asked", "?") : maths(markup);
    if (result && !asked) shown.className = "result";
    parts.push(span("is", "="), shown);
  });
  return parts;
}

function showFormula(step) {
  byId("equation").replaceChildren(...equationOf(step, state.asked));
  put(byId("head"), step.head);
  byId("check").className = step.ok ? "good" : "bad";
  put(byId("check"), state.asked ? "" : step.check);
  fitFormula();
}

// A long equation is set smaller, down to a size that is still read from the back row; one longer
// than that takes two lines.
function fitFormula() {
  const box = byId("equation");
  box.style.fontSize = "";
  box.classList.remove("wraps");
  const ratio = box.clientWidth / box.scrollWidth;
  box.classList.toggle("wraps", ratio < 0.55);
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
