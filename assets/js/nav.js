// Phone: the navigation covers the page; Esc or the close button brings the page back.
export function startNav() {
  const nav = document.getElementById("nav");
  const opener = document.querySelector("[data-nav-open]");
  if (!nav || !opener) return;
  const rest = () => document.querySelectorAll("#top, #main");
  const set = (open) => {
    document.body.dataset.nav = open ? "open" : "";
    opener.setAttribute("aria-expanded", String(open));
    rest().forEach((part) => { part.inert = open; });
    if (open) nav.querySelector("[data-nav-close]")?.focus();
    else opener.focus();
  };
  opener.addEventListener("click", () => set(true));
  nav.querySelector("[data-nav-close]")?.addEventListener("click", () => set(false));
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.dataset.nav === "open") set(false);
  });
  matchMedia("(min-width: 721px)").addEventListener("change", (query) => {
    if (query.matches && document.body.dataset.nav === "open") set(false);
  });
}
