// ⌘K: one field that goes anywhere. Results come from one endpoint, already filtered by permission:
// GET data-palette-url?q=… -> [{label, hint, url, group}].
import { openDialog } from "./dialogs.js";
import { say } from "./live.js";

const WAIT_MS = 120;
let dialog, input, list, timer, running;
let at = 0;

const options = () => [...list.querySelectorAll("[role=option]")];

function mark(index) {
  const all = options();
  if (!all.length) { input.removeAttribute("aria-activedescendant"); return; }
  at = (index + all.length) % all.length;
  all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  input.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function node(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function show(results) {
  list.textContent = "";
  let group;
  results.forEach((result, index) => {
    if (result.group && result.group !== group) {
      group = result.group;
      const head = node("div", "wr-palette__group", group);
      head.setAttribute("role", "presentation");
      list.append(head);
    }
    const option = node("a", "wr-palette__item", result.label);
    option.href = result.url;
    option.id = `palette-${index}`;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    if (result.hint) option.append(node("span", "", result.hint));
    list.append(option);
  });
  if (!results.length) list.append(node("p", "wr-palette__none", input.value.trim() ? "Nothing found." : "Type a name, a number or a page."));
  say(results.length ? `${results.length} results` : "Nothing found");
  mark(0);
}

async function ask() {
  running?.abort();
  running = new AbortController();
  const address = new URL(dialog.dataset.paletteUrl, location.href);
  address.searchParams.set("q", input.value.trim());
  address.searchParams.set("at", new URL(location.href).searchParams.get("panel")?.split("?")[0] ?? location.pathname);
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
  } catch (error) {
    if (error.name === "AbortError") return;
    list.textContent = "";
    list.append(node("p", "wr-palette__none", "Search did not answer. Try again."));
  }
}

/** Open the palette. */
export function openPalette() {
  if (!dialog?.dataset.paletteUrl) return;
  openDialog(dialog);
  input.select();
  ask();
}

export function startPalette() {
  dialog = document.getElementById("palette");
  if (!dialog) return;
  input = dialog.querySelector("input");
  list = dialog.querySelector("[role=listbox]");
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-palette-open]")) openPalette(); });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    if (event.key === "Enter") { event.preventDefault(); options()[at]?.click(); }
  });
}
