"""From a row of somebody's sheet to texts by field: columns chosen, words translated, dates read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kit.sheet_reader import FORMS, BadField, Mistake, Row, read_date
from kit.sheet_reader.dates import NoDate
from kit.sheet_reader.rows import digest
from kit.sheet_reader.values import full_zip
from kit.sheet_target import SheetField, SheetRow, SheetTarget
from practice.models import SheetColumn, SheetMapping

LABELS = 8  # as many choices as a message names


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A column that becomes a field."""

    heading: str
    field: SheetField
    date_form: str = ""
    meanings: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def text(self, given: str, *, today: date) -> str:
        """The text of the field. Raises BadField (under the column's heading)."""
        if not given:
            return ""
        if self.field.kind in ("date", "past_date"):
            return self._day(given, latest=today if self.field.kind == "past_date" else None)
        if self.field.kind == "zip":
            return full_zip(given)
        if self.field.choices:
            return self._code(given)
        return given

    def _day(self, given: str, *, latest: date | None) -> str:
        form = self.date_form or "mdy"
        try:
            return read_date(given, form=form, latest=latest).isoformat()
        except NoDate:
            raise BadField(self.heading, f"“{given[:40]}” is no date. {FORMS[form]}") from None

    def _code(self, given: str) -> str:
        code = self.meanings.get(given[:200], "") or self.field.code_of(given)
        if not code:
            labels = [label for _, label, _ in self.field.choices]
            named = ", ".join(labels[:LABELS]) + ("…" if len(labels) > LABELS else "")
            raise BadField(self.heading, f"Say among the columns what “{given[:40]}” means: {named}")
        return code


def chosen_of(mapping: SheetMapping, *, target: SheetTarget) -> list[Chosen]:
    """The columns of a run that become something, in one query and one for their words."""
    columns = SheetColumn.objects.filter(mapping=mapping).exclude(field="").prefetch_related("meanings")
    found = []
    for column in columns:
        named = target.field_named(column.field)
        if named is not None:
            meanings = {each.text: each.code for each in column.meanings.all() if each.code}
            found.append(
                Chosen(heading=column.heading, field=named, date_form=column.date_form, meanings=meanings)
            )
    return found


def guessed(pairs: Mapping[str, str], *, target: SheetTarget) -> list[Chosen]:
    """Columns by guess alone: for sheets that are read without anybody looking at their columns."""
    named = {heading: target.field_named(name) for heading, name in pairs.items()}
    return [Chosen(heading=heading, field=found) for heading, found in named.items() if found]


def read_row(row: Row, *, columns: Iterable[Chosen], today: date) -> SheetRow:
    """A row as texts by field, with everything in it that cannot be read."""
    texts: dict[str, str] = {}
    headings = {}
    wrong = [Mistake(row=row.number, field="", message=row.problem)] if row.problem else []
    for column in columns:
        headings[column.field.name] = column.heading
        try:
            texts[column.field.name] = column.text(row.values.get(column.heading, ""), today=today)
        except BadField as error:
            wrong.append(Mistake(row=row.number, field=error.field, message=error.message))
    return SheetRow(number=row.number, texts=texts, headings=headings, wrong=tuple(wrong))


def joined(wrong: Sequence[Mistake]) -> BadField:
    """Several mistakes of one row as one: under the first bad heading, the others named behind it."""
    first, *others = wrong
    said = [
        first.message,
        *(f"{each.field}: {each.message}" if each.field else each.message for each in others),
    ]
    return BadField(first.field, " · ".join(said))


def key_of(row: SheetRow, *, target: SheetTarget) -> str:
    """What names the row across imports of its source. Raises BadField when nothing does."""
    for names in target.key:
        parts = [" ".join(row.texts.get(name, "").casefold().split()) for name in names]
        if all(parts):
            plain = f"{names[0]}:{parts[0]}"
            if len(names) == 1 and len(plain) <= 100:
                return plain
            return f"{'+'.join(names)[:35]}:{digest(parts)}"
    wanted = " or ".join(_and(target, names=names) for names in target.key)
    there = (row.headings[name] for names in target.key for name in names if name in row.headings)
    raise BadField(next(there, ""), f"Nothing says who or what this row is: fill in {wanted}")


def _and(target: SheetTarget, *, names: Iterable[str]) -> str:
    fields = [target.field_named(name) for name in names]
    return ", ".join(each.label[:1].lower() + each.label[1:] for each in fields if each)


def digest_of(row: SheetRow) -> str:
    """Tells a row with other values from one that was taken."""
    return digest(f"{name}={row.texts[name]}" for name in sorted(row.texts))
