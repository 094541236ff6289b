"""Status: a word and one of five tones, defined once, beside the enum it belongs to."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from django.db import models
from django.db.models.enums import ChoicesType

Tone = Literal["muted", "info", "ok", "warn", "bad"]
TONES: Final[tuple[Tone, ...]] = ("muted", "info", "ok", "warn", "bad")


@dataclass(frozen=True, slots=True)
class Status:
    """What a badge shows: adjective or past participle, one or two words, and its tone."""

    word: str
    tone: Tone = "muted"

    @property
    def label(self) -> str:
        """The word, under the name enum members have for it."""
        return self.word


class StatusType(ChoicesType):
    """Takes the third value of each member as its tone before Django reads value and label."""

    def __new__(metacls, classname: str, bases: tuple[type, ...], classdict: Any, **kwds: Any) -> StatusType:
        """Raises TypeError when a member is not (value, label, tone)."""
        tones: list[Tone] = []
        for key in classdict._member_names:
            given = classdict[key]
            if not isinstance(given, tuple) or len(given) != 3 or given[2] not in TONES:
                raise TypeError(f"{classname}.{key} needs (value, label, tone); tone is one of {TONES}")
            tones.append(given[2])
            dict.__setitem__(classdict, key, given[:2])
        made = super().__new__(metacls, classname, bases, classdict, **kwds)
        for member, tone in zip(cast("Any", made), tones, strict=True):
            member._tone_ = tone
        return made


if TYPE_CHECKING:

    class StatusChoices(models.TextChoices):
        """What type checkers see: they follow Django's own metaclass, not a subclass of it."""

        @property
        def tone(self) -> Tone: ...

else:

    class StatusChoices(models.TextChoices, metaclass=StatusType):
        """Choices of a status field: `DENIED = "denied", "Denied", "bad"`."""

        @enum.property
        def tone(self) -> Tone:
            """The member's tone."""
            return self._tone_


def status_of(thing: object) -> Status:
    """The status of an enum member, of a Status, or of a record with a `status` or `state` field.

    A record's class nests its enum as `Status` or `State`, so that the stored text finds its tone.
    Raises TypeError for anything else: a status without a tone must not reach a page.
    """
    tone = getattr(thing, "tone", None)
    word = getattr(thing, "label", None)
    if tone in TONES and word is not None:
        return Status(word=str(word), tone=cast("Tone", tone))
    for field in ("status", "state"):
        members = getattr(type(thing), field.capitalize(), None)
        if isinstance(members, StatusType):
            return status_of(cast("Any", members)(getattr(thing, field)))
    raise TypeError(f"{thing!r} has neither tone and label nor a status of its own")
