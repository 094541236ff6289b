// The live region (WCAG 4.1.3), focus on a form's problems, words for failed requests.
let region;
let toast;

/** Say a sentence to screen readers without moving focus. */
export function say(words) {
  if (!region || !words) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = words; });
}

/** Show and say that something did not work. */
export function complain(words) {
  if (!toast) return;
  if (!toast.matches(":popover-open")) toast.showPopover(); // the top layer: above an open panel
  toast.textContent = words;
  clearTimeout(complain.timer);
  complain.timer = setTimeout(() => toast.hidePopover(), 12000);
}

function toProblem(root) {
  const problem = root.querySelector?.(".wr-problem");
  if (!problem) return;
  problem.focus();
  if (!document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;
}

function explain(request) {
  const id = request.getResponseHeader("X-Request-ID");
  const tail = id ? ` (id ${id})` : "";
  if (request.status === 401) return "You are signed out. Reload the page to sign in.";
  if (request.status === 403) return `You may not do that.${tail}`;
  if (request.status === 404) return `That is no longer there.${tail}`;
  if (request.status === 409 || request.status === 412) return `Someone else changed this. Reload the page to see it.${tail}`;
  if (request.status === 429) return "Too many requests. Wait a moment, then try again.";
  return `That did not work. Nothing was saved.${tail}`;
}

export function startLive() {
  region = document.getElementById("live");
  toast = document.getElementById("toast");
  toProblem(document);
  document.addEventListener("wr:say", (event) => say(event.detail?.value ?? event.detail));
  document.addEventListener("htmx:afterSettle", (event) => {
    toProblem(event.target);
    const told = event.target.querySelector?.("[data-say]");
    if (told) say(told.dataset.say || told.textContent.trim());
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.target.closest?.("[data-poll]")) complain(explain(event.detail.xhr));
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.target.closest?.("[data-poll]")) complain("No connection. Nothing was saved. Try again.");
  });
  document.addEventListener("allauth.error", () => complain("The passkey was not used. Try again, or sign in with a password."));
  document.addEventListener("htmx:timeout", () => complain("The server took too long. Check before you try again."));
}
