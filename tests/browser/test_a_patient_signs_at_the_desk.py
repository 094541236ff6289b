"""Consents, the plan that is not told, the records desk: signed by keyboard; every page is accessible and fits."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from patients.models import ConsentForm, ConsentLink, Patient, PatientConsent, RecordsRequest
from patients.rules.consents import is_drawing
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in
from scheduling.models import Appointment
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, SLUG, Site
from tests.tiers import share

LOOK = os.environ.get("WELLRUN_LOOK", "")  # a folder for pictures to look at


def _told(query):
    """What a query over the demo's rows gives."""
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        return query()


def _unsigned() -> Patient:
    people = Patient.objects.filter(is_restricted=False, consents=None, birth_date__lt=date(2000, 1, 1))
    return people.filter(deceased_on=None, language="en", entered_in_error=False).order_by("mrn").first()


def _sound(page: Page, *, name: str) -> None:
    """Nothing for axe to find and nothing that overflows, wide and on a phone."""
    for size, called in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if LOOK:
            page.screenshot(path=Path(LOOK) / f"{name}-{called}.png", full_page=True)
        assert violations(page) == [], name
        assert not overflow(page), name
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def test_a_form_is_signed_by_keyboard_and_leads_to_the_next(site: Site, quiet: None) -> None:
    patient = _told(_unsigned)
    page = site.page("front_desk", bypass_csp=True)
    page.goto(site.at(f"patients/{patient.pk}/sign/"))
    _sound(page, name="sign")
    paper = page.get_by_role("form", name=re.compile("^Sign "))
    first = paper.get_attribute("aria-label")
    page.get_by_role("button", name="Keep", exact=False).press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    _sound(page, name="sign-refused")
    site.complaints.clear()  # the browser calls the refusal (422) an error
    _draw(page)
    page.get_by_label("Full name of who signs").press_sequentially(str(patient))
    page.keyboard.press("Enter")
    expect(paper).not_to_have_attribute("aria-label", first or "")
    made = _told(lambda: PatientConsent.objects.get(patient=patient))
    assert is_drawing(made.drawing)
    page.get_by_role("link", name="Send for signature").click()
    _sound(page, name="send")
    page.get_by_label("Address or code shown").check()
    page.get_by_role("button", name="Make the link").click()
    _sound(page, name="sent")
    address = page.locator("#new-link").inner_text()
    page.goto(site.at(address[address.index("/s/") :]))
    _sound(page, name="outside-asked")
    page.get_by_label("date of birth").fill(f"{patient.birth_date:%m/%d/%Y}")
    page.get_by_role("button", name="Open the form").click()
    _draw(page)
    _sound(page, name="outside-paper")
    page.get_by_label("Full name of").fill(str(patient))
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("It is signed.")
    page.context.close()


def _draw(page: Page) -> None:
    """A stroke on the field for the signature."""
    pad = page.locator("[data-signature] svg")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box() or {}
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page.locator("[data-signature] input")).to_have_value(re.compile(r"^M\d"))


@pytest.mark.deep
def test_the_pages_of_consents_and_the_records_desk_are_accessible_and_fit(site: Site, quiet: None) -> None:
    patient = _told(_unsigned)
    consent = _told(lambda: PatientConsent.objects.filter(version__form__kind="release").first())
    form = _told(lambda: ConsentForm.objects.order_by("name").first())
    link = _told(lambda: ConsentLink.objects.filter(state="open").first())
    request = _told(lambda: RecordsRequest.objects.filter(status="released").order_by("number").first())
    waiting = _told(lambda: RecordsRequest.objects.filter(status="received").order_by("number").first())
    visit = _told(
        lambda: (
            Appointment.objects.filter(patient__is_restricted=False, status="completed")
            .order_by("id")
            .first()
        )
    )
    page = site.page("manager", bypass_csp=True)
    addresses = {
        "consents": "patients/consents/",
        "consent": f"patients/consents/{consent.pk}/",
        "consent-form": f"settings/consent-forms/{form.pk}/",
        "links": "patients/consent-links/?view=all",
        "link": f"patients/consent-links/{link.pk}/",
        "publish": f"settings/consent-versions/new/?form={form.pk}",
        "patient": f"patients/{patient.pk}/",
        "visit": f"scheduling/visits/{visit.pk}/",
        "restrict": f"billing/visits/{visit.pk}/restrict/",
        "restrictions": "billing/restrictions/?view=all",
        "requests": "patients/records-requests/",
        "request": f"patients/records-requests/{request.pk}/",
        "request-new": f"patients/records-requests/new/?patient={patient.pk}",
        "verify": f"patients/records-requests/{waiting.pk}/do/verify/",
        "deny": f"patients/records-requests/{waiting.pk}/do/deny/",
        "access": f"patients/{request.patient_id}/access/",
    }
    for name, address in share(addresses.items(), one_in=5):
        page.goto(site.at(address))
        _sound(page, name=name)
    page.context.close()
