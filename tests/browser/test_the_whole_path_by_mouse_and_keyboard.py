"""The main job from end to end, in a browser: booked by keyboard alone, completed, charged, sent, answered, posted."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SLUG, Site, let_jobs_run

SECONDS_TO_BOOK = 15


def test_the_whole_path_by_mouse_and_keyboard(site: Site, quiet: None) -> None:
    name, control = _front_desk(site)
    biller = site.page("biller")
    _charge(biller, site=site, visit=control)
    number = _submit(biller, site=site)
    _post(biller, site=site, number=number)
    _see_denials(biller, site=site)
    _read_as_owner(site)
    assert name


def test_work_is_snoozed_and_finished_by_keyboard_alone(site: Site, quiet: None) -> None:
    page = site.page("manager")
    page.goto(site.at("work/"))
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("n")
    page.wait_for_url("**/work/new/")
    page.get_by_label("What is to be done").fill("Water the plants")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/work/[0-9a-f-]{36}/"))
    page.goto(site.at("work/?view=mine&q=plants"))
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Water the plants", exact=True)).to_be_focused()
    page.keyboard.press("s")
    page.get_by_label("Why it can wait").fill("It rained")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 item snoozed.")).to_be_visible()
    page.goto(site.at("work/?view=waiting&q=plants"))
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]", has_text="1 selected")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_text("1 item done.")).to_be_visible()
    page.context.close()


def _front_desk(site: Site) -> tuple[str, str]:
    """Sign in with a password, book by keyboard alone, see the visit through; returns patient and visit."""
    page = site.listen(site.context().new_page())
    page.goto(site.at("/accounts/login/"))
    page.get_by_label("Work email").fill(f"front_desk@{SLUG}.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")
    name = _insured(page, site=site)
    visit = _book_by_keyboard(page, site=site, name=name)
    page.goto(visit)
    page.get_by_role("button", name="Arrived", exact=True).click()
    page.wait_for_url("**/scheduling/?day=*")
    page.goto(visit)
    page.keyboard.press("c")
    page.get_by_label("The patient said their name and date of birth").check()
    page.get_by_label("Telephone and address are right").check()
    page.get_by_role("button", name="Check in", exact=True).click()
    page.wait_for_url("**/scheduling/flow/?location=*")
    page.goto(visit)
    page.get_by_role("button", name="Complete visit", exact=True).click()
    page.wait_for_url("**/scheduling/?day=*")
    page.goto(visit)
    expect(page.locator(".wr-head__title .wr-status")).to_have_text("Completed")
    page.context.close()
    return name, visit


def _insured(page: Page, *, site: Site) -> str:
    """Register somebody and give them the card of a training payer."""
    page.goto(site.at("patients/new/"))
    page.get_by_label("First name").fill("Wilhelmina")
    page.get_by_label("Last name").fill("Keys")
    page.get_by_label("Birth date").fill("02/14/1971")
    page.locator("#id_phone").fill("(914) 555-0188")
    page.get_by_role("button", name="Register patient").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Street and number").fill("7 Mill Road")
    page.get_by_label("City").fill("Harborview")
    page.get_by_label("State").fill("NY")
    page.get_by_label("ZIP code").fill("10562")
    page.get_by_role("button", name="Save changes").click()
    page.get_by_role("link", name="Add coverage").click()
    page.get_by_label("Payer").select_option(label="Northway Health PPO")
    page.get_by_label("Member ID").fill("NWH884120775")
    page.get_by_label("First day").fill("01/01/2026")
    page.get_by_role("button", name="Add coverage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wilhelmina Keys")
    return "Wilhelmina Keys"


def _book_by_keyboard(page: Page, *, site: Site, name: str) -> str:
    """n, a few letters, Enter, Enter: no mouse, and quick."""
    page.goto(site.at("scheduling/"))
    page.wait_for_selector("html[data-ready]", state="attached")
    began = time.monotonic()
    page.keyboard.press("n")
    expect(page.locator("#book")).to_be_focused()
    page.keyboard.type("keys w")
    page.locator("#book-answer a[data-option]", has_text="Keys, Wilhelmina").wait_for()
    page.keyboard.press("Enter")
    page.locator("[data-openings] button").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scheduling/?day=*")
    took = time.monotonic() - began
    assert took < SECONDS_TO_BOOK, f"booking by keyboard took {took:.1f} s"
    card = page.locator("a.wr-appt", has_text="Keys")
    expect(card).to_have_count(1)
    return site.url + str(card.get_attribute("href"))


def _charge(page: Page, *, site: Site, visit: str) -> None:
    key = visit.rstrip("/").rsplit("/", 1)[-1]
    page.goto(site.at(f"billing/visits/{key}/charges/"))
    first = page.get_by_role("group", name="Charge 1")
    first.get_by_label("Code").fill("99213")
    first.get_by_label("Diagnoses").fill("J02.9")
    page.get_by_role("button", name="Save charges").click()
    expect(page.get_by_text("1 charges entered.")).to_be_visible()
    expect(page.get_by_role("link", name="Claim ")).to_be_visible()


def _submit(page: Page, *, site: Site) -> str:
    """Send every ready claim from the page that lists them; returns the number of the patient's."""
    page.goto(site.at("billing/claims/?view=ready"))
    page.get_by_role("link", name="Send ready claims").click()
    row = page.locator("tbody tr", has_text="Wilhelmina Keys")
    number = row.locator("th a").inner_text()
    page.get_by_role("button", name="Send the ticked claims").click()
    expect(page.get_by_text(re.compile(r"\d+ claims sent in 837P-"))).to_be_visible()
    assert let_jobs_run() >= 2  # the file is laid out, the training payer answers, the answer is taken in
    return number


def _post(page: Page, *, site: Site, number: str) -> None:
    """Look through the payments that wait, post each; the claim is answered and a second post changes nothing."""
    while True:
        page.goto(site.at("billing/remittances/?view=ready"))
        waiting = page.locator("tbody th a")
        if not waiting.count():
            break
        waiting.first.click()
        expect(page.locator(".wr-balance__ok")).to_contain_text("Balanced")
        page.get_by_role("link", name=re.compile("Post .* ready claim")).click()
        page.get_by_role("button", name=re.compile("^Post ")).click()
        expect(page.get_by_text(re.compile("Posted .* claim"))).to_be_visible()
    page.goto(site.at("billing/claims/?view=all"))
    page.get_by_role("link", name=number, exact=True).click()
    status = page.locator(".wr-head__title .wr-status")
    expect(status).to_have_text(re.compile("Paid|Partly paid|Denied"))


def _see_denials(page: Page, *, site: Site) -> None:
    page.goto(site.at("billing/denials/"))
    card = page.locator("a.wr-card--link").first
    expect(card).to_contain_text("$")
    card.click()
    page.get_by_role("button", name="Start work").click()
    expect(page.locator(".wr-head__title .wr-status")).to_have_text("Working")
    page.context.close()


def _read_as_owner(site: Site) -> None:
    """The night has run: the owners' page has figures; the report has a PDF behind its link."""
    manager = site.page("manager")
    manager.goto(site.at("reports/kpi/"))
    manager.get_by_role("button", name="Compute again").click()
    let_jobs_run()
    owner = site.page("owner")
    owner.goto(site.at("reports/owner/"))
    assert owner.locator(".wr-tile").count() >= 4
    owner.goto(site.at("reports/pnl/"))
    owner.locator("tbody th a").first.click()
    link = owner.get_by_role("link", name="Download PDF")
    answer = owner.context.request.get(site.url + str(link.get_attribute("href")))
    assert answer.body().startswith(b"%PDF-")
    manager.context.close()
    owner.context.close()
