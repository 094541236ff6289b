// A form goes out once. Its button turns busy; a second press is swallowed.
const GIVE_BACK_MS = 8000; // a download leaves the page standing: hand the button back

function lock(form, button) {
  form.dataset.busy = "";
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
}

function unlock(form) {
  delete form.dataset.busy;
  const buttons = form.id ? [...document.querySelectorAll(`[form="${CSS.escape(form.id)}"]`)] : [];
  for (const button of [...form.querySelectorAll("[aria-busy]"), ...buttons]) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

export function startBusy() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if ("busy" in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // Validation and confirmation run after us: only lock what really leaves.
    setTimeout(() => {
      if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
      lock(form, event.submitter);
      if (!event.defaultPrevented) setTimeout(() => unlock(form), GIVE_BACK_MS);
    });
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) unlock(form);
  });
  document.addEventListener("htmx:confirm", (event) => {
    // Ask ourselves: a refused question must not leave the form locked.
    if (!event.detail.question) return;
    event.preventDefault();
    const form = event.target.closest?.("form");
    if (confirm(event.detail.question)) event.detail.issueRequest(true);
    else if (form) setTimeout(() => unlock(form));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[aria-disabled=true]");
    if (button) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.target.closest?.("button[hx-post], button[hx-put], button[hx-delete], button[hx-patch]");
    if (button) { button.setAttribute("aria-busy", "true"); button.setAttribute("aria-disabled", "true"); }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const button = event.target.closest?.("button[aria-busy]");
    if (button) { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); }
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(unlock);
  });
  startRail();
}

/** A thin line at the top once a request takes longer than 300 ms. */
function startRail() {
  const rail = document.getElementById("rail");
  let open = 0;
  let timer;
  let table;
  if (!rail) return;
  const counts = (event) => !event.target.closest?.("[data-poll]");
  document.addEventListener("htmx:beforeSend", (event) => {
    if (!counts(event)) return;
    open += 1;
    clearTimeout(timer);
    // The part that is being replaced turns into a skeleton of itself: nothing moves, nothing old is read as new.
    const part = event.detail.target?.closest?.("#results") ?? null;
    table = part ?? table;
    timer = setTimeout(() => {
      if (open <= 0) return;
      rail.dataset.on = "";
      if (part) { part.dataset.loading = ""; part.setAttribute("aria-busy", "true"); }
    }, 300);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!counts(event)) return;
    open = Math.max(0, open - 1);
    if (open > 0) return;
    delete rail.dataset.on;
    if (table) { delete table.dataset.loading; table.removeAttribute("aria-busy"); }
  });
}
