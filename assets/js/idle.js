// Warns a minute before the session ends (WCAG 2.2.1). The server decides; this only tells.
// Every tab of the session shares the clock.
import { openDialog } from "./dialogs.js";

const WARN_SECONDS = 60;

export function startIdle() {
  const seconds = Number(document.body.dataset.idleSeconds);
  const dialog = document.getElementById("idle");
  if (!seconds || !dialog) return;
  const left = dialog.querySelector("[data-idle-left]");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("wellrun-activity") : null;
  let end;
  const renew = () => {
    end = Date.now() + seconds * 1000;
    if (dialog.open) dialog.close();
  };
  const active = () => { renew(); channel?.postMessage("active"); };
  channel?.addEventListener("message", renew);
  document.addEventListener("htmx:afterOnLoad", (event) => { if (!event.target.closest?.("[data-poll]")) active(); });
  dialog.querySelector("[data-stay]")?.addEventListener("click", async () => {
    const answer = await fetch(document.body.dataset.stayUrl || location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) active();
    else location.reload();
  });
  setInterval(() => {
    const rest = Math.ceil((end - Date.now()) / 1000);
    if (rest <= 0) { location.reload(); return; }
    if (rest > WARN_SECONDS) return;
    if (!dialog.open) openDialog(dialog);
    left.textContent = String(rest);
  }, 1000);
  active();
}
