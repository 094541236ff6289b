"""What points at a patient, room by room, and what becomes of it when two records are made one.

Contributions of the kind "patient_merges" return ``Reference``s. A test holds them against every foreign key to
Patient and every plain ``patient_id``: whoever adds one says here what a merge does with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps

from kit import registry
from practice.contributions import gather

How = Literal["move", "stay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A column that points at a patient. ``move``: its rows follow the kept record. ``stay``: they are facts that
    nobody changes (append-only) or are made anew; whoever reads them asks ``selectors.merges.same_person``.

    ``alone``: only one row per patient may have this column empty ("ends_on"); a second one is left behind.
    ``other``: the row's other patient; a row whose both sides would be one person is left behind. ``once``: only one
    row per pair of patients may have this column empty. ``apart``: a column and a value of rows that stay with their
    record, because each record has its own; whoever reads them asks for the kept one's.
    """

    model: str
    field: str
    how: How = "move"
    alone: str = ""
    other: str = ""
    once: str = ""
    apart: tuple[str, str] = ("", "")

    @property
    def model_class(self) -> Any:
        """The model it is a column of."""
        return apps.get_model(self.model)

    @property
    def words(self) -> str:
        """What its rows are called: "claims"."""
        resource = registry.for_model(self.model_class)
        return resource.plural if resource else str(self.model_class._meta.verbose_name_plural)


def _move(model: str, field: str = "patient", **more: Any) -> Reference:
    return Reference(model=model, field=field, **more)


def _stay(model: str, field: str = "patient") -> Reference:
    return Reference(model=model, field=field, how="stay")


def references() -> list[Reference]:
    """Everything that points at patients. Raises RuntimeError when a room could not be asked: half a merge is none."""
    answers = gather("patient_merges")
    if any(answer.failed for answer in answers):
        raise RuntimeError("a room could not say what points at its patients")
    return [each for answer in answers for each in answer.value]


def own() -> Iterable[Reference]:
    """What points at patients in this room and in the practice's."""
    return (
        _move("patients.Patient", "merged_into"),
        _move("patients.Coverage"),
        _move("patients.Case", apart=("kind", "medical")),
        _stay("patients.MedicareAnswers"),
        _move("patients.Complaint"),
        _move("patients.PatientFlag"),
        _move("patients.EmergencyContact"),
        _move("patients.Guarantor", alone="ends_on", other="person"),
        _move("patients.Guarantor", "person", other="patient"),
        _move("patients.FamilyLink", other="relative", once="ended_on"),
        _move("patients.FamilyLink", "relative", other="patient", once="ended_on"),
        _move("patients.ConfidentialContact", alone="ends_on"),
        _move("patients.Representative", other="person"),
        _move("patients.Representative", "person", other="patient"),
        _move("patients.OwnConsent", alone="ends_on"),
        _move("patients.Referral"),
        _move("patients.RecordsRequest"),
        _stay("patients.RecordsRelease"),
        _stay("patients.PatientWord"),
        _stay("patients.BreakGlass"),
        _stay("patients.DuplicateRuling"),
        _stay("patients.DuplicateRuling", "other"),
        _stay("patients.ContactConsent"),
        _stay("patients.PatientConsent"),
        _move("patients.ConsentLink"),
        _stay("patients.PatientMerge", "kept"),
        _stay("patients.PatientMerge", "gone"),
        _move("practice.Letter", "patient_id"),
        _move("practice.PhoneMessage", "patient_id"),
        _move("practice.Correspondence", "patient_id"),
        _stay("practice.AuditAccessPatient", "patient_id"),
    )
