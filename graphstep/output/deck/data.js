const byId = (id) => document.getElementById(id);
const state = { at: 0, predict: false, asked: false, answered: new Set(), timer: 0 };
let data;
let steps;
let last;

function read(then) {
  const holder = byId("deck-data");
  if (holder.type === "application/json") then(JSON.parse(holder.textContent));
  else unpacked(holder.textContent).then((text) => then(JSON.parse(text)));
}

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

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
