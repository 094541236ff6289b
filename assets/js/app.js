// The whole front end: htmx plus small modules. Pages work without it; it makes them quick.
import "./htmx.js";
import { startBusy } from "./busy.js";
import { startDialogs } from "./dialogs.js";
import { startDrafts } from "./drafts.js";
import { startFields } from "./fields.js";
import { startIdle } from "./idle.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startNav } from "./nav.js";
import { startPalette } from "./palette.js";
import { startPanel } from "./panel.js";
import { startSelection } from "./selection.js";
import { startSignature } from "./signature.js";

function start() {
  startLive();
  startBusy();
  startDialogs();
  startMenus();
  startNav();
  startPanel();
  startPalette();
  startSelection();
  startFields();
  startKeys();
  startDrafts();
  startIdle();
  startSignature();
  document.documentElement.dataset.ready = "";
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
