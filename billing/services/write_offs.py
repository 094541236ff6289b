"""Write-offs of a denied amount that need a second person: what is asked for, and what happens when they agree."""

from __future__ import annotations

from collections.abc import Mapping

from billing.models import DenialCase
from billing.services import denials
from kit.words import dollars
from practice.actor import Actor
from practice.models import ApprovalRequest


def snapshot(case: DenialCase) -> Mapping[str, str]:
    """What somebody agrees to: the case, where it stands and what the payer still owes of it."""
    return {
        "Denial": str(case.number),
        "Payer": str(case.payer),
        "Code": f"{case.group_code}-{case.reason_code}",
        "Denied": dollars(case.amount),
        "Still open": dollars(denials.still_open(case)),
        "State": str(case.get_state_display()),
    }


def carry_out(case: DenialCase, *, request: ApprovalRequest, actor: Actor) -> None:
    """Write it off and close the case. The approval is the permission."""
    memo = f"Approval {request.number}: {request.reason}"
    denials.close_as_lost(case, disposition=denials.WRITE_OFF, memo=memo, actor=actor)


def give_back(case: DenialCase, *, request: ApprovalRequest, actor: Actor) -> None:
    """The case goes on where it was: somebody has to work it."""
    word = request.get_state_display().lower()
    denials.resume(case, note=f"Write-off not approved: approval {request.number} is {word}.", actor=actor)
