// Visits on the grid are moved by mouse or by Shift and the arrows, and kept or put back by a bar beneath. The server
// decides: the bar is a plain form to the visit's own Move page, which says what stands in the way. Every visit's panel
// has a Move button for whoever uses neither.

const STEP = 5; // minutes of one step of the grid (wr-at-N)
const NEAR = 5; // pixels a press may shake before it is a drag
const grid = () => document.querySelector("[data-grid]");
const bar = () => document.querySelector("[data-drop]");
const columns = () => [...grid().querySelectorAll("[data-column]")];
let lifted = null; // { card, column, at, home: { column, at } }
let pressed = null; // { card, x, y, grab }
let swallow = false; // the click that ends a drag opens no panel

function words(at) {
  const minutes = Number(grid().dataset.first) * 60 + at * STEP;
  const hour = Math.floor(minutes / 60);
  return `${hour % 12 || 12}:${String(minutes % 60).padStart(2, "0")} ${hour < 12 ? "AM" : "PM"}`;
}

function put(card, column, at) {
  card.className = card.className.replace(/\bwr-at-\d+\b/, `wr-at-${at}`);
  if (card.parentElement !== column) {
    const focused = card === document.activeElement;
    column.append(card);
    if (focused) card.focus({ preventScroll: true });
  }
}

function lift(card) {
  if (lifted?.card === card) return;
  putBack();
  const home = { column: card.parentElement, at: Number(card.dataset.at), next: card.nextSibling };
  lifted = { card, column: home.column, at: home.at, home };
  card.classList.add("wr-appt--lifted");
}

function moveTo(column, at) {
  const last = Number(grid().dataset.hours) * 12 - Number(lifted.card.dataset.for);
  lifted.column = column;
  lifted.at = Math.max(0, Math.min(last, at));
  put(lifted.card, column, lifted.at);
}

function ask() {
  const { card, column, at } = lifted;
  const form = bar();
  const said = `${card.dataset.name} to ${column.getAttribute("aria-label")}, ${words(at)}`;
  form.querySelector("[data-drop-said]").textContent = `${said}?`;
  form.action = card.dataset.move;
  form.elements.version.value = card.dataset.version;
  form.elements.other_day.value = column.dataset.day;
  form.elements.other_time.value = words(at);
  form.elements.other_provider.value = column.dataset.resource;
  form.hidden = false;
  document.dispatchEvent(new CustomEvent("wr:say", { detail: said }));
}

function putBack() {
  if (!lifted) return;
  const { card, home } = lifted;
  const focused = card === document.activeElement || bar().contains(document.activeElement);
  lifted = null;
  put(card, home.column, home.at);
  home.column.insertBefore(card, home.next?.parentElement === home.column ? home.next : null);
  card.classList.remove("wr-appt--lifted");
  bar().hidden = true;
  if (focused) card.focus({ preventScroll: true });
}

/** The column and step under the pointer, the card held where it was taken. */
function under(event) {
  const all = columns();
  const column = all.find((each) => event.clientX < each.getBoundingClientRect().right) ?? all.at(-1);
  const box = column.getBoundingClientRect();
  const steps = Number(grid().dataset.hours) * 12;
  return { column, at: Math.round(((event.clientY - pressed.grab - box.top) / box.height) * steps) };
}

function press(event) {
  const card = event.target.closest?.("[data-move]");
  if (!card || event.button || event.pointerType === "touch" || event.shiftKey || event.ctrlKey || event.metaKey) return;
  pressed = { card, x: event.clientX, y: event.clientY, grab: event.clientY - card.getBoundingClientRect().top };
}

function drag(event) {
  if (!pressed) return;
  if (lifted?.card !== pressed.card && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < NEAR) return;
  lift(pressed.card);
  pressed.moving = true;
  const { column, at } = under(event);
  moveTo(column, at);
}

function release() {
  if (pressed?.moving) {
    swallow = true;
    setTimeout(() => { swallow = false; });
    ask();
    bar().querySelector("[type=submit]").focus({ preventScroll: true });
  }
  pressed = null;
}

function arrow(event) {
  const card = event.target.closest("[data-move]");
  const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!card || !way || !event.shiftKey) return false;
  lift(card);
  const all = columns();
  const beside = all[all.indexOf(lifted.column) + way[0]] ?? lifted.column;
  moveTo(beside, lifted.at + way[1]);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  ask();
  return true;
}

function key(event) {
  if (!lifted && !event.target.closest?.("[data-move]")) return;
  let done = true;
  if (event.key === "Escape" && lifted) { pressed = null; putBack(); }
  else if (event.key === "Enter" && lifted?.card === event.target) bar().requestSubmit();
  else done = arrow(event);
  if (done) { event.preventDefault(); event.stopPropagation(); }
}

export function startDrag() {
  if (!grid() || !bar()) return;
  grid().addEventListener("pointerdown", press);
  grid().addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", () => { pressed = null; putBack(); });
  document.addEventListener("keydown", key, true);
  document.addEventListener("click", (event) => {
    if (swallow) { event.preventDefault(); event.stopPropagation(); }
    else if (event.target.closest?.("[data-drop-back]")) putBack();
  }, true);
}
