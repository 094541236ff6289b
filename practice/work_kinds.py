"""The kinds of work items: what each is called, who takes it by default, and whether a person may close it.

Every app declares its own in ``<app>/work_kinds.py`` as ``KINDS``; ``practice.services.work`` refuses unknown ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from practice.permissions import AREAS


@dataclass(frozen=True, kw_only=True)
class WorkKind:
    """A kind of work.

    role: code of the default role whose queue it joins ('' = everybody who may see it). by_hand: a person may close it
    from the list; otherwise only its source does, when the matter itself is settled. names_people: its titles are typed
    by people and may name a patient, so it is hidden where the patient is (docs/adr/0009).
    """

    code: str
    label: str
    role: str = ""
    by_hand: bool = False
    names_people: bool = False

    @property
    def area(self) -> str:
        """The app that declares it."""
        return _apps().get(self.code, "practice")

    @property
    def area_label(self) -> str:
        """What that app is called."""
        return AREAS.get(self.area, self.area.capitalize())


REMINDER = "practice.reminder"
KINDS = (
    WorkKind(code=REMINDER, label="Reminder", by_hand=True, names_people=True),
    WorkKind(code="practice.job_failed", label="Failed background work", role="manager", by_hand=True),
    WorkKind(code="practice.refused_rows", label="Refused rows of an import", role="manager", by_hand=True),
    WorkKind(code="practice.call_back", label="Call to return", role="front_desk"),
    WorkKind(code="practice.letter_in_trouble", label="Letter that did not arrive", role="front_desk"),
    WorkKind(code="practice.message", label="Message to answer", role="front_desk"),
    WorkKind(code="practice.submission", label="Form from outside to review", role="front_desk"),
    WorkKind(code="practice.approval", label="Approval to decide"),
    WorkKind(code="practice.approval_answer", label="Question about an approval"),
    WorkKind(code="practice.checklist_overdue", label="Overdue checklist", role="manager", by_hand=True),
    WorkKind(code="practice.checklist_limit", label="Reading outside limits", role="manager", by_hand=True),
    WorkKind(code="audit.broken", label="Audit trail", role="compliance"),
)


@lru_cache(maxsize=1)
def kinds() -> dict[str, WorkKind]:
    """Every kind of the house by its code, in ladder order."""
    return {kind.code: kind for _, kind in _declared()}


def kind_named(code: str) -> WorkKind:
    """A kind by its code. One that nothing declares any more keeps its code as its name."""
    return kinds().get(code) or WorkKind(
        code=code, label=code.rpartition(".")[2].replace("_", " ").capitalize()
    )


def hidden_with_patient() -> tuple[str, ...]:
    """Codes of the kinds that may name a patient."""
    return tuple(kind.code for kind in kinds().values() if kind.names_people)


@lru_cache(maxsize=1)
def _apps() -> dict[str, str]:
    return {kind.code: app for app, kind in _declared()}


def _declared() -> list[tuple[str, WorkKind]]:
    from practice.discovery import modules

    return [
        (module.__name__.split(".")[0], kind) for module in modules("work_kinds") for kind in module.KINDS
    ]
