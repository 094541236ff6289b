"""What billing says on the cards of the flow board: what the patient owes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from billing.permissions import BillingPermission
from billing.selectors import ledger
from kit.status import Status
from kit.words import dollars
from practice.actor import Actor


def owed(visits: Sequence[Any], *, actor: Actor) -> Mapping[uuid.UUID, Sequence[Status]]:
    """What the patient owes, money on account taken off, where it is above zero."""
    if not actor.may(BillingPermission.VIEW_LEDGER):
        return {}
    found = ledger.owed_by({visit.patient_id for visit in visits}, actor=actor)
    return {
        visit.pk: (Status(f"Owes {dollars(owed.net)}", "muted"),)
        for visit in visits
        if (owed := found.get(visit.patient_id)) and owed.net > 0
    }
