"""What a sheet can be brought in as: a target and its fields, declared once. Names only, like a Resource.

An app lists its ``TARGETS`` in ``<app>/sheet_targets.py``; docs/sheets.md has a worked example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from kit.sheet_reader import Mistake

FieldKind = Literal["text", "date", "past_date", "money", "zip", "choice"]
Change = Literal["new", "changed", "same"]


@dataclass(frozen=True, kw_only=True)
class SheetField:
    """A field a column can become: the name of the form's field, and the words other systems head it with.

    pattern: what a heading may look like where words do not suffice. choices: code, label, words of other systems.
    """

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    pattern: str = ""
    required: bool = False
    kind: FieldKind = "text"
    choices: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def code_of(self, text: str) -> str:
        """The code a word of another system means; '' when nobody has said."""
        word = " ".join(text.casefold().split())
        for code, label, words in self.choices:
            if word in (code.casefold(), label.casefold(), *(each.casefold() for each in words)):
                return code
        return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a row: its record, and whether that is new, changed, or was the same already."""

    record: models.Model
    change: Change


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """A row on its way in: number, texts by field (translated, dates as ISO), the heading of each field.

    ``wrong`` are cells that could not be read; their fields have no text.
    """

    number: int
    texts: Mapping[str, str]
    headings: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[Mistake, ...] = ()

    def heading(self, name: str) -> str:
        """What the sheet calls a field."""
        return self.headings.get(name, name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """What became of a sheet that is taken whole or not at all: its records, and how many rows were new or known."""

    records: Sequence[models.Model]
    new: int
    same: int = 0


class TakeRow(Protocol):
    """``take(values, *, record, options, actor)``: ``record`` is what this row became in an earlier import, or None."""

    def __call__(
        self, values: dict[str, Any], *, record: Any, options: Mapping[str, str], actor: Any
    ) -> Taken: ...


class TakeAll(Protocol):
    """``take_all(rows, *, key, options, actor)``: ``key`` names the file's content.

    Raises SheetRefused with what is wrong in its rows and what they carry already.
    """

    def __call__(
        self, rows: Sequence[SheetRow], *, key: str, options: Mapping[str, str], actor: Any
    ) -> Whole: ...


@dataclass(frozen=True, kw_only=True)
class SheetTarget:
    """One kind of sheet. Either ``form`` and ``take`` (row by row), or ``take_all`` (everything or nothing).

    key: fields whose texts together name a row across imports; the first group of which all are filled counts.
    needs: of these groups of fields at least one must have columns. options: a form of questions about the sheet.
    undo: ``(record, *, actor)``, DomainError when the record must stay.
    """

    name: str
    label: str
    sentence: str
    model: str
    fields: tuple[SheetField, ...]
    permission: str
    view_permission: str
    undo: str
    form: str = ""
    take: str = ""
    take_all: str = ""
    key: tuple[tuple[str, ...], ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    needs_words: str = ""
    options: str = ""
    phi: bool = False
    undo_words: str = ""
    step_rows: int = 200

    @cached_property
    def model_class(self) -> type[models.Model]:
        """The model of the records it makes, once the app registry is ready."""
        return apps.get_model(self.model)

    @property
    def whole(self) -> bool:
        """Taken in one piece: a single bad row stops it."""
        return bool(self.take_all)

    def load(self, dotted: str) -> Any:
        """What a dotted name of this declaration stands for."""
        return import_string(dotted)

    def field_named(self, name: str) -> SheetField | None:
        """The field of that name, if there is one."""
        return next((each for each in self.fields if each.name == name), None)

    def lacking(self, mapped: set[str]) -> list[str]:
        """What must still have a column, in words."""
        missing = [each.label for each in self.fields if each.required and each.name not in mapped]
        if self.needs and not any(set(group) <= mapped for group in self.needs):
            missing.append(self.needs_words)
        return missing


@dataclass(frozen=True, kw_only=True)
class BundleTarget:
    """Several files with headings of their own that refer to each other: another system's whole export.

    page: URL name of the page that starts one. plan: dotted, what takes its files (practice/services/sheet_plans.py).
    """

    name: str
    label: str
    sentence: str
    permission: str
    view_permission: str
    page: str
    plan: str
    undo: str = ""
    phi: bool = False


AnyTarget = SheetTarget | BundleTarget
