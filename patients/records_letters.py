"""Letters about requests for records: that one came in, that it takes longer, that it is denied."""

from __future__ import annotations

from typing import Any

from patients.letters import PATIENT, addressee, patient_values
from patients.models import RecordsRequest
from patients.models.records import RecordsStage
from patients.permissions import PatientPermission
from patients.services.records_desk import where_to
from practice.actor import Actor
from practice.letter_subjects import Addressee, Facts, MergeField, Subject
from practice.rules.letter_markup import Kind

FIELDS = (
    MergeField(name="records.requester", kind=Kind.TEXT, label="Who asked for records"),
    MergeField(name="records.number", kind=Kind.TEXT, label="Number of the request"),
    MergeField(name="records.received", kind=Kind.DATE, label="Day the request came in"),
    MergeField(name="records.what", kind=Kind.TEXT, label="Records asked for"),
    MergeField(name="records.answer_by", kind=Kind.DATE, label="Day by which it is answered"),
    MergeField(name="records.extension", kind=Kind.TEXT, label="Why it takes longer"),
    MergeField(name="records.fee", kind=Kind.MONEY, label="Fee for the copy"),
    MergeField(name="records.denial", kind=Kind.TEXT, label="Why it was denied"),
    MergeField(name="records.review", kind=Kind.TEXT, label="Said when a denial can be reviewed"),
)
REVIEW = (
    "You may have this decision reviewed by a licensed health care professional who did not take part in it."
)


def request() -> Subject:
    """A request for records."""
    return Subject(
        kind="patients.recordsrequest",
        label="records request",
        page="kit:patients_records_request_list",
        permission=PatientPermission.VIEW_RECORDS_REQUEST,
        fields=(*FIELDS, *PATIENT),
        read=_read,
        suggest=_suggested,
    )


def _suggested(record: RecordsRequest) -> str:
    if record.status == RecordsStage.DENIED:
        return "records-denial"
    return "records-extension" if record.extended_on else "records-acknowledgement"


def _read(record: RecordsRequest, *, actor: Actor) -> Facts:
    values: dict[str, Any] = {
        **patient_values(record.patient),
        "records.requester": record.requester,
        "records.number": str(record.number),
        "records.received": record.received_on,
        "records.what": record.what,
        "records.answer_by": record.due_on,
        "records.extension": record.extension_reason,
        "records.fee": record.fee,
        "records.denial": record.denial_reason,
        "records.review": REVIEW if record.review_right == "Can be reviewed" else "",
    }
    return Facts(values=values, addressee=_to(record), patient_id=record.patient_id)


def _to(record: RecordsRequest) -> Addressee:
    if record.asker == RecordsRequest.Asker.PATIENT and not record.address_line:
        return addressee(record.patient)
    return Addressee(name=record.requester, lines=where_to(record), ways=frozenset({"post"}))
