"""Billing's part of a patient's page: what is owed, with the way to the account behind it."""

from __future__ import annotations

from django.urls import reverse

from billing.permissions import BillingPermission
from billing.selectors import ledger
from kit.words import dollars
from patients.models import Patient
from practice.actor import Actor
from practice.panels import Fact, Panel
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
