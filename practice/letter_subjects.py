"""What letters can be about: each kind of record declares its merge fields and reads their values.

Contributions of the kind "letter_subjects" return a ``Subject``. Its ``read`` also says whom a letter goes to and by
which ways it may go: a person's wish for another address or no e-mail is obeyed here, once, for every letter.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.conf import settings

from practice.actor import Actor
from practice.contributions import gather
from practice.models import Location
from practice.permissions import PracticePermission
from practice.rules.letter_markup import Kind
from practice.rules.letter_merge import Value

Values = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeField:
    """A field of a letter. ``personal`` ones say something about somebody and stay out of e-mails; ``example`` is what
    a look at a template shows, the label when there is none.
    """

    name: str
    kind: Kind
    label: str
    personal: bool = True
    example: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """Whom a letter goes to. ``lines`` is the address to write to, which may be another one than where they live;
    ``born`` is what opens a letter online; ``ways`` are the channels this person allows; ``note`` is what the writer
    must know ("This patient has died").
    """

    name: str
    lines: tuple[str, ...] = ()
    email: str = ""
    born: date | None = None
    language: str = "en"
    ways: frozenset[str] = frozenset({"post", "email", "web"})
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a record gives a letter: the value of every declared field (None for unknown), addressee, site, patient."""

    values: Values
    addressee: Addressee
    location: Location | None = None
    patient_id: uuid.UUID | None = None


class Reader(Protocol):
    """``read(record, *, actor)``. Reads only; the record came through its own door."""

    def __call__(self, record: Any, *, actor: Actor) -> Facts: ...


def no_suggestion(record: Any) -> str:
    """A kind of record for which no template fits better than another."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A kind of record letters are about: ``label`` is its noun, ``page`` the name of the address that lists them
    for holders of ``permission``, ``suggest`` the code of the template that fits a record now.

    Without a ``page`` it is a message: nobody writes it, it goes out by itself (practice/selectors/messages.py), says
    nothing personal and never lacks the fields it ``needs``. ``goes_as_text``: by telephone, not by e-mail.
    """

    kind: str
    label: str
    page: str
    permission: str
    fields: tuple[MergeField, ...]
    read: Reader
    suggest: Callable[[Any], str] = field(default=no_suggestion)
    needs: tuple[str, ...] = ()
    goes_as_text: bool = False

    @property
    def is_message(self) -> bool:
        """It goes out by itself."""
        return not self.page


# What every letter knows, whatever it is about (practice/selectors/letter_compose.py fills them).
COMMON = (
    MergeField(name="practice.name", kind=Kind.TEXT, label="Name of the practice", personal=False),
    MergeField(name="practice.address", kind=Kind.ADDRESS, label="Address of the site", personal=False),
    MergeField(name="practice.phone", kind=Kind.TEXT, label="Telephone of the site", personal=False),
    MergeField(name="today", kind=Kind.DATE, label="Day of the letter", personal=False),
    MergeField(name="sender.name", kind=Kind.TEXT, label="Who writes", personal=False),
    MergeField(name="letter.words", kind=Kind.TEXT, label="Your own words"),
)


_DECLARED: dict[tuple[str, ...], dict[str, Subject]] = {}  # declarations are code: asked once


def subjects() -> dict[str, Subject]:
    """Every kind of record that letters are about; one whose declaration fails is missing."""
    names = tuple(settings.CONTRIBUTIONS["letter_subjects"])
    if names in _DECLARED:
        return _DECLARED[names]
    answers = gather("letter_subjects")
    found = {answer.value.kind: answer.value for answer in answers if not answer.failed}
    if len(found) == len(answers):
        _DECLARED[names] = found
    return found


def written_about() -> dict[str, Subject]:
    """The kinds of records that people write letters about."""
    return {kind: each for kind, each in subjects().items() if not each.is_message}


def fields_of(kind: str) -> dict[str, MergeField]:
    """The fields a letter about this kind of record knows, by name; only the common ones for an unknown kind."""
    own = subjects().get(kind)
    return {each.name: each for each in (*COMMON, *(own.fields if own else ()))}


def address_lines(record: Any) -> tuple[str, ...]:
    """The address of whatever has one in the house's four columns; empty without a street."""
    if not record.address_line:
        return ()
    town = f"{record.city}, {record.state} {record.postal_code}".strip(" ,")
    return tuple(line for line in (record.address_line, town) if line)


def message(
    kind: str, *, label: str, permission: str, fields: tuple[MergeField, ...], needs: tuple[str, ...]
) -> Subject:
    """A message that goes out by itself (``Subject``): ``kind`` begins with "message." and ends with _text or _mail."""
    return Subject(
        kind=kind,
        label=label,
        page="",
        permission=permission,
        fields=fields,
        read=_no_letter,
        needs=("practice.name", *needs),
        goes_as_text=kind.endswith("_text"),
    )


def _no_letter(record: object, *, actor: Actor) -> Facts:
    raise TypeError("a message is not written by hand")


def payer() -> Subject:
    """A health plan: nothing about a patient is in such a letter."""
    fields = (
        MergeField(name="payer.name", kind=Kind.TEXT, label="Name of the payer", personal=False),
        MergeField(name="payer.address", kind=Kind.ADDRESS, label="Address of the payer", personal=False),
    )
    return Subject(
        kind="practice.payer",
        label="payer",
        page="kit:practice_payer_list",
        permission=PracticePermission.VIEW_SETTINGS,
        fields=fields,
        read=_read_payer,
    )


def _read_payer(record: Any, *, actor: Actor) -> Facts:
    lines = address_lines(record)
    return Facts(
        values={"payer.name": record.name, "payer.address": lines},
        addressee=Addressee(name=record.name, lines=lines, ways=frozenset({"post"})),
    )
