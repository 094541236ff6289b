"""Every part of the kit, light and dark, wide and on a phone, beside its committed picture; axe finds nothing in any.

The parts are those of /kit/ (``data-part``), of the whole pages below it and what opens over a page. What is meant to
look otherwise: ``WELLRUN_RENEW_PICTURES=1 ./run test tests/browser/test_parts_look_as_they_did.py``, and look at them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.browser import pictures
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.tiers import turn

LOOKS = [(theme, size) for size in ("wide", "phone") for theme in ("light", "dark")]
SIZES = {"wide": DESKTOP, "phone": PHONE}
PARTS = """() => Object.fromEntries([...document.querySelectorAll("[data-part]")].map((each) => {
  const box = each.getBoundingClientRect();
  return [each.dataset.part, [box.x + scrollX, box.y + scrollY, box.width, box.height]];
}))"""
# Whole pages below /kit/ and the parts of them that stand on no other page.
WHOLE = {
    "list": {"head": ".wr-head", "tabs": ".wr-tabs", "filters": "#list-form", "top": "#top"},
    "detail": {
        "head": ".wr-head",
        "facts": ".wr-facts",
        "aside": ".wr-split > aside",
        "main": ".wr-split > div",
    },
    "action": {"form": ".wr-form"},
    "many": {"form": ".wr-form"},
    "declined": {"said": ".wr-empty"},
}
# What opens: how, and what is then looked at.
OPENED = {
    "menu": ("[popovertarget=sample-menu]", "#sample-menu"),
    "account": ("[popovertarget=account-menu]", "#account-menu"),
    "help": ("[data-part=panel] [data-dialog=help]", "#help"),
    "side-panel": ("[data-part=panel] [data-panel]", "#panel"),
    "palette": ("[data-palette-open]", "#palette"),
    "saved-view": ("[popovertarget=saved-view]", "#saved-view"),
}
# On a phone these look otherwise than a narrow window of the same.
ON_PHONES = {
    "table", "bulk", "tiles", "heat", "chart-1", "list-head", "list-filters", "list-top", "nav", "detail-facts",
    "detail-main", "palette",
}  # fmt: skip


def look(site, theme, size):
    """A page that sees as somebody with this screen does."""
    page = site.context(size=SIZES[size], color_scheme=theme, bypass_csp=True).new_page()
    return site.listen(page)


def cut(picture, box):
    x, y, width, height = box
    return picture.crop((int(x), int(y), int(x + width + 0.99), int(y + height + 0.99)))


def parts(page, site):
    """(name, picture) of every part."""
    width, height = page.viewport_size.values()
    page.goto(site.at("/kit/"))
    page.locator("[data-part=bulk] [data-select]").first.check()
    pictures.stretch(page, width=width)
    picture = pictures.shot(page)
    for name, box in page.evaluate(PARTS).items():
        yield name, cut(picture, box)
    page.set_viewport_size({"width": width, "height": height})
    for name, (opener, opened) in OPENED.items():
        page.goto(site.at("/kit/list/" if name == "saved-view" else "/kit/"))
        page.locator(opener).click()
        page.locator(opened).wait_for(state="visible")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(80)  # menus are placed once they are open
        yield name, cut(pictures.shot(page), list(page.locator(opened).bounding_box().values()))
    yield "toast", toast(page, site, place="toast", words="No connection. Nothing was saved. Try again.")
    yield "toast-good", toast(page, site, place="toast-good", words="Changes saved")
    for whole, shown in WHOLE.items():
        page.goto(site.at(f"/kit/{whole}/"))
        pictures.stretch(page, width=width)
        boxes = {name: page.locator(selector).first.bounding_box() for name, selector in shown.items()}
        picture = pictures.shot(page)
        for name, box in boxes.items():
            if box is not None:  # not everything is shown on a phone
                yield f"{whole}-{name}", cut(picture, list(box.values()))
    yield "nav", navigation(page, site, narrow=width < 720)
    if width > 720 and not page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        yield "printed", printed(page, site)  # paper is white


def navigation(page, site, *, narrow):
    page.goto(site.at("/kit/list/"))
    if narrow:
        page.locator("[data-nav-open]").click()
    return cut(pictures.shot(page), list(page.locator("#nav").bounding_box().values()))


def toast(page, site, *, place, words):
    page.goto(site.at("/kit/"))
    page.evaluate("([id, words]) => { at = document.getElementById(id); at.showPopover(); at.textContent = words; }",
                  [place, words])  # fmt: skip
    return cut(pictures.shot(page), list(page.locator(f"#{place}").bounding_box().values()))


def printed(page, site):
    """The list as the browser prints it, but for the moment it says."""
    page.goto(site.at("/kit/list/"))
    page.emulate_media(media="print")
    page.evaluate("document.querySelector('.wr-printed').textContent = 'Printed by Dana Reyes'")
    pictures.stretch(page, width=page.viewport_size["width"])
    return cut(pictures.shot(page), list(page.locator("#main").bounding_box().values()))


@pytest.mark.deep
@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_parts_look_as_they_did(gallery, quiet_gallery, theme, size):
    if not pictures.RENEW:
        turn(one_in=2)
    page = look(gallery, theme, size)
    page.goto(gallery.at("/kit/"))
    if pictures.RENEW:
        pictures.remember(page)
    elif other := pictures.other_browser(page):
        pytest.skip(other)
    compared = {
        name: pictures.compare(picture, name=f"{name}-{size}-{theme}")
        for name, picture in parts(page, gallery)
        if size == "wide" or name in ON_PHONES
    }
    page.context.close()
    wrong = [each for each in compared.values() if each]
    assert wrong == [], f"{pictures.FOUND} shows it. When it is meant: {pictures.COMMAND}"
    assert len(compared) >= (len(ON_PHONES) if size == "phone" else 40), sorted(compared)


def test_every_baseline_is_of_a_part_and_all_are_small():
    kept = list(pictures.FOLDER.glob("*.png"))
    assert len(kept) > 100, f"pictures are missing: {pictures.COMMAND}"
    assert sum(each.stat().st_size for each in kept) < 400_000
    strays = [each.name for each in kept if each.stem.split("-")[-2:] not in [[s, t] for t, s in LOOKS]]
    assert strays == []


@pytest.fixture
def quiet_gallery(gallery):
    """The test fails when a page of the gallery complained."""
    gallery.complaints.clear()
    yield
    assert [each for each in gallery.complaints if "422" not in each] == []


@pytest.mark.parametrize(("theme", "size"), LOOKS[:3])
def test_axe_finds_nothing_in_any_part_and_nothing_overflows(gallery, quiet_gallery, theme, size):
    page, broken = look(gallery, theme, size), {}
    pages = ("", "list/", "detail/", "form/", "refused/", "action/", "many/", "declined/")
    for path in pages if theme == "light" else pages[:3]:
        page.goto(gallery.at(f"/kit/{path}"))
        if found := [*violations(page), *filter(None, [overflow(page)])]:
            broken[path] = found
    page.context.close()
    assert broken == {}


@pytest.mark.parametrize("mode", ["production", "demo"])
def test_there_is_no_gallery_where_people_work(settings, mode):
    settings.MODE = mode
    found = importlib.util.spec_from_file_location(
        f"urls_of_{mode}", Path(__file__).parents[2] / "practice" / "urls.py"
    )
    urls = importlib.util.module_from_spec(found)
    found.loader.exec_module(urls)
    assert not [each for each in urls.urlpatterns if str(each.pattern).startswith("kit/")]
