// The live region (WCAG 4.1.3), focus on a form's problems, words for failed requests.
const STAYS_MS = 12000;
const UNDO_MS = 60000;
let region;
let toast; // role=alert: what did not work
let good; // role=status: what did

/** A region says nothing from behind a modal dialog: it goes inside. */
function near(place) {
  const over = document.querySelector("dialog:modal") ?? document.body;
  if (place.parentElement !== over) over.append(place);
  return place;
}

/** Say a sentence to screen readers without moving focus. */
export function say(words) {
  if (!region || !words) return;
  near(region).textContent = "";
  requestAnimationFrame(() => { region.textContent = words; });
}

function show(place, words) {
  if (!place) return;
  near(place);
  if (!place.matches(":popover-open")) place.showPopover(); // the top layer: above an open panel
  place.textContent = words;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { if (place.matches(":popover-open")) place.hidePopover(); }, STAYS_MS);
}

/** Show and say that something did not work. */
export const complain = (words) => show(toast, words);

/** Show and say that something is done. */
export const praise = (words) => show(good, words);

/** What was just done, said once, with a way back for a while; a reload does not say it again. */
function tellDone(root) {
  const note = root.querySelector?.("[data-done]");
  if (!note) return;
  const undo = note.querySelector("[data-undo]");
  say(`${note.firstElementChild.textContent.trim()}${undo ? " Undo is possible: press z." : ""}`);
  const address = new URL(location.href);
  address.searchParams.delete("done");
  if (root === document) history.replaceState(history.state, "", address);
  if (undo) setTimeout(() => { if (document.activeElement !== undo) undo.closest("form, a").remove(); }, UNDO_MS);
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
  good = document.getElementById("toast-good");
  toProblem(document);
  tellDone(document);
  document.addEventListener("wr:say", (event) => say(event.detail?.value ?? event.detail));
  document.addEventListener("htmx:afterSettle", (event) => {
    toProblem(event.target);
    tellDone(event.target);
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
