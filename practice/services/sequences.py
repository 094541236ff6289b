"""Numbers that are unique and rising inside a practice, without gaps, given out by the database.

``next_number`` counts; ``next_texts`` writes numbers of a series as the practice wants them (``INV-2026-00042``).
A series is declared in ``<app>/numbers.py`` (``SERIES``); its text is stored on the row that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from kit.errors import DomainError
from practice import memo, rehearsal
from practice.actor import Actor
from practice.discovery import modules
from practice.models import NumberSeries, SequenceCounter
from practice.permissions import PracticePermission
from practice.rules.numbers import WIDEST, Format, Series, counter, written

FORMATS = "number formats"


def next_number(name: str, *, actor: Actor, count: int = 1) -> int:
    """Take ``count`` numbers under a name; returns the first. Waits for, never races, another taker.

    Rolled back with the caller's transaction, so no number is lost or used twice.
    """
    if (first := rehearsal.invented(count=count)) is not None:
        return first
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO practice_sequencecounter (practice_id, name, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (practice_id, name) DO UPDATE SET last = practice_sequencecounter.last + %s RETURNING last",
            [str(actor.practice_id), name, count, count],
        )
        return int(cursor.fetchone()[0]) - count + 1


def next_texts(code: str, *, on: date, actor: Actor, count: int = 1) -> list[str]:
    """Take numbers of a series, as text; ``on`` says which year they belong to. KeyError for an unknown series."""
    chosen, style = series()[code], format_of(code)
    first = next_number(counter(chosen, style=style, year=on.year), actor=actor, count=count)
    return [texts_of(code, number=number, on=on) for number in range(first, first + count)]


def texts_of(code: str, *, number: int, on: date) -> str:
    """How a number of a series would be written; takes none."""
    return written(number, series=series()[code], style=format_of(code), year=on.year)


@lru_cache(maxsize=1)
def series() -> Mapping[str, Series]:
    """Every series of the house by code."""
    return {each.code: each for module in modules("numbers") for each in module.SERIES}


def format_of(code: str) -> Format:
    """The practice's own format of a series, else the declared one. Inside ``acting_in``."""
    return _own_formats().get(code, series()[code].style)


def _own_formats() -> Mapping[str, Format]:
    return memo.remember(FORMATS, _read_formats)


def _read_formats() -> Mapping[str, Format]:
    rows = NumberSeries.objects.all()
    return {row.code: Format(prefix=row.prefix, yearly=row.yearly, width=row.width) for row in rows}


def upcoming(code: str, *, on: date) -> str:
    """The number that comes next, for people to look at; somebody may take it first."""
    name = counter(series()[code], style=format_of(code), year=on.year)
    last = SequenceCounter.objects.filter(name=name).values_list("last", flat=True).first() or 0
    return texts_of(code, number=last + 1, on=on)


@transaction.atomic
def set_format(code: str, *, letters: str, yearly: bool, width: int, actor: Actor) -> NumberSeries:
    """Write the next numbers of a series differently. Numbers given stay; counters go on, so none comes twice.

    Raises DomainError for letters that are none or that another series has, and for digits that are too many.
    """
    actor.require(PracticePermission.CHANGE_SETTINGS)
    prefix = letters.strip().upper()
    if prefix and not (prefix.isascii() and prefix.isalpha() and len(prefix) <= 6):
        raise DomainError("Enter up to six letters A to Z.", field="letters")
    if not 1 <= width <= WIDEST:
        raise DomainError(f"Enter 1 to {WIDEST} digits.", field="width")
    taken = {one for one in series() if one != code and format_of(one).prefix == prefix}
    if prefix and taken:
        raise DomainError("Another series has these letters.", field="letters")
    values: dict[str, Any] = {"prefix": prefix, "yearly": yearly, "width": width}
    row, _ = NumberSeries.objects.update_or_create(
        practice_id=actor.practice_id, code=series()[code].code, defaults=values
    )
    memo.stop()
    return row
