"""Billing's part of other pages: what a patient owes, which plan is not told of a visit, a file to download."""

from __future__ import annotations

from django.urls import reverse

from billing.models import PatientPayment, RemittanceFile
from billing.permissions import BillingPermission
from billing.selectors import ledger, payments, restrictions
from kit.status import Status
from kit.words import dollars
from patients.models import Patient
from patients.selectors import restricted
from practice.actor import Actor
from practice.panels import Box, Fact, Panel, Step
from practice.selectors.days import practice_today
from scheduling.models import Appointment


def account(patient: Patient, *, actor: Actor, slug: str) -> Panel | None:
    """The balance of the account, and what the patient owes of it: the same figure as at the desk."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return None
    total, _ = ledger.balance_of(patient, day=practice_today(actor), actor=actor)
    owed = ledger.owed_of(patient, actor=actor)
    note = f"Patient {dollars(owed.net)}" + (f": {owed.parts}" if owed.parts else "")
    url = reverse("billing:account", kwargs={"practice": slug, "pk": patient.pk})
    return Panel(facts=(Fact(label="Balance", value=dollars(total), note=note, url=url),))


def restriction(visit: Appointment, *, actor: Actor, slug: str) -> Panel | None:
    """Which plans are told nothing of a visit, whether it is paid, and the way to keep it from one."""
    if not actor.may(BillingPermission.VIEW_RESTRICTION) or not restricted.sees(visit.patient, actor=actor):
        return None
    rows = restrictions.of_visit(visit)
    kept = any(row.is_open for row in rows)
    context = {"rows": rows, "kept": kept, "owes": restrictions.patient_owes(visit)}
    address = reverse("billing:restrict", kwargs={"practice": slug, "pk": visit.pk})
    may = actor.may(BillingPermission.RESTRICT_DISCLOSURE)
    box = Box(
        title="Disclosure to the plan",
        template="billing/_restriction_box.html",
        context=context,
        link=("Do not disclose", address) if may else None,
    )
    return Panel(boxes=(box,), marks=(Status("Not disclosed to the plan", "bad"),) if kept else ())


def payment(paid: PatientPayment, *, actor: Actor, slug: str) -> Panel:
    """The receipt, and what the money stands on now."""
    address = reverse("billing:receipt", kwargs={"practice": slug, "pk": paid.pk})
    account_page = reverse("billing:account", kwargs={"practice": slug, "pk": paid.patient_id})
    parts = [(each, -each.amount) for each in payments.entries_of(paid)]
    box = Box(title="What it went to", template="billing/_payment_box.html", context={"parts": parts})
    return Panel(
        boxes=(box,),
        steps=(Step(label="Account", url=account_page), Step(label="Receipt", url=address, primary=True)),
    )


def download(file: RemittanceFile, *, actor: Actor, slug: str) -> Panel:
    """The way to the file as it came."""
    address = reverse("billing:remittance_download", kwargs={"practice": slug, "pk": file.pk})
    return Panel(steps=(Step(label="Download file", url=address),))
