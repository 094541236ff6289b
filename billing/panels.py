"""Billing's part of other pages: what a patient owes, and a received file to download."""

from __future__ import annotations

from django.urls import reverse

from billing.models import RemittanceFile
from billing.permissions import BillingPermission
from billing.selectors import ledger
from kit.words import dollars
from patients.models import Patient
from practice.actor import Actor
from practice.panels import Fact, Panel, Step
from practice.selectors.days import practice_today


def account(patient: Patient, *, actor: Actor, slug: str) -> Panel | None:
    """The balance of the account and the patient's own share of it."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return None
    total, parties = ledger.balance_of(patient, day=practice_today(actor), actor=actor)
    own = sum((row.total for row in parties if row.party == ledger.PATIENT), ledger.ZERO)
    url = reverse("billing:account", kwargs={"practice": slug, "pk": patient.pk})
    return Panel(
        facts=(Fact(label="Balance", value=dollars(total), note=f"Patient {dollars(own)}", url=url),)
    )


def download(file: RemittanceFile, *, actor: Actor, slug: str) -> Panel:
    """The way to the file as it came."""
    address = reverse("billing:remittance_download", kwargs={"practice": slug, "pk": file.pk})
    return Panel(steps=(Step(label="Download file", url=address),))
