"""Letters about patients and their complaints: the fields they know and whom they go to."""

from __future__ import annotations

from typing import Any

from patients.models import Complaint, Patient
from patients.permissions import PatientPermission
from patients.selectors.reach import reach_of
from practice.actor import Actor
from practice.letter_subjects import Addressee, Facts, MergeField, Subject, Values, message
from practice.rules.letter_markup import Kind

PATIENT = (
    MergeField(name="patient.name", kind=Kind.TEXT, label="Patient’s name"),
    MergeField(name="patient.first_name", kind=Kind.TEXT, label="Patient’s first name"),
    MergeField(name="patient.last_name", kind=Kind.TEXT, label="Patient’s last name"),
    MergeField(name="patient.address", kind=Kind.ADDRESS, label="Patient’s address"),
    MergeField(name="patient.birth_date", kind=Kind.DATE, label="Patient’s date of birth"),
    MergeField(name="patient.number", kind=Kind.TEXT, label="Record number"),
)
COMPLAINT = (
    MergeField(name="complaint.person", kind=Kind.TEXT, label="Who complained"),
    MergeField(name="complaint.number", kind=Kind.TEXT, label="Number of the complaint"),
    MergeField(name="complaint.received", kind=Kind.DATE, label="Day the complaint came in"),
    MergeField(name="complaint.summary", kind=Kind.TEXT, label="What it is about"),
    MergeField(name="complaint.category", kind=Kind.TEXT, label="Kind of complaint"),
    MergeField(name="complaint.answer_by", kind=Kind.DATE, label="Day by which it is answered"),
    MergeField(name="complaint.resolution", kind=Kind.TEXT, label="What came of it"),
    MergeField(name="complaint.closed", kind=Kind.DATE, label="Day it was closed"),
)
LETTERS = frozenset({"en", "es"})  # what our templates are written in
CLOSING = frozenset({Complaint.Stage.RESPONDED, Complaint.Stage.CLOSED})


def patient_values(patient: Patient) -> dict[str, Any]:
    """The fields every letter about a patient's record shares."""
    return {
        "patient.name": str(patient),
        "patient.first_name": patient.first_name,
        "patient.last_name": patient.last_name,
        "patient.address": reach_of(patient).lines,
        "patient.birth_date": patient.birth_date,
        "patient.number": patient.mrn,
    }


def addressee(patient: Patient) -> Addressee:
    """The patient as who gets the letter."""
    died = "This patient has died: make sure whom the letter should reach." if patient.deceased_on else ""
    reach = reach_of(patient)
    return Addressee(
        name=str(patient),
        lines=reach.lines,
        email=reach.email,
        born=patient.birth_date,
        language=patient.language if patient.language in LETTERS else "en",
        # An address that is missing is said where the letter is sent; one that may not be used is no way at all.
        ways=frozenset({"post", "email", "web"} if reach.email or not patient.email else {"post"}),
        note=" ".join(filter(None, (died, reach.note))),
    )


def patient() -> Subject:
    """A patient."""
    return Subject(
        kind="patients.patient",
        label="patient",
        page="kit:patients_patient_list",
        permission=PatientPermission.VIEW_PATIENT,
        fields=PATIENT,
        read=_read_patient,
    )


def _read_patient(record: Patient, *, actor: Actor) -> Facts:
    return Facts(values=patient_values(record), addressee=addressee(record), patient_id=record.pk)


def complaint() -> Subject:
    """A complaint; somebody else than the patient may have made it."""
    return Subject(
        kind="patients.complaint",
        label="complaint",
        page="kit:patients_complaint_list",
        permission=PatientPermission.VIEW_COMPLAINT,
        fields=(*COMPLAINT, *PATIENT),
        read=_read_complaint,
        suggest=_for_complaint,
    )


def _for_complaint(record: Complaint) -> str:
    return "complaint-closure" if record.stage in CLOSING else "complaint-acknowledgement"


def _read_complaint(record: Complaint, *, actor: Actor) -> Facts:
    about = record.patient
    nobody: Values = dict.fromkeys((each.name for each in PATIENT), None)
    values = {
        **(patient_values(about) if about else nobody),
        "complaint.person": record.complainant or (str(about) if about else ""),
        "complaint.number": str(record.number),
        "complaint.received": record.received_on,
        "complaint.summary": record.summary,
        "complaint.category": record.get_category_display(),
        "complaint.answer_by": record.resolve_by,
        "complaint.resolution": record.resolution,
        "complaint.closed": record.closed_on,
    }
    if about is None:
        to = Addressee(name=record.complainant, ways=frozenset({"post"}))
    elif record.complainant and record.complainant != str(about):
        # Somebody else complained: their own address is not known, and the patient's is not theirs.
        to = Addressee(name=record.complainant, ways=frozenset({"post"}), note="Told by somebody else.")
    else:
        to = addressee(about)
    return Facts(
        values=values, addressee=to, location=record.location, patient_id=about.pk if about else None
    )


CONSENT_TEXT, CONSENT_MAIL = "message.consent_text", "message.consent_mail"
SIGNS = (
    MergeField(
        name="message.until", kind=Kind.TEXT, label="Last day to sign", personal=False, example="03/09/2026"
    ),
    MergeField(
        name="message.link", kind=Kind.TEXT, label="Address to sign at", personal=False,
        example=f"https://wellrun.example/s/{'x' * 43}/",
    ),
)  # fmt: skip


def consent_text() -> Subject:
    """A link to sign, as a text message."""
    return _to_sign(CONSENT_TEXT, label="form to sign by text")


def consent_mail() -> Subject:
    """A link to sign, as an e-mail."""
    return _to_sign(CONSENT_MAIL, label="form to sign by e-mail")


def _to_sign(kind: str, *, label: str) -> Subject:
    needs = tuple(each.name for each in SIGNS)
    return message(kind, label=label, permission=PatientPermission.VIEW_PATIENT, fields=SIGNS, needs=needs)
