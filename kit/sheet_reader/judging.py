"""A form judges a row: clean values, or what is wrong in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.validators import EMPTY_VALUES

from kit.errors import DomainError

if TYPE_CHECKING:
    from kit.forms import FormClass


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """What is wrong in a sheet: row as the spreadsheet shows it, column as it is headed, and what to do."""

    row: int
    field: str
    message: str


class SheetRefused(DomainError):
    """A sheet with mistakes of which nothing was saved. ``mistakes`` says where they are."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        count = len(mistakes)
        super().__init__(
            f"Nothing was saved: correct {count} mistake{'' if count == 1 else 's'} and upload it again.",
            field="file",
        )
        self.mistakes = tuple(mistakes)


def judge(
    texts: Mapping[str, str], *, form: FormClass, actor: Any
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The clean values of the fields a form was given texts for, or its messages by field ('' for the row).

    What comes out empty is not among the values, whether its column is missing or its cell: an empty cell never
    empties a record.
    """
    filled = form(data=dict(texts), actor=actor)
    if filled.is_valid():
        return {name: value for name, value in filled.cleaned_data.items() if value not in EMPTY_VALUES}, {}
    return {}, {
        "" if name == "__all__" else name: [str(message) for message in messages]
        for name, messages in filled.errors.items()
    }
