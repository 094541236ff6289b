"""Letters about a visit, and about one that is due: what they know, and the patient; what messages know."""

from __future__ import annotations

from kit.words import us_time
from patients.letters import PATIENT, addressee, patient_values
from practice.actor import Actor
from practice.letter_subjects import Facts, MergeField, Subject, message
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


LINK = "message.link"
WHEN, ANSWER = (
    MergeField(
        name="message.when", kind=Kind.TEXT, label="Day and time", personal=False,
        example="Wednesday, March 4 at 10:40 AM",
    ),
    MergeField(
        name=LINK, kind=Kind.TEXT, label="Address that answers", personal=False,
        example=f"https://wellrun.example/v/{'x' * 43}/",
    ),
)  # fmt: skip
REMINDS = (
    WHEN,
    MergeField(
        name="message.join", kind=Kind.TEXT, label="Where a visit by video takes place", personal=False
    ),
    ANSWER,
)
OFFERS = (
    WHEN,
    MergeField(
        name="message.until", kind=Kind.TEXT, label="Until when the time is kept", personal=False,
        example="Monday, March 2 at 11:00 AM",
    ),
    ANSWER,
)  # fmt: skip


def reminder_text() -> Subject:
    """A reminder as a text message."""
    return _message("reminder_text", label="reminder by text", fields=REMINDS)


def reminder_mail() -> Subject:
    """A reminder as an e-mail."""
    return _message("reminder_mail", label="reminder by e-mail", fields=REMINDS)


def offer_text() -> Subject:
    """A time offered to who waits, as a text message."""
    return _message("offer_text", label="offer by text", fields=OFFERS)


def offer_mail() -> Subject:
    """A time offered to who waits, as an e-mail."""
    return _message("offer_mail", label="offer by e-mail", fields=OFFERS)


def _message(name: str, *, label: str, fields: tuple[MergeField, ...]) -> Subject:
    return message(
        f"message.{name}",
        label=label,
        permission=SchedulingPermission.VIEW_SCHEDULE,
        fields=fields,
        needs=("message.when", LINK),
    )
