function move(change) {
  return () => { pause(); change(); };
}

function toggleNotes() {
  byId("note-box").hidden = !byId("note-box").hidden;
  byId("notes").setAttribute("aria-pressed", String(!byId("note-box").hidden));
  show();
}

function toggleTheme() {
  const root = document.documentElement;
  const chosen = root.dataset.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

function toggleHelp() {
  if (byId("keys").open) byId("keys").close();
  else byId("keys").showModal();
}

function half(name) {
  const there = steps.findIndex((step) => step.half === name);
  if (there >= 0) go(there);
}

const actions = {
  ArrowRight: move(next),
  ArrowLeft: move(() => go(state.at - 1)),
  PageDown: move(next),
  PageUp: move(() => go(state.at - 1)),
  Home: move(() => go(0)),
  End: move(() => go(last)),
  " ": play,
  r: move(() => half("reverse")),
  f: move(() => half("forward")),
  p: togglePredict,
  n: toggleNotes,
  d: toggleTheme,
  "+": () => zoom(1.3),
  "=": () => zoom(1.3),
  "-": () => zoom(1 / 1.3),
  0: fit,
  o: openHere,
  c: closeHere,
  "?": toggleHelp,
};

const sideways = {
  ArrowRight: [0.15, 0], ArrowLeft: [-0.15, 0], ArrowDown: [0, 0.15], ArrowUp: [0, -0.15],
};

document.addEventListener("keydown", (event) => {
  if (!data || event.ctrlKey || event.altKey || event.metaKey) return;
  const target = event.target;
  const part = target.closest?.("[data-sheet]");
  if (part && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    toggleGroup(Number(part.dataset.sheet), true);
    return;
  }
  if (event.shiftKey && event.key in sideways && !target.closest("input")) {
    const [right, down] = sideways[event.key];
    event.preventDefault();
    pan(right * pane().width / view.scale, down * pane().height / view.scale);
    return;
  }
  if (target.id === "answer") {
    if (event.key === "Escape") target.blur();
    return;
  }
  // A button that has the focus is pressed by the space bar, as everywhere.
  if (event.key === " " && target.tagName === "BUTTON") return;
  if (byId("keys").open && event.key !== "?") return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

const pressed = {
  first: actions.Home,
  back: actions.ArrowLeft,
  play,
  next: actions.ArrowRight,
  end: actions.End,
  predict: togglePredict,
  notes: toggleNotes,
  theme: toggleTheme,
  help: toggleHelp,
};
for (const [id, action] of Object.entries(pressed)) byId(id).addEventListener("click", action);
byId("slider").addEventListener("input", move(() => go(Number(byId("slider").value))));
byId("trace").addEventListener("click", (event) => {
  const cell = event.target.closest("td[data-step]");
  if (cell) move(() => go(Number(cell.dataset.step)))();
});

const touch = { x: 0, y: 0, one: false };
document.addEventListener("touchstart", (event) => {
  const [finger] = event.touches;
  const zoomed = event.target.closest("#graph.zoomed, #slider, input");
  Object.assign(touch, { x: finger.clientX, y: finger.clientY, one: event.touches.length === 1 && !zoomed });
}, { passive: true });
document.addEventListener("touchend", (event) => {
  if (!touch.one) return;
  touch.one = false;
  const [finger] = event.changedTouches;
  const [right, down] = [finger.clientX - touch.x, finger.clientY - touch.y];
  if (Math.abs(right) < 50 || Math.abs(right) < 2 * Math.abs(down)) return;
  if (right < 0) actions.ArrowRight();
  else actions.ArrowLeft();
}, { passive: true });

addEventListener("hashchange", () => {
  if (!data) return;
  const [there, groups] = linked();
  if (groups && groups.join() !== [...opened].join()) {
    openOnly(groups);
    arrange();
    draw();
  }
  if (there !== null) go(there);
});
addEventListener("resize", () => {
  if (!data) return;
  if (view.waits) openGraph();
  else if (view.whole) fit();
  else draw();
  show();
});
if (document.documentElement.dataset.opened) {
  document.documentElement.dataset.theme = document.documentElement.dataset.opened;
}
read((found) => {
  data = found;
  steps = data.steps;
  last = steps.length - 1;
  prepareSteps();
  prepareSheets();
  const [there, groups] = linked();
  openOnly(groups ?? data.opened);
  arrange();
  openGraph();
  go(there ?? data.start);
});
