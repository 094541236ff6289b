// npm run build: assets/ -> static/dist/. Content hashes are Django's business (manifest storage).
import { mkdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../static/dist/", import.meta.url));

// Positions in the day grid and widths of gauges are classes, because the
// content security policy allows no style attribute.
function steps() {
  const line = (name, property, from, to, scale = 1) =>
    Array.from({ length: to - from + 1 }, (_, i) => `.wr-${name}-${i + from}{--${property}:${(i + from) * scale}}`).join("");
  return (
    line("cols", "cols", 1, 12) +
    line("hours", "minutes", 1, 24, 60) +
    line("at", "at", 0, 287) +
    line("for", "for", 1, 144) +
    line("pct", "pct", 0, 100)
  );
}

const stepsPlugin = {
  name: "steps",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^wr:steps$/ }, () => ({ path: "steps", namespace: "wr" }));
    onLoad({ filter: /.*/, namespace: "wr" }, () => ({ contents: steps(), loader: "css" }));
  },
};

// A person may choose the colours whatever the device prefers: the dark half of the tokens is said once more for
// :root[data-theme=dark], and the media query lets go of :root[data-theme=light].
const themePlugin = {
  name: "theme",
  setup({ onLoad }) {
    onLoad({ filter: /css\/tokens\.css$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const dark = /@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}\s*\}/;
      const chosen = ":root[data-theme=light] { color-scheme: light; } :root[data-theme=dark] { color-scheme: dark;";
      const found = text.match(dark);
      if (!found) throw new Error("tokens.css has no dark half");
      const kept = `@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) {${found[1]}} }`;
      return { contents: text.replace(dark, `${kept} ${chosen} ${found[1]}}`), loader: "css" };
    });
  },
};

const options = {
  entryPoints: [
    { in: `${here}js/app.js`, out: "app" },
    { in: `${here}js/scheduling.js`, out: "scheduling" },
    { in: `${here}js/flow.js`, out: "flow" },
    { in: `${here}js/week.js`, out: "week" },
    { in: `${here}js/wall.js`, out: "wall" },
    { in: `${here}js/sign.js`, out: "sign" },
    { in: `${here}css/app.css`, out: "app" },
    { in: `${here}css/wall.css`, out: "wall" },
    { in: `${here}css/pdf.css`, out: "pdf" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome120", "firefox121", "safari17"],
  legalComments: "linked",
  plugins: [stepsPlugin, themePlugin],
  logLevel: "info",
};

await mkdir(out, { recursive: true });
if (process.argv.includes("--watch")) {
  const watcher = await context(options);
  await watcher.watch();
} else {
  await rm(out, { recursive: true, force: true });
  await build(options);
}
