"""The columns of a sheet as the page shows them and as a person sends them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.sheet_reader import FORMS
from kit.sheet_reader.values import WORDS
from kit.sheet_target import SheetTarget
from practice.models import ImportRun, SheetColumn
from practice.selectors.imports import columns_of
from practice.services.sheet_mappings import Choice

DATES = ("date", "past_date")


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """A word of the sheet and the code chosen for it."""

    name: str
    text: str
    count: int
    code: str


@dataclass(frozen=True, kw_only=True)
class ColumnChoices:
    """One column: what it holds, what is chosen, what else could be."""

    column: SheetColumn
    field: str
    date_form: str
    meanings: tuple[Meaning, ...]
    codes: tuple[tuple[str, str], ...]
    dated: bool

    @property
    def looks(self) -> str:
        """What its values look like, in words."""
        return WORDS.get(self.column.looks, "")

    @property
    def notes(self) -> list[str]:
        """What stands out."""
        return [note for note in self.column.notes.split("\n") if note]

    @property
    def samples(self) -> list[str]:
        """Its first values."""
        return [sample for sample in self.column.samples.split("\n") if sample]

    @property
    def empty(self) -> int:
        """Cells without anything."""
        return self.column.rows - self.column.filled

    @property
    def untranslated(self) -> bool:
        """It becomes a code, and a word of it has none yet."""
        return bool(self.codes) and any(not each.code for each in self.meanings)

    @property
    def date_forms(self) -> list[tuple[str, str]]:
        """The ways its dates may be written."""
        return list(FORMS.items())


def columns_for(
    run: ImportRun, *, target: SheetTarget, posted: Mapping[str, str] | None = None
) -> list[ColumnChoices]:
    """The columns of a run as they are chosen, or as they were just sent."""
    return [_shown(column, target=target, posted=posted) for column in columns_of(run)]


def _shown(column: SheetColumn, *, target: SheetTarget, posted: Mapping[str, str] | None) -> ColumnChoices:
    at = column.position
    name = column.field if posted is None else posted.get(f"field-{at}", "")
    named = target.field_named(name)
    form = column.date_form if posted is None else posted.get(f"form-{at}", column.date_form)
    meanings = tuple(
        Meaning(
            name=f"value-{at}-{each.pk}",
            text=each.text,
            count=each.count,
            code=each.code if posted is None else posted.get(f"value-{at}-{each.pk}", each.code),
        )
        for each in column.meanings.all()
    )
    codes = tuple((code, label) for code, label, _ in named.choices) if named else ()
    return ColumnChoices(
        column=column,
        field=name,
        date_form=form,
        meanings=meanings if codes else (),
        codes=codes,
        dated=column.looks == "date" or bool(named and named.kind in DATES),
    )


def posted_choices(columns: list[ColumnChoices]) -> list[Choice]:
    """What a person has said, for the service."""
    return [
        Choice(
            position=each.column.position,
            field=each.field,
            date_form=each.date_form if each.dated else "",
            meanings={meaning.text: meaning.code for meaning in each.meanings},
        )
        for each in columns
    ]
