"""The week of a template: drawn with the mouse, typed without one; its pages are accessible and fit a phone."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from practice.selectors.days import practice_today
from scheduling.models import Displacement, Resource, ScheduleException, ScheduleTemplate
from scheduling.selectors.templates import week_of
from scheduling.services import templates
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, within
from tests.tiers import share


def begin(actor):
    resource = Resource.objects.filter(kind="device").select_related("location").order_by("name").first()
    return templates.draft(
        resource=resource, valid_from=practice_today(actor) + timedelta(days=1), actor=actor, cycle_weeks=2
    )


@pytest.fixture
def draft(site):
    return within("manager", begin)


def blocks(draft):
    return within("manager", lambda actor: week_of(draft))


@pytest.mark.deep
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_of_supply_is_accessible_and_fits(site, draft, size):
    page = site.page("manager", size=size, bypass_csp=True)
    of_provider = within(
        "manager", lambda actor: ScheduleTemplate.objects.filter(resource__kind="provider").first().pk
    )
    displaced = within("manager", lambda actor: Displacement.objects.first().pk)
    exception = within("manager", lambda actor: ScheduleException.objects.first().pk)
    pages = (
        "scheduling/templates/?view=all", f"scheduling/templates/{of_provider}/", f"scheduling/templates/{draft.pk}/",
        f"scheduling/templates/{draft.pk}/week/", f"scheduling/templates/{draft.pk}/preview/",
        "scheduling/templates/new/", "scheduling/exceptions/", f"scheduling/exceptions/{exception}/",
        "scheduling/exceptions/new/", "scheduling/displaced/", f"scheduling/displaced/{displaced}/",
        "settings/visit-types/", "settings/provider-rules/new/", "settings/bookable/", "scheduling/access/",
        "scheduling/access/?hours=-4&overbook=10",
    )  # fmt: skip
    broken = {}
    for path in share(pages, one_in=5):
        page.goto(site.at(path))
        if found := [*violations(page), *filter(None, [overflow(page)])]:
            broken[path] = found
    page.context.close()
    assert broken == {}


def test_a_block_is_drawn_with_the_mouse_into_the_week_that_is_shown(site, draft):
    page = site.page("manager")
    page.goto(site.at(f"scheduling/templates/{draft.pk}/week/"))
    page.get_by_role("button", name="Week 2").click()
    column = page.locator('[data-week-grid] [data-day="1"]')
    box = column.bounding_box()
    per_hour = box["height"] / int(page.locator("[data-week-grid]").get_attribute("data-hours"))
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + 2 * per_hour)  # the picture begins at seven: nine o'clock
    page.mouse.down()
    page.mouse.move(x, box["y"] + 3.5 * per_hour, steps=5)
    page.mouse.up()
    row = page.locator("[data-block-row]").first
    assert row.get_by_label("From").input_value() == "9:00 AM"
    assert row.get_by_label("To", exact=True).input_value() == "10:30 AM"
    page.get_by_role("button", name="Save week").click()
    page.get_by_text("Week saved.").wait_for()
    page.context.close()
    (made,) = blocks(draft)
    assert (made.weekday, made.cycle_week, made.starts_at, made.ends_at) == (1, 2, time(9), time(10, 30))


def test_the_week_is_typed_removed_and_previewed_by_keyboard_alone(site, draft):
    page = site.page("manager")
    page.goto(site.at(f"scheduling/templates/{draft.pk}/week/"))
    row = page.locator("[data-block-row]").first
    row.get_by_label("From").focus()
    page.keyboard.type("8 am")
    page.keyboard.press("Tab")
    page.keyboard.type("12 pm")
    page.keyboard.press("Tab")
    assert page.locator('[data-week-grid] [data-day="0"] .wr-block').count() == 1
    page.get_by_role("button", name="Add a block").focus()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Remove").focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-week-grid] .wr-block").count() == 0
    second = page.locator("[data-block-row]:not([hidden])").first
    second.get_by_label("From").focus()
    page.keyboard.type("13:00")
    page.keyboard.press("Tab")
    page.keyboard.type("17:00")
    page.get_by_role("button", name="Save and preview").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What this version changes").wait_for()
    page.context.close()
    (made,) = blocks(draft)
    assert (made.weekday, made.starts_at, made.ends_at) == (0, time(13), time(17))


def test_the_day_shows_the_template_behind_the_visits(site):
    page = site.page("manager")
    page.goto(site.at("scheduling/"))
    assert page.locator(".wr-grid .wr-block[title*=': open']").count() >= 1
    page.context.close()
