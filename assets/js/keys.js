// One keyboard map for every page. Single letters are off inside fields, and as a whole with
// data-single-keys="off" on <body> (WCAG 2.1.4).
import { openDialog } from "./dialogs.js";
import { openPalette } from "./palette.js";

const GO_MS = 1500;
let going = 0;

const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable=true]");
const press = (key) => {
  const within = document.querySelector("dialog:modal") ?? document;
  const button = [...within.querySelectorAll(`[data-key="${key}"]`)].find((element) => element.getClientRects().length);
  button?.click();
  return Boolean(button);
};
const rowLinks = () => [...document.querySelectorAll("[data-rows] [data-row], .wr-table tbody th[scope=row] a:not(.wr-peek)")].filter((link) => link.getClientRects().length);

function move(step) {
  const links = rowLinks();
  if (!links.length) return false;
  const row = document.activeElement?.closest?.("tr, [data-row]");
  const now = links.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
  links[Math.max(0, Math.min(links.length - 1, now + step))].focus();
  return true;
}

function lookAtRow() {
  const link = document.activeElement?.matches?.("tbody th a") && document.activeElement.closest("tr").querySelector("a[data-panel]");
  if (link) link.click();
  return Boolean(link);
}

function toggleRow() {
  const box = document.activeElement?.closest?.("tr")?.querySelector("input[data-select]");
  box?.click();
  return Boolean(box);
}

/** A key of the bulk bar acts on the row in focus when no row is selected. */
function pressBulk(key) {
  const button = document.activeElement?.closest?.("[data-list]")?.querySelector(`[data-bulk] [data-key="${key}"]`);
  if (!button || !toggleRow()) return false;
  button.click();
  return true;
}

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

function search() {
  const field = [...document.querySelectorAll("[data-search]")].find((element) => element.getClientRects().length);
  if (field) { field.focus(); field.select?.(); } else openPalette();
  return true;
}

function pair(tag, element) {
  const made = document.createElement(tag);
  made.append(element);
  return made;
}

/** What single letters do on this very page: each element with data-key says it in its own words. */
function ownKeys(place) {
  place.textContent = "";
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const { key } = element.dataset;
    if (!element.getClientRects().length || seen.has(key)) continue;
    seen.add(key);
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd").forEach((each) => each.remove());
    const cap = document.createElement("kbd");
    cap.textContent = key;
    place.append(pair("dt", cap), pair("dd", copy.textContent.trim() || element.getAttribute("aria-label")));
  }
  place.parentElement.hidden = !seen.size;
}

function help() {
  const dialog = document.getElementById("help");
  const place = dialog?.querySelector("[data-page-keys]");
  if (place) ownKeys(place);
  if (dialog) openDialog(dialog);
  return Boolean(dialog);
}

function single(key) {
  if (going && Date.now() - going < GO_MS) { going = 0; return go(key); }
  going = 0;
  switch (key) {
    case "g": going = Date.now(); return true;
    case "/": return search();
    case "?": return help();
    case "j": return move(1);
    case "k": return move(-1);
    case "x": return toggleRow();
    case " ": return lookAtRow();
    default: return /^[a-z0-9]$/.test(key) && (press(key) || pressBulk(key));
  }
}

function save(target) {
  const form = target.closest?.("form") ?? document.querySelector("main form[method=post]");
  form?.requestSubmit(form.querySelector("button[type=submit].btn-primary, button.btn-primary:not([type=button])"));
  return Boolean(form);
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = event.metaKey || event.ctrlKey;
    if (command && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if (command && event.key === "Enter") { if (save(event.target)) event.preventDefault(); return; }
    if (command || event.altKey || typing(event.target)) return;
    const over = document.querySelector("dialog:modal");
    if (document.body.dataset.singleKeys === "off" || (over && over.id !== "panel")) return;
    // In the side panel the letters are those of its own buttons: the list beneath is out of reach.
    if (over ? /^[a-z0-9]$/.test(event.key) && press(event.key) : single(event.key)) event.preventDefault();
  });
}
