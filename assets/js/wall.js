// The screen on the wall: htmx polls by itself; here it says when it shows something old, and leaves when it is ended.
import "./htmx.js";

const lost = (is) => { const note = document.querySelector("[data-lost]"); if (note) note.hidden = !is; };

document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) lost(false); });
document.addEventListener("htmx:sendError", () => lost(true));
document.addEventListener("htmx:timeout", () => lost(true));
document.addEventListener("htmx:responseError", (event) => {
  // Revoked or expired: the page that says so replaces the flow. Anything else passes by itself.
  if (event.detail.xhr.status === 404) location.reload();
  else lost(true);
});
