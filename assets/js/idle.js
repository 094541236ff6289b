// Warns two minutes before the session ends, idle or after its twelve hours (WCAG 2.2.1). The server decides and
// says with every answer how long it is; this only tells. Every tab of the session shares the clock.
import { openDialog } from "./dialogs.js";
import { keepDrafts, tellTime } from "./drafts.js";

const WARN_SECONDS = 120;

export function startIdle() {
  const dialog = document.getElementById("idle");
  const { idleSeconds, endsIn, stayUrl } = document.body.dataset;
  if (!Number(idleSeconds) || !stayUrl || !dialog) return;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("wellrun-activity") : null;
  const last = Date.now() + Number(endsIn) * 1000;
  let idle;
  let told = false;
  let over = false;

  const renew = (left) => {
    idle = Date.now() + left * 1000;
    if (dialog.open && left > WARN_SECONDS && last - Date.now() > WARN_SECONDS * 1000) dialog.close();
  };
  const heard = (left) => { renew(left); channel?.postMessage(left); };
  channel?.addEventListener("message", (event) => { if (Number(event.data) > 0) renew(Number(event.data)); });
  document.addEventListener("wr:time", (event) => heard(event.detail));
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const left = event.detail.xhr?.getResponseHeader("X-Wellrun-Idle-Left");
    if (left) heard(Number(left));
  });
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    const headers = { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] };
    const answer = await fetch(stayUrl, { method: "POST", headers, redirect: "manual" }).catch(() => null);
    if (answer?.ok) tellTime(answer);
    else location.reload();
  });
  setInterval(async () => {
    const rest = Math.ceil((Math.min(idle, last) - Date.now()) / 1000);
    if (over || rest > WARN_SECONDS) return;
    if (rest <= 0) {
      over = true;
      await keepDrafts({ poll: true });
      location.reload();
      return;
    }
    show(dialog, { rest, final: last <= idle });
    const key = last <= idle ? "final" : "idle";
    if (!dialog.open && told !== key) { openDialog(dialog); keepDrafts({ poll: true }); }
    if (key === "final") told = key; // once is enough: nobody can prolong the twelve hours
  }, 1000);
  heard(Number(idleSeconds));
}

function show(dialog, { rest, final }) {
  dialog.querySelector("[data-idle-why]").hidden = final;
  dialog.querySelector("[data-idle-end]").hidden = !final;
  dialog.querySelector("[data-stay]").hidden = final;
  dialog.querySelector("[data-idle-close]").hidden = !final;
  const words = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
  for (const place of dialog.querySelectorAll("[data-idle-left]")) place.textContent = words;
}
