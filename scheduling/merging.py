"""What the schedule keeps about patients, for a merge of two records."""

from __future__ import annotations

from collections.abc import Iterable

from patients.merging import Reference

MINE = ("Appointment", "VisitReply", "MissedVisit", "WaitlistEntry")


def own() -> Iterable[Reference]:
    """Visits, answers, what was missed and what somebody waits for follow the record that is kept."""
    return tuple(Reference(model=f"scheduling.{name}", field="patient") for name in MINE)
