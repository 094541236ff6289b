"""Letters about a visit, and about one that is due: what they know, and the patient."""

from __future__ import annotations

from kit.words import us_time
from patients.letters import PATIENT, addressee, patient_values
from practice.actor import Actor
from practice.letter_subjects import Facts, MergeField, Subject
from practice.rules.letter_markup import Kind
from scheduling.models import Appointment, Recall
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import zone_of

VISIT = (
    MergeField(name="visit.date", kind=Kind.DATE, label="Day of the visit"),
    MergeField(name="visit.time", kind=Kind.TEXT, label="Time of the visit"),
    MergeField(name="visit.type", kind=Kind.TEXT, label="Kind of visit"),
    MergeField(name="visit.provider", kind=Kind.TEXT, label="Provider of the visit"),
    MergeField(name="visit.location", kind=Kind.TEXT, label="Site of the visit"),
)


RECALL = (
    MergeField(name="recall.visit", kind=Kind.TEXT, label="Visit that is due"),
    MergeField(name="recall.due", kind=Kind.DATE, label="Day by which it is due"),
    MergeField(name="recall.note", kind=Kind.TEXT, label="Why the patient should come"),
)


def recall() -> Subject:
    """A recall."""
    return Subject(
        kind="scheduling.recall",
        label="recall",
        page="kit:scheduling_recall_list",
        permission=SchedulingPermission.VIEW_SCHEDULE,
        fields=(*RECALL, *PATIENT),
        read=_read_recall,
        suggest=lambda record: "recall-due",
    )


def _read_recall(record: Recall, *, actor: Actor) -> Facts:
    values = {
        **patient_values(record.patient),
        "recall.visit": record.kind.type.name,
        "recall.due": record.due_on,
        "recall.note": record.note,
    }
    return Facts(values=values, addressee=addressee(record.patient), patient_id=record.patient_id)


def visit() -> Subject:
    """A visit."""
    return Subject(
        kind="scheduling.appointment",
        label="visit",
        page="scheduling:day",
        permission=SchedulingPermission.VIEW_SCHEDULE,
        fields=(*VISIT, *PATIENT),
        read=_read,
        suggest=lambda record: "no-show" if record.status == Appointment.Status.NO_SHOW else "",
    )


def _read(record: Appointment, *, actor: Actor) -> Facts:
    local = record.starts_at.astimezone(zone_of(record.location))
    values = {
        **patient_values(record.patient),
        "visit.date": local.date(),
        "visit.time": us_time(local),
        "visit.type": record.type.name,
        "visit.provider": str(record.provider),
        "visit.location": record.location.name,
    }
    return Facts(
        values=values,
        addressee=addressee(record.patient),
        location=record.location,
        patient_id=record.patient_id,
    )
