"""What axe finds wrong with a page, in few words."""

from __future__ import annotations

from playwright.sync_api import Page

from practice.launch.paths import ROOT

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SCRIPT = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LOOK = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations.map(
  (each) => `${each.id} (${each.nodes.length}): ${each.nodes[0].target.join(" ")}: ` +
            each.nodes[0].failureSummary.split("\\n").slice(1, 2).join(" ").trim())"""


def violations(page: Page) -> list[str]:
    """Each broken rule with its first element; [] when there is none. The context must bypass the CSP."""
    # Where a page has jumped to a problem, its bar lies over whatever stands there: that is scrolling, not a mistake.
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate(SCRIPT)
    found: list[str] = page.evaluate(LOOK, RULES)
    return found


def overflow(page: Page) -> str:
    """What makes the page scroll sideways, '' when nothing does."""
    return str(
        page.evaluate(
            """() => {
              const root = document.documentElement, width = root.clientWidth;
              if (root.scrollWidth <= width) return "";
              const wide = [...document.querySelectorAll("body *")].filter((each) =>
                each.getBoundingClientRect().right > width + 1 &&
                !each.closest(".wr-tablebox, .wr-grid, [popover], dialog"));
              const first = wide[0];
              return `${root.scrollWidth} px wide: ` +
                (first ? first.tagName.toLowerCase() + "." + [...first.classList].join(".") : "?");
            }"""
        )
    )
