"""Pictures of the product for docs/img and for looking at: run by hand against a running demo.

./run demo                                              # in one window
.venv/bin/python -m tests.browser.shoot                 # the six pictures of the README
.venv/bin/python -m tests.browser.shoot --all /tmp/see  # every page of the manager, at both sizes
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMG = Path(__file__).resolve().parents[2] / "docs" / "img"
DESKTOP, PHONE = (1440, 900), (390, 844)
COLOURS = 128
RECORD = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}/$|/kpi/[a-z_]+/")
# file, who, address, what to open next: the first link of the content whose address matches
PICTURES = (
    ("owner", "Priya Raman", "reports/owner/", "", DESKTOP),
    ("day", "Joon Park", "scheduling/", "", DESKTOP),
    ("claims", "Alicia Grant", "billing/claims/", "", DESKTOP),
    ("remittance", "Alicia Grant", "billing/remittances/?view=all", r"/remittances/[0-9a-f-]{36}/$", DESKTOP),
    ("variance", "Dana Reyes", "reports/pnl/", r"/pnl/[0-9a-f-]{36}/$", DESKTOP),
    ("phone", "Priya Raman", "reports/owner/", "", PHONE),
)


def signed_in(browser: Browser, *, base: str, who: str, size: tuple[int, int]) -> Page:
    """A page of one of the demo's cast."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=1)
    page.goto(f"{base}/accounts/login/")
    page.get_by_role("button", name=who).click()
    page.wait_for_url("**/p/**")
    return page


def links(page: Page, *, within: str) -> list[str]:
    """Paths of the links inside an element."""
    found: list[str] = page.eval_on_selector_all(f"{within} a[href]", "all => all.map((each) => each.href)")
    return list(dict.fromkeys(urlsplit(each).path for each in found))


def save(page: Page, *, path: Path) -> None:
    """A picture of the window in few colours: small enough for a repository."""
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def readme(browser: Browser, *, base: str) -> None:
    """The pictures of the README."""
    for name, who, address, opens, size in PICTURES:
        page = signed_in(browser, base=base, who=who, size=size)
        page.goto(f"{base}/p/harborview/{address}")
        if opens:
            page.goto(base + next(each for each in links(page, within="#main") if re.search(opens, each)))
        save(page, path=IMG / f"{name}.png")
        page.close()


def everything(browser: Browser, *, base: str, folder: Path) -> None:
    """Each page of the navigation and the first record behind it, at both sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    page = signed_in(browser, base=base, who="Dana Reyes", size=DESKTOP)
    addresses: list[str] = []
    for job in links(page, within="#nav nav"):
        page.goto(base + job)
        for address in [job, *links(page, within="#nav .wr-nav__sub")]:
            page.goto(base + address)
            addresses += [address, *[each for each in links(page, within="#main") if RECORD.search(each)][:1]]
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for address in dict.fromkeys(addresses):
            page.goto(base + address)
            name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", address.removeprefix("/p/harborview/")).strip(
                "/"
            )
            save(page, path=folder / f"{size[0]}-{name.replace('/', '.')}.png")


def main() -> None:
    """Read what is wanted and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://localhost:8000")
    parser.add_argument("--all", type=Path)
    chosen = parser.parse_args()
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        if chosen.all:
            everything(browser, base=chosen.base, folder=chosen.all)
        else:
            readme(browser, base=chosen.base)
        browser.close()


if __name__ == "__main__":
    main()
