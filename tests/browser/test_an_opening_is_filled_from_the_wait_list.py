"""The wait list as the desk works it: by keyboard from the day to the offer; every page accessible, none too wide."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kit import clock
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in
from scheduling.models import (
    Appointment,
    Recall,
    Reschedule,
    Resource,
    VisitSeries,
    WaitlistEntry,
    WaitlistOffer,
)
from scheduling.services import visit_links
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, SLUG, Site
from tests.tiers import share

LOOK = os.environ.get("WELLRUN_LOOK", "")  # a folder for pictures to look at


def _rows() -> dict[str, Any]:
    """Rows of the demo, by what they are."""
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        return {
            "entry": WaitlistEntry.objects.filter(state="waiting").order_by("asked_on")[0],
            "offer": WaitlistOffer.objects.filter(state="offered")[0],
            "held": Appointment.objects.filter(status="held")[0],
            "reschedule": Reschedule.objects.filter(state="open").order_by("id")[0],
            "recall": Recall.objects.filter(state="open").order_by("due_on")[0],
            "home": Resource.objects.filter(kind="provider", is_active=True).order_by("name", "id")[0],
            "series": VisitSeries.objects.order_by("id").first(),
        }


def _sound(page: Page, *, name: str) -> None:
    """Nothing for axe to find and nothing that overflows, wide and on a phone."""
    for size, called in ((DESKTOP, "desktop"), (PHONE, "phone"), ((320, 640), "narrow")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if LOOK and called != "narrow":
            page.screenshot(path=Path(LOOK) / f"{name}-{called}.png")
        assert violations(page) == [], name
        assert not overflow(page), name
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


@pytest.mark.deep
def test_the_pages_of_waiting_calling_and_series_are_accessible_and_fit(site: Site, quiet: None) -> None:
    rows = _rows()
    page = site.page("manager", bypass_csp=True)
    entry, recall = rows["entry"], rows["recall"]
    addresses = {
        "fill": "scheduling/fill/",
        "waitlist": "scheduling/waitlist/",
        "entry": f"scheduling/waitlist/{entry.pk}/",
        "entry-new": f"scheduling/waitlist/new/?patient={entry.patient_id}",
        "offer": f"scheduling/waitlist-offers/{rows['offer'].pk}/",
        "held": f"scheduling/visits/{rows['held'].pk}/",
        "reschedule": "scheduling/reschedule/?view=call",
        "reschedule-one": f"scheduling/reschedule/{rows['reschedule'].pk}/",
        "try": f"scheduling/reschedule/{rows['reschedule'].pk}/do/attempt/",
        "recalls": "scheduling/recalls/?view=open",
        "recall": f"scheduling/recalls/{recall.pk}/",
        "series-new": f"scheduling/series/new/?patient={entry.patient_id}",
        "series": "scheduling/series/",
    }
    if rows["series"] is not None:
        addresses["series-one"] = f"scheduling/series/{rows['series'].pk}/"
    addresses["outside"] = _from_outside(rows["offer"])
    for name, address in share(addresses.items(), one_in=5):
        page.goto(site.at(address))
        _sound(page, name=name)
    page.context.close()


def _from_outside(offer: WaitlistOffer) -> str:
    """The path of the page behind a message that offers a time."""
    found = Practice.objects.get(slug=SLUG)
    actor = system_actor(practice_id=found.pk)
    with acting_in(found.pk, actor=actor):
        address = visit_links.make(offer.appointment, offer=offer, actor=actor)
    return address[address.index("/v/") :]


def test_a_time_is_offered_by_keyboard_from_the_day_page(site: Site, quiet: None) -> None:
    page = site.page("front_desk", bypass_csp=True)
    page.goto(site.at("scheduling/"))
    page.keyboard.press("f")
    page.wait_for_url("**/scheduling/fill/")
    first = page.get_by_role("button", name="Offer").first
    first.focus()
    page.keyboard.press("Enter")
    held, anyway = page.get_by_text("is held for"), page.get_by_role("button", name="Offer anyway")
    expect(held.or_(anyway).first).to_be_visible()
    if anyway.count():  # the story's first one may be somebody the desk is warned about
        site.complaints.clear()  # the browser's word for a 422
        anyway.press("Enter")
    expect(held).to_be_visible()
    expect(page.get_by_role("heading", name="Waiting for an answer")).to_be_visible()
    _sound(page, name="offered")
    page.get_by_role("button", name="Accepts").first.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Booked").first).to_be_visible()
    page.context.close()


def test_a_series_is_looked_at_on_a_phone(site: Site, quiet: None) -> None:
    rows = _rows()
    entry = rows["entry"]
    page = site.page("front_desk", bypass_csp=True)
    page.goto(site.at(f"scheduling/series/new/?patient={entry.patient_id}"))
    home = rows["home"]
    page.get_by_label("Visit type", exact=True).select_option(index=1)
    page.get_by_label("Provider", exact=True).select_option(str(home.provider_id))
    page.get_by_label("Location", exact=True).select_option(str(home.location_id))
    page.get_by_label("First day").fill(f"{clock.now() + timedelta(days=28):%m/%d/%Y}")
    page.get_by_label("Time of day").fill("9:20 AM")
    page.get_by_label("Visits in all").fill("4")
    page.get_by_role("button", name="Look at every day").click()
    expect(page.get_by_text("fit as asked")).to_be_visible()
    _sound(page, name="series-looked-at")
    page.context.close()
