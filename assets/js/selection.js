// Selecting rows of a list: the toolbar gives way to the bulk bar.
//   [data-list]                     around everything, survives swaps of the table inside
//   input[data-select]              one per row; input[data-select-all] in the head
//   [data-bulk] (hidden)            the bar; [data-toolbar] the part it replaces
//   [data-bulk-count]               gets "3 selected"; [data-select-none] clears
//   [data-select-matching]          offered when all rows of the page are chosen and form#bulk has data-more:
//                                   the form then says `all` in place of the rows
import { say } from "./live.js";

const rows = (list) => [...list.querySelectorAll("input[data-select]")];
const form = (list) => list.querySelector("form#bulk");
const every = (list) => form(list)?.querySelector("input[name=all]");

function matching(list, { chosen, all }) {
  const button = list.querySelector("[data-select-matching]");
  const total = form(list)?.dataset.total;
  if (!button) return;
  button.hidden = !(form(list) && "more" in form(list).dataset && chosen === all && all > 0) || Boolean(every(list));
  button.textContent = `Select all ${total} matching`;
}

function refresh(list) {
  const all = rows(list);
  const chosen = all.filter((box) => box.checked);
  if (chosen.length < all.length) every(list)?.remove();
  all.forEach((box) => box.closest("tr")?.setAttribute("aria-selected", String(box.checked)));
  const head = list.querySelector("input[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && !head.checked;
  }
  const words = every(list) ? `All ${form(list).dataset.total} matching selected` : `${chosen.length} selected`;
  list.querySelectorAll("[data-bulk]").forEach((bar) => { bar.hidden = chosen.length === 0; });
  list.querySelectorAll("[data-toolbar]").forEach((bar) => { bar.hidden = chosen.length > 0; });
  list.querySelectorAll("[data-bulk-count]").forEach((place) => {
    if (place.textContent !== words && chosen.length) say(words);
    place.textContent = words;
  });
  matching(list, { chosen: chosen.length, all: all.length });
}

function takeAll(list) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "all", value: "1" });
  form(list)?.append(input);
  refresh(list);
  list.querySelector("[data-bulk] button[type=submit]")?.focus();
}

function clear(list) {
  const inside = document.activeElement?.closest?.("[data-bulk]");
  rows(list).forEach((box) => { box.checked = false; });
  refresh(list);
  if (inside) list.querySelector("tbody th a:not(.wr-peek)")?.focus();
}

export function startSelection() {
  let last = null;
  document.addEventListener("change", (event) => {
    const list = event.target.closest?.("[data-list]");
    if (!list) return;
    if (event.target.matches("[data-select-all]")) rows(list).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-select], [data-select-all]")) refresh(list);
  });
  document.addEventListener("click", (event) => {
    const list = event.target.closest?.("[data-list]");
    if (!list) return;
    if (event.target.closest("[data-select-none]")) clear(list);
    if (event.target.closest("[data-select-matching]")) takeAll(list);
    if (!event.target.matches("[data-select]")) return;
    const all = rows(list);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
      refresh(list);
    }
    last = event.target;
  });
  document.addEventListener("keydown", (event) => {
    // Enter in a box would press the first button of the bar.
    if (event.key === "Enter" && event.target.matches?.("[data-select], [data-select-all]")) event.preventDefault();
    if (event.key !== "Escape" || document.querySelector("dialog[open], .wr-menu:popover-open")) return;
    document.querySelectorAll("[data-list]").forEach((list) => { if (rows(list).some((box) => box.checked)) clear(list); });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const list = event.target.closest?.("[data-list]") ?? event.target.querySelector?.("[data-list]");
    if (list) refresh(list);
  });
  document.querySelectorAll("[data-list]").forEach(refresh); // a browser that goes back keeps the ticks
}
