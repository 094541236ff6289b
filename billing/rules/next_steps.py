"""What somebody should do about a claim now, in a few words. Pure."""

from __future__ import annotations

from datetime import date, timedelta

QUIET_DAYS = 30  # after that a submitted claim needs a call
STEPS = {
    "draft": "Check again",
    "ready": "Submit",
    "rejected": "Correct and send again",
    "denied": "Work the denial",
    "partly_paid": "Work the denied lines",
    "reversed": "Wait for the corrected answer",
}


def next_action(state: str, *, hold: str, submitted_on: date | None, today: date) -> str:
    """The next step of a claim in a state, '' when there is none; ``hold`` is what the first open rule says."""
    if state == "held":
        return hold or "Check again"
    if state in ("submitted", "accepted"):
        quiet = submitted_on is not None and submitted_on < today - timedelta(days=QUIET_DAYS)
        return "Ask the payer for the status" if quiet else "Wait for the payer"
    return STEPS.get(state, "")
