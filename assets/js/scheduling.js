// The booking line: n opens it, arrows and digits move between what it offers, Enter takes it, Esc closes it.
// All of it also works as plain links and buttons without this file.
import { startDrag } from "./drag.js";

const panel = () => document.getElementById("book-panel");
const line = () => document.getElementById("book");
const options = () => [...(panel()?.querySelectorAll("[data-option]") ?? [])].filter((each) => each.getClientRects().length);
let opener;
let waiting = null; // what was pressed before the answer to what is typed was there

const answered = () => document.getElementById("book-answer")?.dataset.line === line()?.value;

/** Enter in the line, or a digit: now if what is offered answers what stands in the line, else as soon as it does. */
function soon(take) {
  if (answered()) take();
  else waiting = take;
}

function focusLine() {
  const field = line() ?? panel()?.querySelector("form input:not([type=hidden])");
  if (!field) return;
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
}

function open(from) {
  opener = from;
  panel().hidden = false;
  focusLine();
}

function close() {
  panel().hidden = true;
  (opener ?? document.querySelector("[data-book-open]"))?.focus();
}

function move(step) {
  const all = options();
  if (!all.length) return;
  const now = all.indexOf(document.activeElement);
  if (now + step < 0) { focusLine(); return; }
  all[Math.min(all.length - 1, now + step)].focus();
}

function digit(event) {
  const booking = panel().querySelector("[data-openings]");
  const field = event.target;
  const inLine = field === line();
  if (!booking || !(inLine || field.matches?.("[data-option]"))) return false;
  if (inLine && /([+@\d/]|\bon )$/.test(field.value.slice(0, field.selectionStart))) return false; // "+1w", "on 12/15" are typed
  if (inLine && !answered()) { soon(() => options()[Number(event.key) - 1]?.focus()); return true; }
  const wanted = options()[Number(event.key) - 1];
  wanted?.focus();
  return Boolean(wanted);
}

/** Enter in a field beside the line never books the first opening: it presses the button of its own row, or goes to the openings. */
function enter(field) {
  const own = field.closest(".wr-filters, .wr-row")?.querySelector("button[type=submit]");
  if (own) own.click();
  else options()[0]?.focus();
}

function key(event) {
  if (!panel()?.contains(event.target) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  waiting = null;
  const inLine = event.target === line();
  const here = inLine || event.target.matches?.("[data-option]");
  let done = true;
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" && here) move(1);
  else if (event.key === "ArrowUp" && here) move(-1);
  else if (event.key === "Enter" && inLine) { if (!event.repeat) soon(() => options()[0]?.click()); } // a key held down books nothing
  else if (event.key === "Enter" && event.target.matches("#book-answer input")) enter(event.target);
  else if (/^[1-9]$/.test(event.key)) done = digit(event);
  else done = false;
  if (done) { event.preventDefault(); event.stopPropagation(); }
}

function pick(event) {
  if (!event.target.matches?.("[data-pick-column]")) return;
  document.getElementById(event.target.value)?.scrollIntoView({ inline: "start", block: "nearest" });
}

/** The day opens at the present hour. */
function toNow() {
  const grid = document.querySelector(".wr-grid");
  const now = grid?.querySelector(".wr-now:not(.wr-now--label)");
  if (now) grid.scrollTop = Math.max(0, now.offsetTop - grid.clientHeight / 3);
  // On a phone a day fills the width: the week opens at today's.
  const today = grid?.querySelector(".wr-grid__head:has([aria-current])");
  if (today) grid.scrollLeft = today.offsetLeft - grid.firstElementChild.offsetWidth;
}

function start() {
  toNow();
  startDrag();
  document.addEventListener("click", (event) => {
    const from = event.target.closest?.("[data-book-open]");
    if (!from || !panel() || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(from);
  });
  document.addEventListener("keydown", key, true);
  document.addEventListener("change", pick);
  document.addEventListener("pointerdown", () => { waiting = null; });
  document.addEventListener("input", (event) => { if (event.target === line()) waiting = null; });
  document.addEventListener("htmx:afterSettle", (event) => {
    const answer = event.target.id === "book-answer" || event.detail?.elt?.id === "book-answer";
    if (answer && waiting && answered()) { const take = waiting; waiting = null; take(); return; }
    if (event.target.id === "book-panel" || event.detail?.elt?.id === "book-panel") focusLine();
  });
  if (panel() && !panel().hidden && !panel().querySelector(".wr-problem")) focusLine();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
