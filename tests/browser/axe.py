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


def sideways(page: Page) -> list[str]:
    """The lists whose columns do not fit beside each other; on a phone they may scroll, on a desk they break words."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".wr-tablebox:has(> .wr-table--list)")]
          .filter((box) => box.scrollWidth > box.clientWidth + 1)
          .map((box) => `${box.getAttribute("aria-label")}: ${box.scrollWidth - box.clientWidth} px too wide`)"""
    )
    return found


def hidden_focus(page: Page) -> str:
    """What lies over the middle of what has the focus, '' when it is seen (WCAG 2.4.11)."""
    return str(
        page.evaluate(
            """() => {
              const it = document.activeElement, box = it.getBoundingClientRect();
              if (it === document.body) return "";
              const x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
              if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `${it.outerHTML.slice(0, 80)}: outside`;
              const top = document.elementFromPoint(x, y);
              return it.contains(top) || top.contains(it) || top.closest("svg") ? "" :
                `${it.outerHTML.slice(0, 80)}: under ${top.outerHTML.slice(0, 60)}`;
            }"""
        )
    )
