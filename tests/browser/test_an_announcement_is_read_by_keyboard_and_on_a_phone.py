"""Announcing, reading and confirming without a mouse, and on a phone: axe finds nothing and nothing overflows."""

from __future__ import annotations

import pytest

from practice.models import AnnouncementReceipt
from practice.services import announcements
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, within

LONG = "Wellness" * 12


@pytest.fixture(scope="module")
def said(gallery):
    return [
        within("owner", lambda actor, n=n: announcements.announce(
            title=f"{LONG[:100]} {n}", text=f"{LONG}\nSecond line", must_confirm=n == 0, actor=actor
        ))
        for n in range(5)
    ]  # fmt: skip


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_of_them_is_accessible_and_fits(gallery, said, size):
    page = gallery.page("manager", size=size, bypass_csp=True)
    one = f"announcements/{said[0].pk}/"
    pages = ("work/", "announcements/?view=all", one, f"{one}read/", f"{one}edit/", f"{one}do/withdraw/",
             "announcements/new/", "announcements/receipts/")  # fmt: skip
    broken = {}
    for path in pages:
        page.goto(gallery.at(path))
        if found := [*violations(page), *filter(None, [overflow(page)])]:
            broken[path] = found
    page.context.close()
    assert broken == {}


def test_one_is_announced_and_confirmed_by_keyboard_alone(gallery, said):
    page = gallery.page("manager")
    page.goto(gallery.at("announcements/"))
    page.keyboard.press("n")
    page.wait_for_url("**/announcements/new/")
    page.get_by_label("Title").focus()
    page.keyboard.type("Typed by hand")
    page.keyboard.press("Tab")
    page.keyboard.type("Two words")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)
    page.get_by_role("link", name="Mark as read").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I have read this").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Kept: you have read it.").wait_for()
    page.context.close()
    typed = {"announcement__title": "Typed by hand"}
    assert within("owner", lambda actor: AnnouncementReceipt.objects.filter(**typed).count()) == 1
