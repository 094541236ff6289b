// The week of a template: blocks are drawn with the mouse into the picture and stand as rows in the table, which alone
// is saved. All of it also works by typing the table, without this file.
const SNAP = 15; // minutes a drawn edge falls on
const STEP = 5; // minutes of one step of the picture's classes
const DAY_END = 24 * 60;
const TINTS = { plain: "fu", info: "np", ok: "tele", accent: "pro", warn: "warn" };
const find = (what) => document.querySelector(what);
const grid = () => find("[data-week-grid]");
const body = () => find("[data-week-rows]");
const first = () => Number(grid().dataset.first) * 60;
const last = () => first() + Number(grid().dataset.hours) * 60;
let week = 1;
let drawing = null;

/** Minutes since midnight of "8:00 AM", "8 am" or "14:30"; null for anything else. */
function minutes(text) {
  const parts = /^\s*(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\s*$/i.exec(text);
  if (!parts) return null;
  const half = parts[3]?.toLowerCase();
  let hour = Number(parts[1]);
  if (half ? hour < 1 || hour > 12 : hour > 23 || !parts[2]) return null;
  if (half) hour = (hour % 12) + (half === "pm" ? 12 : 0);
  const minute = Number(parts[2] ?? 0);
  return minute < 60 ? hour * 60 + minute : null;
}

function words(at) {
  const hour = Math.floor(at / 60);
  return `${hour % 12 || 12}:${String(at % 60).padStart(2, "0")} ${hour < 12 ? "AM" : "PM"}`;
}

const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const value = (row, name) => field(row, name)?.value ?? "";
const rows = () => [...body().querySelectorAll("[data-block-row]")];

function read(row) {
  const start = minutes(value(row, "starts_at"));
  const end = minutes(value(row, "ends_at"));
  if (start === null || end === null || end <= start) return null;
  const own = value(row, "cycle_week");
  return {
    row, start, end, day: Number(value(row, "weekday")), week: own ? Number(own) : null, kind: value(row, "kind"),
    label: value(row, "label"), codes: value(row, "types").toLowerCase().split(/[\s,;]+/).filter(Boolean),
  };
}

function tint(block) {
  if (block.kind === "admin") return "off";
  if (block.kind === "held") return "sd";
  const tone = block.codes.length && find(`[data-week-types] [data-code="${CSS.escape(block.codes[0])}"]`)?.dataset.tone;
  return TINTS[tone] ?? "fu";
}

function place(element, start, end) {
  const from = Math.max(start, first());
  const to = Math.min(end, last());
  const at = Math.round((from - first()) / STEP);
  const many = Math.max(1, Math.min(144, Math.round((to - from) / STEP)));
  element.className = `wr-block wr-block--${element.dataset.tint} wr-placed wr-at-${at} wr-for-${many}`;
}

function drawn(block) {
  const element = document.createElement("div");
  element.dataset.tint = tint(block);
  place(element, block.start, block.end);
  const label = document.createElement("span");
  const time = document.createElement("small");
  label.textContent = block.label || block.codes.join(" ");
  time.textContent = `${words(block.start)} to ${words(block.end)}`;
  element.title = time.textContent;
  element.append(label, time);
  element.addEventListener("click", () => field(block.row, "starts_at").focus());
  return element;
}

function draw() {
  const columns = [...grid().querySelectorAll("[data-day]")];
  for (const column of columns) column.querySelectorAll(".wr-block").forEach((each) => each.remove());
  for (const block of rows().map(read)) {
    if (!block || (block.week !== null && block.week !== week)) continue;
    columns.find((each) => Number(each.dataset.day) === block.day)?.append(drawn(block));
  }
}

function fresh() {
  const empty = rows().find((row) => !row.hidden && !value(row, "starts_at") && !value(row, "ends_at"));
  if (empty) return empty;
  const total = find('[name$="-TOTAL_FORMS"]');
  const row = find("[data-row-template]").content.cloneNode(true).querySelector("[data-block-row]");
  for (const each of row.querySelectorAll("[name],[id],[for],[aria-describedby]")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const text = each.getAttribute(name);
      if (text) each.setAttribute(name, text.replaceAll("__prefix__", total.value));
    }
  }
  total.value = Number(total.value) + 1;
  body().append(row);
  equip(row);
  return row;
}

function equip(row) {
  const button = row.querySelector("[data-row-remove]");
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const name of ["starts_at", "ends_at", "types", "capacity", "release_hours_before", "label"]) field(row, name).value = "";
    const next = rows()[rows().indexOf(row) + 1] ?? find("[data-row-add]");
    row.hidden = true;
    draw();
    (next.querySelector?.("select, input") ?? next).focus();
  });
}

function add(day, start, end) {
  const row = fresh();
  field(row, "weekday").value = String(day);
  const own = field(row, "cycle_week");
  if (own && own.tagName === "SELECT") own.value = String(week);
  field(row, "starts_at").value = words(start);
  field(row, "ends_at").value = words(end);
  draw();
  field(row, "kind").focus();
}

/** The minute under the pointer in a column, on the snap. */
function under(event, column) {
  const box = column.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  const at = first() + share * (last() - first());
  return Math.min(DAY_END - SNAP, Math.round(at / SNAP) * SNAP);
}

function begin(event) {
  const column = event.target.closest?.("[data-day]");
  if (!column || event.button || event.pointerType === "touch" || event.target.closest(".wr-block")) return;
  event.preventDefault();
  const ghost = document.createElement("div");
  ghost.dataset.tint = "pro";
  column.append(ghost);
  drawing = { column, ghost, from: under(event, column), to: null };
  stretch(event);
}

function stretch(event) {
  if (!drawing) return;
  drawing.to = under(event, drawing.column);
  const [start, end] = [drawing.from, drawing.to].sort((a, b) => a - b);
  place(drawing.ghost, start, Math.max(end, start + SNAP));
  drawing.ghost.textContent = `${words(start)} to ${words(Math.max(end, start + SNAP))}`;
}

function finish() {
  if (!drawing) return;
  const { column, ghost, from, to } = drawing;
  drawing = null;
  ghost.remove();
  const [start, end] = [from, to].sort((a, b) => a - b);
  if (end - start >= SNAP) add(Number(column.dataset.day), start, end);
}

function cancel(event) {
  if (event.key !== "Escape" || !drawing) return;
  drawing.ghost.remove();
  drawing = null;
}

function start() {
  if (!grid() || !body()) return;
  rows().forEach(equip);
  const more = find("[data-row-add]");
  more.hidden = false;
  more.addEventListener("click", () => field(fresh(), "weekday").focus());
  body().addEventListener("change", draw);
  grid().addEventListener("pointerdown", begin);
  document.addEventListener("pointermove", stretch);
  document.addEventListener("pointerup", finish);
  document.addEventListener("keydown", cancel);
  const choice = find("[data-week-choice]");
  if (choice) choice.hidden = false;
  choice?.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-week]");
    if (!chosen) return;
    week = Number(chosen.dataset.week);
    choice.querySelectorAll("[data-week]").forEach((each) => each.setAttribute("aria-pressed", String(each === chosen)));
    draw();
  });
  draw();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
