"""What the schedule keeps about patients, for a merge of two records."""

from __future__ import annotations

from collections.abc import Iterable

from patients.merging import Reference

FOLLOW = ("Appointment", "VisitReply", "MissedVisit", "WaitlistEntry", "Reschedule", "Recall", "VisitSeries")


def own() -> Iterable[Reference]:
    """Visits, what somebody waits for and is called about follow the record that is kept; tries that were made stay."""
    yield from (Reference(model=f"scheduling.{name}", field="patient") for name in FOLLOW)
    yield Reference(model="scheduling.ContactAttempt", field="patient", how="stay")
