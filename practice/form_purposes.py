"""What a form from outside is for: a complaint, a registration, an answer to an appointment.

An app declares ``PURPOSES`` in ``<app>/form_purposes.py``. A purpose names the questions it cannot do without, and the
service that turns an accepted submission into a record: it is called when a member has reviewed what was sent, never
by the sender.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.module_loading import import_string

from kit.errors import DomainError
from practice.actor import Actor

if TYPE_CHECKING:
    from practice.models import FormSubmission


class Accept(Protocol):
    """``accept(submission, *, answers, about, actor)`` makes and returns the record that a submission becomes.

    ``answers`` are plain values by the questions' short names; ``about`` is the record the link was made for, if any.
    Raises DomainError in words for what cannot become one: then the submission stays to be reviewed.
    """

    def __call__(
        self, submission: FormSubmission, *, answers: dict[str, Any], about: Any, actor: Actor
    ) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of a new form: its short name, kind (``FormField.Kind``), words and choices."""

    key: str
    kind: str
    label: str
    help_text: str = ""
    required: bool = True
    sensitive: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormPurpose:
    """One purpose. needs: the questions, by short name and kind, that every version of such a form asks.

    about: the kind of record its links are made for ("patients.patient"), '' for none. starts_with: what a new form
    asks until somebody changes it. accept: '' when nothing comes of a submission but its being read.
    """

    key: str
    label: str
    hint: str
    review_permission: str
    accept: str = ""
    becomes: str = ""
    about: str = ""
    needs: tuple[tuple[str, str], ...] = ()
    title: str = ""
    intro: str = ""
    thanks: str = "Thank you. We have received what you sent."
    starts_with: tuple[Question, ...] = field(default_factory=tuple)

    def take(self, submission: FormSubmission, *, answers: dict[str, Any], about: Any, actor: Actor) -> Any:
        """The record a submission becomes, None when nothing does."""
        if not self.accept:
            return None
        service: Accept = import_string(self.accept)
        return service(submission, answers=answers, about=about, actor=actor)


@lru_cache(maxsize=1)
def purposes() -> dict[str, FormPurpose]:
    """Every purpose of the house by its key, in ladder order."""
    from practice.discovery import modules

    return {
        purpose.key: purpose
        for module in modules("form_purposes")
        for purpose in getattr(module, "PURPOSES", ())
    }


def purpose_of(key: str) -> FormPurpose:
    """One purpose. Raises DomainError for a key that no app declares (any more)."""
    try:
        return purposes()[key]
    except KeyError:
        raise DomainError("Nothing can be done with this form any more.") from None


PURPOSES = (
    FormPurpose(
        key="practice.feedback",
        label="Questions and praise",
        hint="Somebody reads what was sent; nothing else comes of it",
        review_permission="practice.review_submissions",
        title="Tell us",
        intro="Somebody reads everything that comes in here. In an emergency call 911 instead.",
        starts_with=(
            Question(key="message", kind="long_text", label="What would you like to tell us?"),
            Question(key="name", kind="text", label="Your name", required=False),
            Question(key="email", kind="email", label="Your email address", required=False),
        ),
    ),
)
