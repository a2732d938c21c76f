// On paper a deck has one step a page. A long one has the step at hand, and then a list of all.
const MOST_PAGES = 150;
const MOST_LINES = 14;
const SIGNS_A_LINE = 32;
const MOST_OF_SOURCE = 8;
const SIGNS_OF_SOURCE = 56;

function printed() {
  const page = document.createElement("section");
  page.className = "page";
  const parts = ["header", "main", "footer"].map((name) => document.querySelector(name).cloneNode(true));
  page.append(...parts);
  page.querySelector("#graph > svg").setAttribute("viewBox", `0 0 ${all.width} ${all.height}`);
  keepNear(page.querySelectorAll("#trace tbody tr"), "td.current", MOST_LINES, SIGNS_A_LINE);
  keepNear(page.querySelectorAll("#source .line"), "mark", MOST_OF_SOURCE, SIGNS_OF_SOURCE);
  return page;
}

// A page has room for what is nearest to the current row, or to the code that is marked.
function keepNear(found, current, most, signs) {
  const parts = [...found];
  const here = Math.max(0, parts.findIndex((part) => part.querySelector(current)));
  const far = (k) => Math.abs(k - here);
  let room = most;
  for (const k of [...parts.keys()].sort((a, b) => far(a) - far(b))) {
    const lengths = [...(parts[k].cells ?? [parts[k]])].map((one) => one.textContent.length);
    room -= Math.max(1, ...lengths.map((length) => Math.ceil(length / signs)));
    if (room < 0 && k !== here) parts[k].hidden = true;
  }
}

function cell(row, name, ...parts) {
  const made = row.insertCell();
  made.className = name;
  made.append(...parts);
}

function listed() {
  const list = document.createElement("table");
  list.className = "listing";
  const head = list.createTHead().insertRow();
  for (const name of ["step", "what", "equation", "torch"]) {
    const made = document.createElement("th");
    made.scope = "col";
    made.textContent = name;
    head.append(made);
  }
  const body = list.createTBody();
  steps.forEach((step, at) => {
    const row = body.insertRow();
    cell(row, "number", String(at + 1));
    cell(row, "what", step.head);
    cell(row, "equation", ...equationOf(step, false));
    cell(row, step.ok ? "good" : "bad", step.check);
  });
  return list;
}

function layPages() {
  if (!data) return;
  if (state.asked) reveal();
  const at = state.at;
  const pages = document.createElement("div");
  pages.id = "pages";
  if (steps.length <= MOST_PAGES) {
    for (state.at = 0; state.at <= last; state.at += 1) {
      show();
      pages.append(printed());
    }
    state.at = at;
    show();
  } else {
    pages.append(printed(), listed());
  }
  document.body.append(pages);
  document.body.classList.add("paged");
}

function liftPages() {
  byId("pages")?.remove();
  document.body.classList.remove("paged");
}

addEventListener("beforeprint", layPages);
addEventListener("afterprint", liftPages);
