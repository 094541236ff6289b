// Selecting rows of a list: the toolbar gives way to the bulk bar.
//   [data-list]                     around everything, survives swaps of the table inside
//   input[data-select]              one per row; input[data-select-all] in the head
//   [data-bulk] (hidden)            the bar; [data-toolbar] the part it replaces
//   [data-bulk-count]               gets "3 selected"; [data-select-none] clears
const rows = (list) => [...list.querySelectorAll("input[data-select]")];

function refresh(list) {
  const all = rows(list);
  const chosen = all.filter((box) => box.checked);
  all.forEach((box) => box.closest("tr")?.setAttribute("aria-selected", String(box.checked)));
  const head = list.querySelector("input[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && !head.checked;
  }
  list.querySelectorAll("[data-bulk]").forEach((bar) => { bar.hidden = chosen.length === 0; });
  list.querySelectorAll("[data-toolbar]").forEach((bar) => { bar.hidden = chosen.length > 0; });
  list.querySelectorAll("[data-bulk-count]").forEach((place) => { place.textContent = `${chosen.length} selected`; });
}

function clear(list) {
  rows(list).forEach((box) => { box.checked = false; });
  refresh(list);
}

export function startSelection() {
  let last = null;
  document.addEventListener("change", (event) => {
    const list = event.target.closest?.("[data-list]");
    if (!list) return;
    if (event.target.matches("[data-select-all]")) rows(list).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-select], [data-select-all]")) refresh(list);
  });
  document.addEventListener("click", (event) => {
    const list = event.target.closest?.("[data-list]");
    if (!list) return;
    if (event.target.closest("[data-select-none]")) clear(list);
    if (!event.target.matches("[data-select]")) return;
    const all = rows(list);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
      refresh(list);
    }
    last = event.target;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], .wr-menu:popover-open")) return;
    document.querySelectorAll("[data-list]").forEach((list) => { if (rows(list).some((box) => box.checked)) clear(list); });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const list = event.target.closest?.("[data-list]") ?? event.target.querySelector?.("[data-list]");
    if (list) refresh(list);
  });
}
