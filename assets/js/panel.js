// The side panel: a link with data-panel opens its page beside the list. The address keeps
// ?panel=/path, so that the view can be mailed. The link itself stays a normal link.
import htmx from "./htmx.js";
import { openDialog } from "./dialogs.js";

let dialog;
let body;

const here = () => new URL(location.href);
const ours = (path) => typeof path === "string" && path.startsWith("/") && !path.startsWith("//") && !path.includes("\\");

function remember(path) {
  const address = here();
  if (path) address.searchParams.set("panel", path);
  else address.searchParams.delete("panel");
  history.replaceState(history.state, "", address);
}

/** Load a page of ours into the panel. */
export function openPanel(path, { from } = {}) {
  if (!ours(path) || !dialog) return;
  body.textContent = "";
  dialog.setAttribute("aria-busy", "true");
  openDialog(dialog, { from });
  remember(path);
  htmx.ajax("GET", path, { target: body, swap: "innerHTML", source: body }).finally(() => dialog.removeAttribute("aria-busy"));
}

function settled() {
  // A form without an address means its own page, not the list beneath the panel.
  const path = here().searchParams.get("panel");
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

export function startPanel() {
  dialog = document.getElementById("panel");
  body = document.getElementById("panel-body");
  if (!dialog || !body) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-panel]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = new URL(link.href);
    openPanel(address.pathname + address.search, { from: dialog.open ? undefined : link });
  });
  body.addEventListener("htmx:afterSettle", settled);
  body.addEventListener("htmx:responseError", () => dialog.close());
  dialog.addEventListener("close", () => { remember(null); body.textContent = ""; });
  const wanted = here().searchParams.get("panel");
  if (wanted) {
    const link = [...document.querySelectorAll("a[data-panel]")].find((a) => a.getAttribute("href") === wanted);
    openPanel(wanted, { from: link });
  }
}
