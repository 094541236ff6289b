// <dialog> opened by [data-dialog="id"], closed by [data-close], Esc or a press beside it.
// Focus goes back to where it came from.
const origins = new WeakMap();

/** Open a dialog as a modal; remember where focus was. */
export function openDialog(dialog, { from = document.activeElement } = {}) {
  if (dialog.open) return;
  origins.set(dialog, from);
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("wr:opened"));
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); openDialog(dialog, { from: opener }); }
      return;
    }
    const closer = event.target.closest?.("[data-close]");
    if (closer?.closest("dialog")) { event.preventDefault(); closer.closest("dialog").close(); return; }
    // A press on the backdrop lands on the dialog element itself, outside its box.
    if (event.target instanceof HTMLDialogElement && event.target.open && outside(event)) {
      if (!unsaved(event.target) || confirm("Close without saving?")) event.target.close();
    }
  });
  document.addEventListener("cancel", (event) => {
    if (event.target instanceof HTMLDialogElement && unsaved(event.target) && !confirm("Close without saving?")) event.preventDefault();
  }, true);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("dialog form[method=post]");
    if (form) form.dataset.dirty = "";
  });
  document.addEventListener("close", (event) => {
    const origin = origins.get(event.target);
    origins.delete(event.target);
    event.target.querySelectorAll?.("form[data-dirty]").forEach((form) => delete form.dataset.dirty);
    if (origin?.isConnected) origin.focus();
  }, true);
}

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function unsaved(dialog) {
  return Boolean(dialog.querySelector("form[data-dirty]:not([data-busy])"));
}
