"""What the schedule keeps about patients, for a merge of two records."""

from __future__ import annotations

from collections.abc import Iterable

from patients.merging import Reference


def own() -> Iterable[Reference]:
    """Visits, answers and what was missed follow the record that is kept."""
    return (
        Reference(model="scheduling.Appointment", field="patient"),
        Reference(model="scheduling.VisitReply", field="patient"),
        Reference(model="scheduling.MissedVisit", field="patient"),
    )
