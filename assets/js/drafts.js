// What is typed in a form marked data-draft is kept by the server, encrypted, a few seconds after typing stops,
// and offered again when the form is next opened. Nothing stays in the browser. Never files, passwords, data-secret.
import { say } from "./live.js";

const SAVE_AFTER_MS = 3000;
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);
const watched = new Map();

const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
const address = () => document.body.dataset.draftsUrl;

/** Every request tells how long the session has left. */
export function tellTime(answer) {
  const left = answer?.headers?.get?.("X-Wellrun-Idle-Left");
  if (left) document.dispatchEvent(new CustomEvent("wr:time", { detail: Number(left) }));
  return answer;
}

function controls(form) {
  return [...form.elements].filter((one) =>
    one.name && !one.name.startsWith("_") && !one.disabled && !SKIPPED.has(one.type) && !one.closest("[data-secret]"));
}

function entries(form) {
  const found = {};
  for (const one of controls(form)) {
    const values = (found[one.name] ??= []);
    if (one.type === "checkbox" || one.type === "radio") { if (one.checked) values.push(one.value); }
    else if (one.multiple && one.options) values.push(...[...one.selectedOptions].map((option) => option.value));
    else values.push(one.value);
  }
  return found;
}

function fill(form, kept) {
  const next = {};
  for (const one of controls(form)) {
    const values = kept[one.name];
    if (!values) continue;
    if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
    else if (one.multiple && one.options) for (const option of one.options) option.selected = values.includes(option.value);
    else { const at = next[one.name] ?? 0; next[one.name] = at + 1; if (at < values.length) one.value = values[at]; }
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

async function send(fields, { poll = false } = {}) {
  const headers = { "X-CSRFToken": csrf(), ...(poll ? { "X-Wellrun-Poll": "1" } : {}) };
  const answer = await fetch(address(), { method: "POST", headers, body: new URLSearchParams(fields), keepalive: true, redirect: "manual" }).catch(() => null);
  return tellTime(answer);
}

async function save(form, { poll = false } = {}) {
  const state = watched.get(form);
  clearTimeout(state.timer);
  const now = JSON.stringify(entries(form));
  if (state.sent || now === state.kept) return;
  state.kept = now;
  const answer = await send({ form: state.key, entries: now }, { poll });
  if (!answer?.ok) state.kept = ""; // try again with the next change
}

/** Keep everything that is typed and not kept yet; done when the server has it. */
export function keepDrafts({ poll = false } = {}) {
  return Promise.all([...watched.keys()].filter((form) => form.isConnected).map((form) => save(form, { poll })));
}

function offer(form, state, { said, entries: kept }) {
  const box = document.createElement("div");
  box.className = "wr-note wr-note--info wr-draft";
  const words = document.createElement("p");
  words.textContent = `You have unsaved entries from ${said}.`;
  const restore = button("Restore", "btn btn-sm btn-primary");
  const discard = button("Discard", "btn btn-sm");
  box.append(words, restore, discard);
  form.prepend(box);
  state.offered = true;
  const done = (told) => { box.remove(); state.offered = false; say(told); controls(form)[0]?.focus(); };
  restore.addEventListener("click", () => { fill(form, kept); state.kept = JSON.stringify(entries(form)); done("Your entries are back. They are not saved yet."); });
  discard.addEventListener("click", () => { send({ form: state.key, discard: "1" }); state.kept = JSON.stringify(entries(form)); done("The old entries are discarded."); });
  say(words.textContent);
}

function button(words, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  return made;
}

async function watch(form) {
  if (watched.has(form)) return;
  const key = location.pathname + (form.dataset.draft ? `#${form.dataset.draft}` : "");
  const state = { key, kept: JSON.stringify(entries(form)), timer: 0, sent: false, offered: false };
  watched.set(form, state);
  const named = document.createElement("input");
  Object.assign(named, { type: "hidden", name: "_draft", value: key });
  form.append(named);
  form.addEventListener("input", () => {
    clearTimeout(state.timer);
    if (!state.offered) state.timer = setTimeout(() => save(form), SAVE_AFTER_MS);
  });
  form.addEventListener("submit", () => { state.sent = true; clearTimeout(state.timer); });
  form.addEventListener("htmx:afterRequest", () => { state.sent = false; });
  if (form.querySelector(".wr-problem")) return; // a refused form still shows what was typed
  const answer = await fetch(`${address()}?form=${encodeURIComponent(key)}`, { headers: { "X-Wellrun-Poll": "1" }, redirect: "manual" }).catch(() => null);
  if (answer?.status === 200) offer(form, state, await answer.json());
}

export function startDrafts() {
  if (!address()) return;
  const scan = (root) => root.querySelectorAll?.("form[data-draft]").forEach(watch);
  scan(document);
  document.addEventListener("htmx:afterSettle", (event) => scan(event.target));
  addEventListener("pagehide", () => { keepDrafts(); });
  // Signing out waits until what is typed is kept.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.action?.endsWith?.("/logout/") || !watched.size) return;
    event.preventDefault();
    await keepDrafts();
    form.submit();
  });
}
