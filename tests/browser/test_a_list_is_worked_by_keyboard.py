"""Rows are selected, done, taken back and looked at beside the list without a mouse; focus is never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from practice.models import User
from tests.browser.axe import hidden_focus, violations
from tests.browser.conftest import PHONE, Site

LIST = "staff/employees/?view=all"


@pytest.fixture
def page(site: Site, quiet: None) -> Page:
    opened = site.page("manager", bypass_csp=True)
    opened.goto(site.at(LIST))
    opened.wait_for_selector("html[data-ready]", state="attached")
    return opened


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_rows_are_selected_done_and_taken_back(page: Page, site: Site) -> None:
    press(page, "j", "x", "j", "x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
    expect(page.locator("#live")).to_have_text("2 selected")
    expect(page.locator("[data-toolbar]")).to_be_hidden()
    assert violations(page) == []
    press(page, "Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    press(page, "x")
    page.get_by_role("button", name="Put on leave").focus()
    press(page, "Enter")
    page.wait_for_url("**/bulk/**")
    expect(page.locator("[data-done]")).to_contain_text("1 done")
    expect(page.locator("#live")).to_contain_text("Undo is possible: press z")
    press(page, "z")
    expect(page.get_by_role("heading", level=1)).to_have_text("Back from leave: 1 employee")
    expect(page.locator("[data-done]")).to_contain_text("1 done")


def test_nothing_lies_over_what_has_the_focus(page: Page) -> None:
    covered = []
    for key in (*["j"] * 20, *["Tab"] * 20):
        press(page, key)
        covered.append(hidden_focus(page))
    assert not any(covered), covered


def test_a_row_is_looked_at_and_changed_beside_the_list(page: Page, site: Site) -> None:
    press(page, "j", "j", " ")
    panel = page.locator("#panel")
    name = panel.locator("h2").first
    expect(name).to_be_focused()
    person = name.inner_text()
    assert "panel=" in page.url
    assert violations(page) == []
    for _ in range(25):
        press(page, "Tab")
    assert page.evaluate("!document.querySelector('#main').contains(document.activeElement)")
    panel.get_by_role("button", name="Put on leave").focus()
    press(page, "Enter")
    expect(panel.locator("[data-done]")).to_contain_text("On leave")
    expect(page.locator("#toast-good")).to_have_text("On leave")
    expect(page.locator("#results tbody tr", has_text=person.split()[-1]).first).to_contain_text("On leave")
    press(page, "z")
    expect(panel.locator("[data-done]")).to_contain_text("Back at work")
    assert "panel=" in page.url
    press(page, "e")
    panel.get_by_label("Last name").fill("")
    press(page, "Control+Enter")
    expect(panel.locator(".wr-problem")).to_be_focused()
    site.complaints[:] = [said for said in site.complaints if "status of 422" not in said]  # Chromium logs it
    address = page.url
    press(page, "Escape")
    page.on("dialog", lambda asked: asked.accept())
    expect(panel).to_be_hidden()
    expect(page.locator("tbody th a", has_text=person.split()[-1]).first).to_be_focused()
    assert "panel=" not in page.url
    page.goto(address)
    expect(panel.get_by_role("heading").first).to_be_visible()


def test_keys_are_listed_and_can_be_switched_off(page: Page, site: Site) -> None:
    press(page, "?")
    expect(page.locator("#help")).to_contain_text("Select the row")
    press(page, "Escape")
    User.objects.filter(email__startswith="manager@").update(single_keys=False, theme="dark")
    page.goto(site.at(LIST))
    press(page, "?", "n")
    expect(page.locator("#help")).to_be_hidden()
    assert page.url.endswith(LIST)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    User.objects.filter(email__startswith="manager@").update(single_keys=True, theme="system")


def test_a_view_is_saved_from_the_keyboard_and_the_palette_finds_what_was_opened(
    page: Page, site: Site
) -> None:
    page.get_by_role("button", name="Save this view").focus()
    press(page, "Enter")
    page.get_by_label("Name", exact=True).fill("Everyone, by name")
    press(page, "Enter")
    expect(page.get_by_role("link", name=re.compile("Everyone, by name"))).to_have_attribute(
        "aria-current", "page"
    )
    page.locator("tbody th a").first.click()
    who = page.get_by_role("heading", level=1).inner_text()
    press(page, "Control+k")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Put on leave")
    expect(page.locator("#palette")).to_contain_text(who)
    page.context.close()
    small = site.page("manager", size=PHONE)
    small.goto(site.at(LIST))
    assert small.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
