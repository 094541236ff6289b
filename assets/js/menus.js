// Menus are popovers: the browser opens, closes and handles Esc. We place them and add arrow keys.
const GAP = 4;

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = menu.dataset.align === "start" ? at.left : at.right - size.width;
  const below = at.bottom + GAP;
  const top = below + size.height > innerHeight - 8 ? Math.max(8, at.top - GAP - size.height) : below;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${top}px`;
}

const items = (menu) => [...menu.querySelectorAll("a[href], button:not(:disabled)")];

export function startMenus() {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.(".wr-menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    const open = event.newState === "open";
    button?.setAttribute("aria-expanded", String(open));
    if (!open || !button) return;
    place(menu, button);
    (menu.querySelector("input:not([type=hidden]), select") ?? items(menu)[0])?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".wr-menu[popover]");
    if (!menu || !event.target.matches("a, button") || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const all = items(menu);
    const now = all.indexOf(document.activeElement);
    const next = { ArrowDown: now + 1, ArrowUp: now - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    all[next % all.length]?.focus();
  });
}
