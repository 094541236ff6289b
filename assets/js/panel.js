// The side panel: a link with data-panel opens its page beside the list. The address keeps
// ?panel=/path, so that the view can be mailed. The link itself stays a normal link.
// Inside, links and forms with data-panel stay inside; what they change is read again in the list beneath.
import htmx from "./htmx.js";
import { openDialog } from "./dialogs.js";
import { praise } from "./live.js";

let dialog;
let body;
let row; // address of the row that was opened
let changed = false;

const here = () => new URL(location.href);
const ours = (path) => typeof path === "string" && path.startsWith("/") && !path.startsWith("//") && !path.includes("\\");

function remember(path) {
  const address = here();
  if (path) address.searchParams.set("panel", path);
  else address.searchParams.delete("panel");
  history.replaceState(history.state, "", address);
}

/** Load a page of ours into the panel; `from` is where focus returns to. */
export function openPanel(path, { from } = {}) {
  if (!ours(path) || !dialog) return;
  if (!dialog.open) { row = path; changed = false; body.textContent = ""; }
  dialog.setAttribute("aria-busy", "true");
  openDialog(dialog, { from });
  remember(path);
  body.dataset.path = path;
  htmx.ajax("GET", path, { target: body, swap: "innerHTML", source: body }).finally(() => dialog.removeAttribute("aria-busy"));
}

function send(form, button) {
  if ("busy" in form.dataset) return;
  form.dataset.busy = "";
  button?.setAttribute("aria-busy", "true");
  const values = button?.name ? { [button.name]: button.value } : {};
  htmx.ajax("POST", form.action, { target: body, swap: "innerHTML", source: form, values }).finally(() => {
    delete form.dataset.busy;
    button?.removeAttribute("aria-busy");
  });
}

function settled() {
  // A form without an address means its own page, not the list beneath the panel.
  const path = body.dataset.path;
  body.querySelectorAll("form:not([action]):not([hx-post])").forEach((form) => { if (path) form.action = path; });
  label();
}

function label() {
  const title = body.querySelector("h2, h1");
  if (!title) return;
  title.id ||= "panel-title";
  dialog.setAttribute("aria-labelledby", title.id);
  title.tabIndex = -1;
  if (!body.contains(document.activeElement) && !body.querySelector(".wr-problem")) title.focus();
}

/** Before an answer is put into the panel: a whole page is gone to, a refusal with its form is shown. */
function judge(event) {
  const { xhr, requestConfig } = event.detail;
  if (/^\s*<!doctype/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    if (xhr.status < 400) location.assign(xhr.responseURL);
    return;
  }
  if (xhr.status === 409) Object.assign(event.detail, { shouldSwap: true, isError: false });
  if (xhr.status < 400) {
    const address = new URL(xhr.responseURL, location.href);
    body.dataset.path = address.pathname;
    remember(address.pathname);
    if (requestConfig.verb === "post") changed = true;
  }
}

/** The list beneath shows what was changed as soon as it is; the address of this very view stays. */
async function readListAgain() {
  const results = document.getElementById("results");
  if (!results) return;
  const answer = await fetch(here(), { headers: { "HX-Request": "true" } });
  if (answer.ok) htmx.swap(results, await answer.text(), { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
}

function swapped() {
  if (!changed) return;
  changed = false;
  const told = body.querySelector("[data-done] > :first-child");
  if (told) praise(told.textContent.trim());
  readListAgain();
}

function closed() {
  remember(null);
  body.textContent = "";
  // The row may be another element by now, or the list may have been read again.
  if (document.activeElement !== document.body) return;
  const link = [...document.querySelectorAll("tbody th a:not(.wr-peek), a[data-panel]")].find((a) => a.getAttribute("href") === row);
  link?.focus();
}

export function startPanel() {
  dialog = document.getElementById("panel");
  body = document.getElementById("panel-body");
  if (!dialog || !body) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-panel]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = new URL(link.href);
    const shown = link.closest("tr")?.querySelector("th a:not(.wr-peek)") ?? link;
    openPanel(address.pathname + address.search, { from: dialog.open ? undefined : shown });
  });
  body.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("form[data-panel]:not([enctype])")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  body.addEventListener("htmx:beforeSwap", judge);
  body.addEventListener("htmx:afterSwap", swapped);
  body.addEventListener("htmx:afterSettle", settled);
  body.addEventListener("htmx:responseError", (event) => { if (event.detail.requestConfig.verb === "get") dialog.close(); });
  dialog.addEventListener("close", closed);
  const wanted = here().searchParams.get("panel");
  if (wanted) {
    const link = [...document.querySelectorAll("a[data-panel]")].find((a) => a.getAttribute("href") === wanted);
    openPanel(wanted, { from: link?.closest("tr")?.querySelector("th a:not(.wr-peek)") ?? link });
  }
}
