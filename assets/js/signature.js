// A signature drawn with finger, pen or mouse: its strokes go into a hidden field as SVG path data.
// Without this file, or for whoever draws nothing, the typed name stands alone.
const WIDTH = 600, HEIGHT = 200, LONGEST = 20000;

function point(event, pad) {
  const box = pad.getBoundingClientRect();
  const on = (at, from, length, most) => Math.round(Math.min(1, Math.max(0, (at - from) / length)) * most);
  return `${on(event.clientX, box.left, box.width, WIDTH)},${on(event.clientY, box.top, box.height, HEIGHT)}`;
}

function startPad(root) {
  const pad = root.querySelector("svg"), line = pad.querySelector("path");
  const field = root.querySelector("input"), clear = root.querySelector("button");
  let last = "";
  const show = (path) => {
    if (path.length > LONGEST) return;
    field.value = path;
    line.setAttribute("d", path);
    clear.disabled = !path;
  };
  const add = (event, begin) => {
    const at = point(event, pad);
    if (begin) show(`${field.value}M${at}L${at}`);
    else if (at !== last) show(`${field.value}L${at}`);
    last = at;
  };
  pad.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    add(event, true);
  });
  pad.addEventListener("pointermove", (event) => {
    if (pad.hasPointerCapture(event.pointerId)) add(event, false);
  });
  clear.addEventListener("click", () => show(""));
  show(field.value);
  root.hidden = false;
}

export function startSignature() {
  for (const root of document.querySelectorAll("[data-signature]")) startPad(root);
}
