// On paper a deck has one step a page. A long one has the step at hand, and then a list of all.
const MOST_PAGES = 150;
const MOST_ROWS = 16;
const ROWS_AROUND = 5;

function printed() {
  const page = document.createElement("section");
  page.className = "page";
  const parts = ["header", "main", "footer"].map((name) => document.querySelector(name).cloneNode(true));
  page.append(...parts);
  page.querySelector("#graph > svg").setAttribute("viewBox", `0 0 ${all.width} ${all.height}`);
  const rows = [...page.querySelectorAll("#trace tbody tr")];
  const current = rows.findIndex((row) => row.querySelector("td.current"));
  if (rows.length > MOST_ROWS) {
    rows.forEach((row, k) => { row.hidden = Math.abs(k - current) > ROWS_AROUND; });
  }
  return page;
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
