"""A visit through the flow board by keyboard alone; polls take neither focus nor a form away; it fits a phone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from kit import clock
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in
from scheduling.models import Appointment, StatusEvent
from scheduling.services import appointments
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, SLUG, Site
from tests.tiers import share

LOOK = os.environ.get("WELLRUN_LOOK", "")  # a folder for pictures to look at


@pytest.fixture
def visit(site: Site) -> Appointment:
    """Somebody booked half an hour from now: the next visit of all, brought to today if today's are used up."""
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk)):
        now = clock.now()
        booked = Appointment.objects.filter(
            status__in=("booked", "confirmed"),
            starts_at__gt=now,
            patient__is_restricted=False,
        )
        first = booked.select_related("patient", "location").order_by("starts_at", "id").first()
        assert first is not None
        first.starts_at, first.ends_at = now + timedelta(minutes=30), now + timedelta(minutes=50)
        first.local_day = now.astimezone(ZoneInfo(first.location.timezone)).date()
        first.save()
        return first


def _acting(act: str, visit: Appointment) -> None:
    """Somebody at another desk takes the visit one step on."""
    found = Practice.objects.get(slug=SLUG)
    actor = system_actor(practice_id=found.pk)
    with acting_in(found.pk, actor=actor):
        getattr(appointments, act)(Appointment.objects.get(pk=visit.pk), actor=actor)


def _status(visit: Appointment) -> str:
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        return Appointment.objects.get(pk=visit.pk).status


def _open(site: Site, visit: Appointment, *, role: str = "front_desk") -> Page:
    page = site.page(role, bypass_csp=True)
    page.goto(site.at(f"scheduling/flow/?location={visit.location_id}"))
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def _card(page: Page, visit: Appointment) -> str:
    return f'[data-card="{visit.pk}"]'


def _in_focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-card]')?.dataset.card ?? ''"))


def _settled(page: Page, visit: Appointment) -> None:
    """Until the board that was just drawn has given the card its focus back and nothing is on its way."""
    page.wait_for_function(
        "id => document.activeElement.closest('[data-card]')?.dataset.card === id", arg=str(visit.pk)
    )
    page.wait_for_load_state("networkidle")


def _lane(page: Page, visit: Appointment) -> str:
    return str(page.eval_on_selector(_card(page, visit), "each => each.closest('[data-lane]').dataset.lane"))


def _to(page: Page, visit: Appointment) -> None:
    """Walk the cards with j until the visit's has the focus."""
    for _ in range(60):
        if _in_focus(page) == str(visit.pk):
            return
        page.keyboard.press("j")
    raise AssertionError("j does not reach the card")


def test_a_visit_goes_through_the_board_by_keyboard_alone(
    site: Site, quiet: None, visit: Appointment
) -> None:
    page = _open(site, visit)
    _to(page, visit)
    page.keyboard.press("n")
    expect(page.locator(f'[data-lane="arrived"] {_card(page, visit)}')).to_be_visible()
    assert _in_focus(page) == str(visit.pk)
    expect(page.locator("#live")).to_contain_text("marked as arrived")
    page.keyboard.press("w")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("waits")
    assert violations(page) == []
    page.keyboard.press("1")
    expect(panel).to_be_hidden()
    expect(page.locator(_card(page, visit))).to_contain_text("Waits:")
    page.keyboard.press("n")
    page.wait_for_url("**/check-in/**")
    assert violations(page) == []
    for field in ("#id_identity", "#id_contact"):
        page.locator(field).focus()
        page.keyboard.press("Space")
    page.locator("#id_reason").focus()
    page.keyboard.type("Known for years")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/scheduling/flow/**")
    expect(page.locator(f'[data-lane="checked_in"] {_card(page, visit)}')).to_be_visible()
    assert _in_focus(page) == str(visit.pk), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    page.keyboard.press("r")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Room for")
    assert violations(page) == []
    page.keyboard.press("1")
    expect(page.locator(f'[data-lane="roomed"] {_card(page, visit)}')).to_be_visible()
    assert _in_focus(page) == str(visit.pk)
    page.keyboard.press("n")
    expect(page.locator(f'[data-lane="with_provider"] {_card(page, visit)}')).to_be_visible()
    _settled(page, visit)
    page.keyboard.press("n")
    expect(page.locator(f'[data-lane="checkout"] {_card(page, visit)}')).to_be_visible()
    _settled(page, visit)
    page.keyboard.press("n")
    page.wait_for_url("**/check-out/**")
    assert violations(page) == []
    page.keyboard.press("c")
    page.wait_for_url("**/scheduling/flow/**")
    expect(page.locator(_card(page, visit))).to_have_count(0)
    assert _status(visit) == "completed"
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        steps = list(
            StatusEvent.objects.filter(appointment=visit)
            .order_by("at", "id")
            .values_list("status", flat=True)
        )
    assert steps[-7:] == [
        "arrived",
        "arrived",
        "checked_in",
        "roomed",
        "with_provider",
        "checkout",
        "completed",
    ]
    page.context.close()


def test_clocks_run_and_a_poll_takes_neither_focus_nor_an_open_form_away(
    site: Site, quiet: None, visit: Appointment
) -> None:
    page = _open(site, visit)
    _to(page, visit)
    page.keyboard.press("n")
    clocks = page.locator(f'[data-lane="arrived"] {_card(page, visit)} [data-clock]')
    before = clocks.inner_text()
    page.wait_for_timeout(1500)
    assert clocks.inner_text() != before
    page.keyboard.press("w")
    note = page.locator("#panel #wait-note")
    note.fill("Typed halfway")
    with page.expect_response(
        lambda answer: "/scheduling/flow/" in answer.url and answer.status == 304, timeout=9000
    ):
        pass
    _acting("check_in", visit)
    expect(page.locator(f'[data-lane="checked_in"] {_card(page, visit)}')).to_be_attached(timeout=9000)
    expect(note).to_have_value("Typed halfway")
    page.keyboard.press("Escape")
    site.complaints[:] = [said for said in site.complaints if "409" not in said]
    page.context.close()


def test_who_comes_second_is_told_what_the_first_one_did(site: Site, quiet: None, visit: Appointment) -> None:
    page = _open(site, visit)
    _to(page, visit)
    page.evaluate("document.querySelector('[data-flow-poll]').remove()")
    _acting("arrive", visit)
    page.keyboard.press("n")
    expect(page.get_by_role("alert").filter(has_text="Somebody changed this visit")).to_be_visible()
    assert _status(visit) == "arrived"
    site.complaints[:] = [said for said in site.complaints if "409" not in said]  # Chromium logs it
    page.context.close()


def test_the_board_is_accessible_and_fits(site: Site, quiet: None, visit: Appointment) -> None:
    page = _open(site, visit)
    for size, name in ((DESKTOP, "desktop"), (PHONE, "phone"), ((320, 700), "narrow")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if LOOK:
            page.screenshot(path=Path(LOOK) / f"flow-{name}.png", full_page=name != "desktop")
        assert violations(page) == [], name
        assert not overflow(page), name
    page.emulate_media(media="print")
    if LOOK:
        page.screenshot(path=Path(LOOK) / "flow-print.png", full_page=True)
    expect(page.locator("[data-flow-key=n]").first).to_be_hidden()
    page.context.close()
    dark = site.page("front_desk", bypass_csp=True, color_scheme="dark")
    dark.goto(site.at(f"scheduling/flow/?location={visit.location_id}"))
    if LOOK:
        dark.screenshot(path=Path(LOOK) / "flow-dark.png")
    assert violations(dark) == []
    dark.context.close()


@pytest.mark.deep
def test_the_desks_pages_are_accessible_and_fit(site: Site, quiet: None, visit: Appointment) -> None:
    page = site.page("front_desk", bypass_csp=True)
    pages = {
        "check-in": f"scheduling/visits/{visit.pk}/check-in/",
        "check-out": f"scheduling/visits/{visit.pk}/check-out/",
        "room": f"scheduling/flow/{visit.pk}/room/",
        "wait": f"scheduling/flow/{visit.pk}/wait/",
        "check-ins": "scheduling/check-ins/?view=all",
    }
    _sound(page, site=site, pages=dict(share(pages.items(), one_in=2)))
    manager = site.page("manager", bypass_csp=True)
    _sound(manager, site=site, pages={"patient-flow": "scheduling/patient-flow/"})
    page.context.close()
    manager.context.close()


def _sound(page: Page, *, site: Site, pages: dict[str, str]) -> None:
    """Nothing for axe to find and nothing that overflows, wide and on a phone."""
    for name, address in pages.items():
        page.goto(site.at(address))
        for size, called in ((DESKTOP, "desktop"), (PHONE, "phone"), ((320, 700), "narrow")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            if LOOK:
                page.screenshot(path=Path(LOOK) / f"{name}-{called}.png", full_page=True)
            assert violations(page) == [], (name, called)
            assert not overflow(page), (name, called)


def test_the_board_works_without_scripts(site: Site, visit: Appointment) -> None:
    page = site.page("front_desk", java_script_enabled=False)
    page.goto(site.at(f"scheduling/flow/?location={visit.location_id}"))
    card = page.locator(_card(page, visit))
    card.get_by_role("button").click()
    expect(page.get_by_text("is marked as arrived")).to_be_visible()
    page.locator(_card(page, visit)).get_by_role("link", name="Room of").click()
    page.get_by_role("button", name="Roomed, whichever room").click()
    expect(page.locator(f'[data-lane="roomed"] {_card(page, visit)}')).to_be_visible()
    page.context.close()
