// htmx and its settings. Nothing of a patient may stay in browser storage, nothing may be evaluated.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
  attributesToSettle: ["class", "width", "height"], // "style" would break the CSP at every swap of an id
  timeout: 30000,
  // 422 is a form with its problems: show it. Other refusals are told by live.js.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
    { code: "...", swap: false },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  // Polling is no activity: the server must not prolong the session for it.
  if (event.target.closest?.("[data-poll]")) event.detail.headers["X-Wellrun-Poll"] = "1";
});

// htmx notes the current address in sessionStorage, search words included. We do not want it there.
const forget = () => { try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* storage is off */ } };
for (const event of ["htmx:load", "htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(event, () => setTimeout(forget));
}

export default htmx;
