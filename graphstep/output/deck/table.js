// Of a long table only the rows around the current step are in the page.
const ROWS = 150;
let shownFrom = -1;

function cellsOf(root) {
  return [...root.querySelectorAll("td[data-step], td[data-from]")];
}

function rowOf(at) {
  const reverse = steps.findIndex((step) => step.half === "reverse");
  return reverse < 0 || at < reverse ? at : at - reverse;
}

function openRows(at) {
  if (!data.rows) return;
  const row = rowOf(at);
  if (shownFrom >= 0 && row >= shownFrom && row < shownFrom + ROWS) return;
  putRows(Math.floor(row / ROWS) * ROWS);
}

function putRows(from) {
  const count = data.rows.length;
  shownFrom = from;
  const end = Math.min(count, from + ROWS);
  const body = document.querySelector("#trace tbody");
  // These rows were written with every text in them escaped.
  body.innerHTML = data.rows.slice(from, end).join("");
  if (from > 0) body.prepend(moreRows(`↑ rows ${from - ROWS + 1} to ${from} of ${count}`, from - ROWS));
  if (end < count) body.append(moreRows(`↓ rows ${end + 1} to ${Math.min(count, end + ROWS)} of ${count}`, end));
  cells = cellsOf(body);
}

function moreRows(text, from) {
  const row = document.createElement("tr");
  const cell = document.createElement("td");
  const button = document.createElement("button");
  cell.colSpan = 2;
  cell.className = "more";
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", () => {
    putRows(from);
    markCells();
    byId("trace").scrollTop = 0;
  });
  cell.append(button);
  row.append(cell);
  return row;
}

function showTable() {
  openRows(state.at);
  markCells();
  reach(byId("trace"), document.querySelector("td.current"));
}

function markCells() {
  for (const cell of cells) {
    const own = cell.dataset.step !== undefined && Number(cell.dataset.step) === state.at;
    cell.classList.toggle("done", Number(cell.dataset.step ?? cell.dataset.from) <= state.at);
    cell.classList.toggle("current", own);
    cell.classList.toggle("asked", own && state.asked);
    if (own) cell.setAttribute("aria-current", "step");
    else cell.removeAttribute("aria-current");
  }
}
