"""What billing says when somebody books: a balance the patient owes. It warns and never blocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from billing.selectors import ledger
from kit.words import dollars
from patients.models import Patient
from practice.actor import Actor
from practice.booking import BookingWarning
from practice.selectors.days import practice_today
from practice.services.rules import rule


def balance(patient: Patient, *, day: date, actor: Actor) -> Iterable[BookingWarning]:
    """What the patient owes, money on account taken off, from the practice's limit on; accepted without a reason.

    Whoever may not see accounts is told nothing.
    """
    owed = ledger.owed_of(patient, actor=actor)
    if owed.net > 0 and owed.net >= rule("billing.booking_balance", on=practice_today(actor)).number:
        parts = f": {owed.parts}" if owed.parts else ""
        yield BookingWarning(
            code="balance",
            message=f"The patient owes {dollars(owed.net)}{parts}. Ask for payment, or book all the same.",
            wants_reason=False,
        )
