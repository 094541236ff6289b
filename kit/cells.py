"""One value of one record, ready to be shown, exported or summed: templates only choose the tag around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest

from kit import fields, links
from kit.fields import Meaning
from kit.resource import Resource
from kit.status import Status


@dataclass(frozen=True, kw_only=True)
class Cell:
    """kind chooses the markup; value is the plain value; text the words; tone and href where they apply."""

    kind: str
    value: Any
    text: str = ""
    tone: str = ""
    href: str = ""
    label: str = ""

    @property
    def empty(self) -> bool:
        """Nothing known: shown as a dash with hidden words."""
        return self.value is None or self.value == ""

    @property
    def numeric(self) -> bool:
        """Right-aligned."""
        return self.kind in ("money", "number")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A record and its cells; the first cell carries the link."""

    record: models.Model
    href: str
    cells: Sequence[Cell]


def cell(record: models.Model, *, meaning: Meaning, request: HttpRequest | None = None) -> Cell:
    """The value of one column; links lead to the other record only where the actor may open that kind."""
    value = fields.value_of(record, name=meaning.name)
    if value is None:
        return Cell(kind=meaning.kind, value=None, label=meaning.label)
    if meaning.kind == "lines":
        return Cell(kind="lines", value=list(value) or None, text="; ".join(value), label=meaning.label)
    if meaning.kind in ("status", "choice") and meaning.field is not None:
        words = str(dict(meaning.field.flatchoices).get(value, value))
        tone = fields.tones(meaning.field).get(value, "muted")
        return Cell(kind=meaning.kind, value=value, text=words, tone=tone, label=meaning.label)
    if meaning.kind == "status" or isinstance(value, Status):
        return Cell(
            kind="status",
            value=value,
            text=str(getattr(value, "label", value)),
            tone=getattr(value, "tone", "muted"),
            label=meaning.label,
        )
    href = ""
    if isinstance(value, models.Model) and request is not None:
        href = links.record_url(request, record=value)
    return Cell(kind=meaning.kind, value=value, text=str(value), href=href, label=meaning.label)


def rows(
    records: Iterable[models.Model], *, resource: Resource, meanings: Sequence[Meaning], request: HttpRequest
) -> list[Row]:
    """The lines of a table."""
    return [
        Row(
            record=record,
            href=links.page(request, resource=resource, name="detail", pk=record.pk),
            cells=[cell(record, meaning=meaning, request=request) for meaning in meanings],
        )
        for record in records
    ]
