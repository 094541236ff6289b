// The flow board: clocks that run from the server's times, keys that act on the card in focus, and a poll that takes
// neither focus nor scrolling away. Without this file the board is a page of links and buttons.
const SINGLE = new Set(["n", "r", "w"]);
const board = () => document.getElementById("results");
const frame = () => board()?.querySelector("[data-tag]");
const cards = () => [...document.querySelectorAll("[data-card]:not([data-card=''])")];
const cardOf = (element) => element?.closest?.("[data-card]");
const nameOf = (card) => card?.querySelector("[data-row]");
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable=true]");
let ahead = 0; // milliseconds the server's clock is ahead of this one
let kept; // what had focus before the board was drawn anew
let pressed = false; // a pointer is down: a button must not go away beneath it

// Clocks ---------------------------------------------------------------------------------------------------------

const text = (seconds) => seconds < 0
  ? `in ${-Math.floor(seconds / 60)} min`
  : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function set(element, name, tone) {
  element.classList.toggle(`${name}--warn`, tone === "warn");
  element.classList.toggle(`${name}--bad`, tone === "bad");
}

function tick(card, now) {
  const { since, from, amber, red } = card.dataset;
  const spent = now - since;
  const over = (now - from) / 60;
  const tone = over >= red ? "bad" : over >= amber ? "warn" : "";
  card.querySelector("[data-clock]").textContent = text(spent);
  set(card, "wr-card", tone);
  set(card.querySelector("[data-clock]"), "wr-clock", tone);
  const gauge = card.querySelector("[data-gauge]");
  set(gauge, "wr-gauge", tone);
  gauge.firstElementChild.style.setProperty("--pct", Math.max(0, Math.min(100, (100 * spent) / (from - since + red * 60))));
  const word = card.querySelector("[data-word]");
  set(word, "wr-status", tone);
  word.hidden = !tone;
  word.textContent = tone ? card.dataset[tone] : "";
  const here = card.querySelector("[data-here]");
  if (here) here.textContent = `${Math.max(0, Math.floor((now - here.dataset.here) / 60))} min here`;
}

function run() {
  const now = (Date.now() + ahead) / 1000;
  document.querySelectorAll("[data-card]").forEach((card) => tick(card, now));
  document.querySelectorAll("[data-minutes]").forEach((each) => { each.textContent = `${Math.max(0, Math.floor((now - each.dataset.since) / 60))} min`; });
}

function synchronize() {
  if (frame()) ahead = Number(frame().dataset.now) - Date.now();
  run();
}

// Keys -----------------------------------------------------------------------------------------------------------

function step(card, way) {
  const lanes = [...document.querySelectorAll("[data-lane]")];
  const lane = card.closest("[data-lane]");
  const within = [...lane.querySelectorAll("[data-row]")];
  const place = within.indexOf(nameOf(card));
  if (way === "ArrowDown") return within[place + 1];
  if (way === "ArrowUp") return within[place - 1];
  const rest = way === "ArrowRight" ? lanes.slice(lanes.indexOf(lane) + 1) : lanes.slice(0, lanes.indexOf(lane)).reverse();
  const full = rest.find((each) => each.querySelector("[data-row]"));
  const there = [...(full?.querySelectorAll("[data-row]") ?? [])];
  return there[Math.min(place, there.length - 1)];
}

function key(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  const card = cardOf(document.activeElement);
  let done = false;
  if (card && event.key.startsWith("Arrow")) {
    const next = step(card, event.key);
    next?.focus();
    done = Boolean(next);
  } else if (card && SINGLE.has(event.key) && document.body.dataset.singleKeys !== "off") {
    const button = card.querySelector(`[data-flow-key="${event.key}"]`);
    button?.click();
    done = Boolean(button);
  }
  if (done) { event.preventDefault(); event.stopPropagation(); }
}

// The board is drawn anew ----------------------------------------------------------------------------------------

function keep() {
  const active = document.activeElement;
  const card = cardOf(active);
  kept = {
    card: card?.dataset.card,
    key: active?.dataset?.flowKey,
    place: card ? cards().indexOf(card) : -1,
    lanes: [...document.querySelectorAll(".wr-lane__body")].map((each) => [each.closest("[data-lane]").dataset.lane, each.scrollTop]),
    left: document.querySelector(".wr-board--flow")?.scrollLeft ?? 0,
  };
}

function giveBack() {
  synchronize();
  if (!kept) return;
  for (const [lane, top] of kept.lanes) {
    const body = document.querySelector(`[data-lane="${lane}"] .wr-lane__body`);
    if (body) body.scrollTop = top;
  }
  const whole = document.querySelector(".wr-board--flow");
  if (whole) whole.scrollLeft = kept.left;
  if (kept.card !== undefined && !document.querySelector("dialog:modal")) {
    const card = document.querySelector(`[data-card="${kept.card}"]`) ?? cards()[Math.min(kept.place, cards().length - 1)];
    const same = card?.dataset.card === kept.card && kept.key && card.querySelector(`[data-flow-key="${kept.key}"]`);
    (same || nameOf(card))?.focus({ preventScroll: Boolean(same) });
  }
  kept = undefined;
}

const again = () => document.querySelector("[data-flow-poll]")?.dispatchEvent(new Event("flow:again"));

function alive(is) {
  const pill = document.querySelector("[data-live]");
  if (!pill) return;
  pill.hidden = false;
  pill.classList.toggle("wr-status--ok", is);
  pill.classList.toggle("wr-status--bad", !is);
  const words = is ? "Live" : "No connection, the board may be old";
  if (pill.textContent !== words) pill.textContent = words;
}

function tell(words) {
  const place = document.querySelector("[data-flow-said]");
  place.hidden = !words;
  place.textContent = words;
}

const polls = (event) => event.target.matches?.("[data-flow-poll]") || event.detail?.elt?.matches?.("[data-flow-poll]");

function ask(event) {
  if (!polls(event)) return;
  const tag = frame()?.dataset.tag;
  if (tag) event.detail.headers["If-None-Match"] = `"${tag}"`;
}

function judge(event) {
  const { xhr, requestConfig } = event.detail;
  if (requestConfig?.elt?.matches?.("[data-flow-poll]")) {
    alive(xhr.status < 400);
    if (xhr.status === 304 || pressed || xhr.status >= 400) event.detail.shouldSwap = false;
    else keep();
  }
  // What a card's own button is refused with is said here, in the service's words, and the board shows why.
  if (cardOf(event.target) && [409, 422].includes(xhr.status)) Object.assign(event.detail, { shouldSwap: false, isError: false });
}

function done(event) {
  tell("");
  document.dispatchEvent(new CustomEvent("wr:say", { detail: event.detail.say }));
  event.target.closest?.("dialog")?.close(); // chosen in the panel; what a card did leaves an open panel alone
  again();
}

function refused(event) {
  tell(event.detail.say);
  again();
}

function start() {
  synchronize();
  alive(true);
  const at = new URL(location.href).searchParams.get("at"); // who was just at the desk
  if (at) nameOf(document.querySelector(`[data-card="${CSS.escape(at)}"]`))?.focus();
  setInterval(run, 1000);
  document.addEventListener("keydown", key, true);
  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => { pressed = false; }));
  document.addEventListener("htmx:configRequest", ask);
  document.addEventListener("htmx:beforeSwap", judge);
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "results") giveBack(); });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(lost, (event) => { if (polls(event)) alive(false); });
  document.addEventListener("htmx:beforeRequest", (event) => { if (polls(event) && document.hidden) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  document.addEventListener("flow:done", done);
  document.addEventListener("flow:refused", refused);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
