"""A visit on the grid is dragged, or moved by Shift and arrows; nothing moves before somebody says so."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kit import clock
from scheduling.models import Appointment
from scheduling.services import appointments
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, within


def _visit(actor):
    """A booked visit of a later day, alone in its hour."""
    after = clock.now() + timedelta(days=1)
    found = Appointment.objects.filter(status__in=("booked", "confirmed"), starts_at__gt=after)
    return found.select_related("patient", "location", "provider").order_by("starts_at").first()


@pytest.fixture
def visit(site):
    return within("manager", _visit)


def local(visit):
    return visit.starts_at.astimezone(ZoneInfo(visit.location.timezone))


def now(visit):
    return within("manager", lambda actor: Appointment.objects.select_related("location").get(pk=visit.pk))


def day_of(visit) -> str:
    return f"scheduling/?day={visit.local_day}&location={visit.location_id}"


def card(page, visit):
    return page.locator(f'[data-move$="/visits/{visit.pk}/move/"]')


def test_it_is_dragged_kept_back_and_dragged_again(site, visit):
    page = site.page("manager")
    page.goto(site.at(day_of(visit)))
    taken = card(page, visit)
    taken.scroll_into_view_if_needed()
    box = taken.bounding_box()
    per_hour = page.locator("[data-column]").first.bounding_box()["height"] / int(
        page.locator("[data-grid]").get_attribute("data-hours")
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + 4

    def drag():
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + per_hour / 2, steps=6)
        page.mouse.move(x, y + per_hour / 2 + per_hour / 24, steps=2)
        page.mouse.up()

    drag()
    page.get_by_role("button", name="Put back").click()
    assert taken.get_attribute("class").split("wr-at-")[1].split()[0] == taken.get_attribute("data-at")
    assert now(visit).starts_at == visit.starts_at
    drag()
    assert page.get_by_role("button", name="Move", exact=True).evaluate(
        "each => each === document.activeElement"
    )
    with page.expect_navigation():
        page.keyboard.press("Enter")
    shown = page.locator("main").inner_text()
    moved = now(visit)
    page.context.close()
    if "moved to" in shown:
        assert timedelta(minutes=25) <= moved.starts_at - visit.starts_at <= timedelta(minutes=40)
    else:  # the told day may be full there: then it says so, and nothing has moved
        assert "There is a problem" in shown
        assert moved.starts_at == visit.starts_at


def test_shift_and_arrows_move_it_enter_keeps_it(site, visit):
    page = site.page("manager")
    page.goto(site.at(f"scheduling/week/?day={visit.local_day}"))
    cards = page.locator("[data-move]")
    assert cards.count() >= 1
    chosen = cards.last
    before, key = int(chosen.get_attribute("data-at")), chosen.get_attribute("data-move")
    chosen.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert f"wr-at-{before + 2}" in page.locator(f'[data-move="{key}"]').get_attribute("class")
    page.keyboard.press("Escape")
    assert f"wr-at-{before}" in page.locator(f'[data-move="{key}"]').get_attribute("class").split()
    assert page.locator(f'[data-move="{key}"]').evaluate("each => each === document.activeElement")
    page.keyboard.press("Shift+ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    text = page.locator("main").inner_text()
    page.context.close()
    assert "moved to" in text or "There is a problem" in text


def test_two_people_drag_one_visit_and_the_second_sees_what_happened(site, visit):
    first, second = site.page("manager"), site.page("front_desk")
    for page in (first, second):
        page.goto(site.at(day_of(visit)))
    within(
        "manager",
        lambda actor: (
            appointments.confirm(visit, actor=actor)
            if visit.status == "booked"
            else appointments.move(
                visit, starts_at=visit.starts_at, actor=actor, accept={"overbook"}, override_reason="x"
            )
        ),
    )
    card(second, visit).focus()
    second.keyboard.press("Shift+ArrowDown")
    with second.expect_navigation():
        second.keyboard.press("Enter")
    assert "Somebody changed this visit meanwhile. It is " in second.locator("main").inner_text()
    assert now(visit).starts_at == visit.starts_at
    for page in (first, second):
        page.context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_week_and_sheet_are_accessible_and_fit(site, visit, size):
    page = site.page("manager", size=size, bypass_csp=True)
    broken = {}
    for path in (f"scheduling/week/?day={visit.local_day}", f"scheduling/day-sheet/?day={visit.local_day}"):
        page.goto(site.at(path))
        if found := [*violations(page), *filter(None, [overflow(page)])]:
            broken[path] = found
    page.context.close()
    assert broken == {}
