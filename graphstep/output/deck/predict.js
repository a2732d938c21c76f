function go(at) {
  const there = Math.max(0, Math.min(at, last));
  const onwards = there === state.at + 1;
  state.at = there;
  state.asked = state.predict && onwards && !state.answered.has(there);
  show();
  remember();
}

// In predict mode the result of a step comes before the next step.
function next() {
  if (state.asked) reveal();
  else if (state.at < last) go(state.at + 1);
}

function reveal() {
  state.answered.add(state.at);
  state.asked = false;
  show();
}

function togglePredict() {
  state.predict = !state.predict;
  byId("predict").setAttribute("aria-pressed", String(state.predict));
  if (!state.predict && state.asked) reveal();
  else show();
}

function showAsk() {
  if (byId("ask").hidden === state.asked) {
    byId("answer").value = "";
    put(byId("judged"), "");
  }
  byId("ask").hidden = !state.asked;
}

function plain(text) {
  return text.replace(/\s/g, "").replace(/−/g, "-").toLowerCase();
}

// A number is right within one in a hundred: nobody predicts the fourth decimal in a lecture.
function isRight(answer, result) {
  const [given, wanted] = [plain(answer), plain(result)];
  if (given === wanted) return true;
  const [a, b] = [Number(given.replace(",", ".")), Number(wanted)];
  return given !== "" && Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= 0.01 * Math.abs(b);
}

function judge() {
  const answer = byId("answer").value;
  if (!answer.trim()) return reveal();
  const texts = steps[state.at].texts;
  if (!isRight(answer, texts[texts.length - 1])) {
    put(byId("judged"), `✗ not ${answer.trim()}: try again, or let it be shown`);
    return undefined;
  }
  byId("answer").blur();
  reveal();
  put(byId("check"), ["✓ right", steps[state.at].check].filter(Boolean).join(" · "));
  return undefined;
}

function pause() {
  clearInterval(state.timer);
  state.timer = 0;
  byId("play").setAttribute("aria-pressed", "false");
  byId("play").setAttribute("aria-label", "play");
  put(byId("play"), "▶\ufe0e");
}

function play() {
  if (state.timer) return pause();
  if (state.at === last) go(0);
  byId("play").setAttribute("aria-pressed", "true");
  byId("play").setAttribute("aria-label", "pause");
  put(byId("play"), "❚❚");
  state.timer = setInterval(() => {
    next();
    if (state.at === last && !state.asked) pause();
  }, 1200);
  return undefined;
}

// A page inside a notebook has no address of its own.
function remember() {
  if (location.protocol === "about:") return;
  const open = [...opened];
  const groups = open.join() === data.opened.join() ? "" : `&open=${open.join(".")}`;
  history.replaceState(null, "", `#step=${state.at + 1}${groups}`);
}

// The step that the address names, and the groups that it says are open, or null where it is mute.
function linked() {
  const found = /^#step=(\d{1,9})(?:&open=([\d.]{0,999}))?$/.exec(location.hash);
  if (!found) return [null, null];
  const groups = found[2]?.split(".").filter(Boolean).map(Number);
  return [Number(found[1]) - 1, groups ?? null];
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  judge();
});
byId("reveal").addEventListener("click", reveal);
