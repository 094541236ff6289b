"""What a receipt says now, and its PDF as long as that says the same."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from billing.models import LedgerEntry, PatientPayment
from billing.selectors.payments import SOURCE, entries_of
from kit.money import ZERO
from kit.words import counted
from patients.selectors.merges import same_person
from practice.actor import Actor
from practice.models import Attachment
from practice.selectors import files
from practice.selectors.letter_compose import letterhead, logo


def facts(payment: PatientPayment, *, actor: Actor) -> dict[str, Any]:
    """What page and PDF show: what the money stands on now (day and code, never a description), and the letterhead."""
    entries = list(entries_of(payment))
    return {
        "payment": payment,
        "lines": [
            (each.service_date, each.charge.procedure.code, -each.amount) for each in entries if each.charge
        ],
        "on_account": -sum((each.amount for each in entries if not each.charge), ZERO),
        "left": abs(payment.balance_after),
        "head": letterhead(payment.location, actor=actor),
        "logo": logo(),
    }


def note_of(payment: PatientPayment) -> str:
    """The note of the file that says what the receipt says now.

    It counts the payment's entries in the ledger, those that took them back too: they only grow, and grow with every
    change of what a receipt says.
    """
    mine = Q(source_kind=SOURCE, source_key__startswith=f"{payment.pk}/")
    back = Q(reverses__source_kind=SOURCE, reverses__source_key__startswith=f"{payment.pk}/")
    found = LedgerEntry.objects.filter(mine | back, patient_id__in=same_person(payment.patient))
    return f"Receipt, {counted(found.count(), one='entry', many='entries')} in the ledger"


def pdf_of(payment: PatientPayment) -> Attachment | None:
    """The PDF that says what the receipt says now; None when it is to be made."""
    note = note_of(payment)
    return next((each for each in files.of_record(payment) if each.note == note), None)
