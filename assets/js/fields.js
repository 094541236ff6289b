// Small help in fields. Every one of them works without it too.
export function startFields() {
  document.addEventListener("click", (event) => {
    const shower = event.target.closest?.("[data-show-password]");
    if (shower) {
      const field = document.getElementById(shower.dataset.showPassword);
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      shower.textContent = shown ? "Show" : "Hide";
      shower.setAttribute("aria-pressed", String(!shown));
    }
    const copier = event.target.closest?.("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => { copier.textContent = "Copied"; });
    if (event.target.closest?.("[data-print]")) print();
    const link = event.target.closest?.(".wr-problem a[href^='#']");
    if (link) {
      const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
    }
  });
  // An address made from a name while it is typed, until somebody types an address of their own.
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-suggest-from]")) event.target.dataset.own = event.target.value;
    const wanted = event.target.id && document.querySelector(`[data-suggest-from="${CSS.escape(event.target.id)}"]`);
    if (wanted && !wanted.dataset.own) {
      wanted.value = event.target.value.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
    }
  });
  // A filter or a period picker sends itself on change; its button is there for those without script.
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-autosubmit]")) event.target.form?.requestSubmit();
  });
}
