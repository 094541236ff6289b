"""Whom a text means by ``@Dana Reyes``: capitals, accents, dots and a first name alone are forgiven.

What could be two people is asked back, and so is what is nearly somebody's name; what is nobody's stays plain text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

ALIKE = 0.75  # two of eight letters wrong is a slip, half of them another word
# Up to four words; not inside an e-mail address, and nothing that begins with a sign.
AT = re.compile(r"(?<![\w.@+-])@(\w[\w'’.-]*(?:[ \t]+\w[\w'’.-]*){0,3})")
BETWEEN = re.compile(r"[\s._-]+")

Names = Mapping[Any, str]  # by whatever key the caller knows people by


@dataclass(frozen=True, slots=True)
class Meant:
    """What was written after an @, and the people it may stand for: one is sure, several are to be asked about."""

    written: str
    people: tuple[Hashable, ...]
    sure: bool


def meant(text: str, *, names: Names) -> tuple[Meant, ...]:
    """The people a text mentions, in its order, each way of writing once."""
    known = {key: folded(name) for key, name in names.items()}
    found: dict[str, Meant] = {}
    for match in AT.finditer(text):
        one = _read(match[1], known=known)
        if one is not None:
            found.setdefault(one.written.lower(), one)
    return tuple(found.values())


def folded(name: str) -> tuple[str, ...]:
    """A name as it is compared: its words without accents, capitals and signs."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    words = (re.sub(r"['’]", "", word) for word in BETWEEN.split(plain.lower()))
    return tuple(word for word in words if word)


def _read(written: str, *, known: Mapping[Hashable, tuple[str, ...]]) -> Meant | None:
    """The longest beginning that is somebody's whole name; else part of one; else nearly one."""
    pieces = re.split(r"[ \t]+", written)
    beginnings = [" ".join(pieces[:count]).rstrip(".-'’") for count in range(len(pieces), 0, -1)]
    for same in (_whole, _part):
        for beginning in beginnings:
            words = folded(beginning)
            people = tuple(key for key, name in known.items() if words and same(words, name))
            if people:
                return Meant(beginning, people, sure=len(people) == 1)
    near = tuple(key for key, name in known.items() if any(_near(folded(each), name) for each in beginnings))
    return Meant(beginnings[-1], near, sure=False) if near else None


def _whole(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return words == name or words == ("".join(name),)


def _part(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """The first words of a name, or the last one alone."""
    return words == name[: len(words)] or words == name[-1:]


def _near(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    written = " ".join(words)
    whole, first = " ".join(name), name[0] if name else ""
    return any(
        len(written) > 2 and SequenceMatcher(None, written, each).ratio() >= ALIKE for each in (whole, first)
    )
