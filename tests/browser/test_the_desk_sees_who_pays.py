"""Who pays, as the desk sees it: a visit goes on an injury’s case by mouse; pages of cases and payments are accessible
and fit a phone, and a receipt is half a page of paper.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from billing.models import PatientPayment
from patients.models import Case
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in
from scheduling.models import Appointment
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, SLUG, Site
from tests.tiers import share

# A letter page less its margins, and the half of it, in CSS pixels (96 to the inch).
LETTER_WIDTH, HALF_LETTER = int(7.3 * 96), 4.9 * 96
LOOK = os.environ.get("WELLRUN_LOOK", "")  # a folder for pictures to look at


def _injured() -> tuple[Case, Appointment]:
    """An open injury of the demo, and a visit of that patient."""
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        cases = Case.objects.exclude(kind="medical").filter(closed_on=None, patient__is_restricted=False)
        case = cases.filter(patient__appointments__isnull=False).order_by("opened_on", "id").first()
        return case, case.patient.appointments.order_by("-starts_at").first()


def _paid() -> tuple[PatientPayment, PatientPayment]:
    """The demo's newest payment that stands, and one that was taken back."""
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        rows = PatientPayment.objects.filter(patient__is_restricted=False).order_by("-received_on", "-id")
        return rows.filter(voided_at=None)[0], rows.exclude(voided_at=None)[0]


def _sound(page: Page, *, name: str) -> None:
    """Nothing for axe to find and nothing that overflows, wide and on a phone."""
    for size, called in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if LOOK:
            page.screenshot(path=Path(LOOK) / f"{name}-{called}.png", full_page=True)
        assert violations(page) == [], name
        assert not overflow(page), name


def test_a_visit_is_put_on_the_case_of_an_injury(site: Site, quiet: None) -> None:
    case, visit = _injured()
    page = site.page("front_desk", bypass_csp=True)
    page.goto(site.at(f"scheduling/visits/{visit.pk}/"))
    _sound(page, name="visit")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.get_by_label("This visit is for").select_option(str(case.pk))
    page.get_by_role("button", name="Change the case").click()
    expect(page.get_by_role("link", name=str(case), exact=True)).to_be_visible()
    _sound(page, name="visit-injury")
    page.context.close()


@pytest.mark.deep
def test_the_pages_of_cases_are_accessible_and_fit(site: Site, quiet: None) -> None:
    case, _ = _injured()
    page = site.page("manager", bypass_csp=True)
    addresses = {
        "cases": "patients/cases/?view=all",
        "case": f"patients/cases/{case.pk}/",
        "case-new": f"patients/cases/new/?patient={case.patient_id}",
        "coverage-new": f"coverages/new/?case={case.pk}",
        "self-pay": f"patients/cases/{case.pk}/do/self_pay/",
        "medicare-new": f"patients/medicare-questionnaires/new/?patient={case.patient_id}",
        "patient": f"patients/{case.patient_id}/",
    }
    for name, address in share(addresses.items(), one_in=5):
        page.goto(site.at(address))
        _sound(page, name=name)
    page.context.close()


def test_the_pages_of_payments_are_accessible_and_a_receipt_is_half_a_page(site: Site, quiet: None) -> None:
    paid, gone = _paid()
    page = site.page("manager", bypass_csp=True)
    addresses = {
        "payments": "billing/payments/?view=all",
        "till": f"billing/payments/till/?day={paid.received_on}",
        "payment": f"billing/payments/{paid.pk}/",
        "pay": f"billing/payments/new/?visit={paid.visit_id}&amount=25.00",
        "account-paid": f"billing/accounts/{paid.patient_id}/",
        "receipt-void": f"billing/payments/{gone.pk}/receipt/",
        "receipt": f"billing/payments/{paid.pk}/receipt/",
    }
    for name, address in addresses.items():
        page.goto(site.at(address))
        _sound(page, name=name)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": LETTER_WIDTH, "height": DESKTOP[1]})
    paper = page.locator(".wr-receipt").bounding_box()
    assert paper is not None
    assert paper["y"] + paper["height"] <= HALF_LETTER
    assert not page.get_by_role("heading", level=1).is_visible()
    if LOOK:
        page.screenshot(path=Path(LOOK) / "receipt-paper.png")
    page.context.close()
