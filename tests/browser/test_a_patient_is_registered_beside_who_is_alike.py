"""Registration as the desk sees it: who is alike appears while typing; its pages are accessible and fit a phone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from patients.models import Patient, PatientMerge
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in
from tests.browser.axe import overflow, violations
from tests.browser.conftest import DESKTOP, PHONE, SLUG, Site
from tests.tiers import share

LOOK = os.environ.get("WELLRUN_LOOK", "")  # a folder for pictures to look at


def _people() -> tuple[Patient, Patient, PatientMerge]:
    found = Practice.objects.get(slug=SLUG)
    with acting_in(found.pk, actor=system_actor(practice_id=found.pk), read_only=True):
        seen = Patient.objects.filter(is_restricted=False, merged_into=None).order_by("mrn")
        flagged = seen.filter(flags__isnull=False).first() or seen[0]
        return flagged, seen.exclude(pk=flagged.pk)[0], PatientMerge.objects.first()


def _sound(page: Page, *, name: str) -> None:
    """Nothing for axe to find and nothing that overflows, wide and on a phone."""
    for size, called in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert violations(page) == [], name
        assert not overflow(page), name
        if LOOK:
            page.screenshot(path=Path(LOOK) / f"{name}-{called}.png", full_page=True)


def test_who_is_alike_appears_while_typing_and_saving_over_it_asks_why(site: Site) -> None:
    known, _, _ = _people()
    page = site.page("front_desk", bypass_csp=True)
    page.goto(site.at("patients/new/"))
    page.get_by_label("Last name").fill(known.last_name)
    page.get_by_label("First name").fill(known.first_name)
    page.get_by_label("Birth date").fill(f"{known.birth_date:%m/%d/%Y}")
    alike = page.locator("#alike")
    expect(alike.get_by_role("link", name=known.name)).to_be_visible()
    expect(alike).to_contain_text("the same name and birth date")
    _sound(page, name="register-alike")
    page.locator("#id_phone").fill("(914) 555-0199")
    page.get_by_role("button", name="Register patient").click()
    expect(page.get_by_role("alert").or_(page.locator(".wr-problem"))).to_contain_text("somebody else")
    _sound(page, name="register-refused")
    page.context.close()


@pytest.mark.deep
def test_the_pages_of_registration_are_accessible_and_fit(site: Site, quiet: None) -> None:
    known, other, merge = _people()
    page = site.page("manager", bypass_csp=True)
    addresses = {
        "patient": f"patients/{known.pk}/",
        "edit": f"patients/{known.pk}/edit/",
        "ssn": f"patients/{known.pk}/ssn/",
        "representative": f"patients/representatives/new/?patient={known.pk}",
        "consent": f"patients/contact-consents/new/?patient={known.pk}",
        "merge": f"patients/merges/new/?kept={known.pk}&gone={other.pk}",
        "merged": f"patients/merges/{merge.pk}/",
        "referrals": "patients/referrals/?view=all",
    }
    for name, address in share(addresses.items(), one_in=5):
        page.goto(site.at(address))
        _sound(page, name=name)
    page.goto(site.at(f"patients/{merge.gone_id}/"))
    assert re.search(str(merge.kept_id), page.url)
    page.context.close()
