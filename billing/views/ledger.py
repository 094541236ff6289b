"""A patient's account: what is owed by whom and since when, and every entry behind it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from billing.models import LedgerEntry, OpenItem
from billing.permissions import BillingPermission
from billing.rules.ageing import LABELS, Aged
from billing.selectors import ledger as found
from billing.views.answers import id_in
from kit.views import gate
from patients.selectors.patients import get_patient
from practice.audit import note_read
from practice.selectors.days import practice_today

ROWS = 300


@require_GET
def account(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The account page; ``kind``, ``party`` and ``charge`` narrow the entries to one figure's rows."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_LEDGER)
    patient = get_patient(pk, actor=actor)
    note_read(request, what="Patient account", patient_ids=[patient.pk])
    kind = request.GET.get("kind", "")
    kind = kind if kind in LedgerEntry.Kind.values else ""
    party = "patient" if request.GET.get("party") == "patient" else id_in(request, name="party")
    charge = id_in(request, name="charge")
    entries = found.entries_of(
        patient, actor=actor, kind=kind, party=party, charge=uuid.UUID(charge) if charge else None
    )
    shown = list(entries[: ROWS + 1])
    items = found.open_items_of(patient, actor=actor)
    total, _ = found.balance_of(patient, day=practice_today(actor), actor=actor)
    context = {
        "patient": patient,
        "entries": shown[:ROWS],
        "more": len(shown) > ROWS,
        "items": items,
        "balance": total,
        "unapplied": found.unapplied_of(patient, actor=actor),
        "parties": _parties(items, day=practice_today(actor)),
        "may_take": actor.may(BillingPermission.TAKE_PAYMENT),
        "owed": found.owed_of(patient, actor=actor),
        "nonce": gate.nonce(request),
        "labels": LABELS,
        "kinds": LedgerEntry.Kind.choices,
        "narrowed": bool(kind or party or charge),
        "kind": kind,
        "party": party,
    }
    return render(request, "billing/account.html", context)


def _parties(items: list[OpenItem], *, day: date) -> list[tuple[str, Aged]]:
    """Each party's key for the address, and its balance by age."""
    payers = dict.fromkeys(item.payer_id for item in items)
    return [
        (str(key) if key else "patient", row)
        for key in payers
        for row in found.aged([item for item in items if item.payer_id == key], day=day)
    ]
