"""The first rows of a sheet as they would come in. Nothing is written."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kit.sheet_reader import BadField
from kit.sheet_target import SheetTarget
from kit.words import us_date
from practice.actor import Actor
from practice.models import ImportRun
from practice.services.sheet_columns import joined
from practice.services.sheet_rows import SheetPlan

PREVIEWED = 8


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """A row as it would come in, or why it would not."""

    number: int
    texts: tuple[str, ...]
    problem: str = ""


def preview(run: ImportRun, *, target: SheetTarget, actor: Actor) -> tuple[list[str], list[Previewed]]:
    """Labels of the chosen fields, and the first rows as the target's form reads them. Nothing is written."""
    plan = SheetPlan(run, target=target, actor=actor)
    names = [column.field.name for column in plan.columns]
    days = {column.field.name for column in plan.columns if column.field.kind in ("date", "past_date")}
    labels = [column.field.label for column in plan.columns]
    codes = {
        column.field.name: {code: label for code, label, _ in column.field.choices} for column in plan.columns
    }
    found = []
    for row in itertools.islice(plan.sheet.rows(), PREVIEWED):
        texts: dict[str, str] = {
            column.field.name: row.values.get(column.heading, "") for column in plan.columns
        }
        problem = ""
        try:
            read = plan.read(row) if target.whole else plan.prepare(row, actor=actor).read
            texts |= read.texts
            if read.wrong:
                raise joined(read.wrong)
        except BadField as error:
            problem = f"{error.field}: {error.message}" if error.field else error.message
        shown = (_shown(texts.get(name, ""), codes=codes[name], dated=name in days) for name in names)
        found.append(Previewed(number=row.number, texts=tuple(shown), problem=problem))
    return labels, found


def _shown(text: str, *, codes: Mapping[str, str], dated: bool) -> str:
    """A text as people here read it: codes by their words, days as 03/04/2026."""
    if dated:
        try:
            return us_date(date.fromisoformat(text))
        except ValueError:
            return text  # what could not be read stands as it came
    return codes.get(text, text)
