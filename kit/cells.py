"""One value of one record, ready to be shown, exported or summed: templates only choose the tag around it.

A page of fifty rows has hundreds of cells: their markup is made here, an include for each took most of a list's time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kit import fields, links, ports, registry
from kit.fields import Meaning
from kit.resource import Resource
from kit.status import Status
from kit.templatetags import kit_format
from kit.words import us_phone, us_time

SENTENCE = 44  # characters that fit beside six other columns
# How each kind of value is written; the others are their own words.
WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "money": kit_format.money,
    "number": lambda value: str(value).removesuffix(".00"),  # units are decimals, nearly always whole
    "date": kit_format.usdate,
    "datetime": kit_format.usdatetime,
    "phone": kit_format.phone,
    "bool": lambda value: "Yes" if value else "No",
}


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
    def plain(self) -> SafeString | str:
        """The value as a page shows it, without a link of its own."""
        if self.empty:
            return kit_format.known(None)  # type: ignore[return-value]  # the dash
        if self.kind in WRITTEN:
            return WRITTEN[self.kind](self.value)
        if self.kind == "status":
            return format_html('<span class="wr-status wr-status--{}">{}</span>', self.tone, self.text)
        if self.kind == "lines":
            items = format_html_join("", "<li>{}</li>", ((line,) for line in self.value))
            return format_html('<ul class="wr-plain wr-lines-list">{}</ul>', items)
        return self.text

    @property
    def shown(self) -> SafeString | str:
        """The same, linked to the other record where there is one to open."""
        if self.href and not self.empty and self.kind not in ("status", "lines", *WRITTEN):
            return format_html('<a href="{}">{}</a>', self.href, self.text)
        return self.plain

    @property
    def long(self) -> bool:
        """A sentence: it may take two lines, so that it pushes no other column out of sight."""
        return self.kind in ("text", "choice") and len(self.text) > SENTENCE

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
    value, kind, told = fields.value_of(record, name=meaning.name), meaning.kind, meaning.field
    text, tone, href = "" if value is None else str(value), "", ""
    if value is None:
        pass
    elif kind == "phone":
        text = us_phone(value)
    elif isinstance(value, time):
        text = us_time(value)
    elif kind == "lines":
        text, value = "; ".join(value), list(value) or None
    elif kind in ("status", "choice") and told is not None:
        text, tone = str(dict(told.flatchoices).get(value, value)), fields.tones(told).get(value, "muted")
    elif kind == "status" or isinstance(value, Status):
        kind, text, tone = "status", str(getattr(value, "label", value)), getattr(value, "tone", "muted")
    elif isinstance(value, models.Model) and request is not None:
        href = links.record_url(request, record=value)
    return Cell(kind=kind, value=value, text=text, tone=tone, href=href, label=meaning.label)


def rows(
    records: Iterable[models.Model], *, resource: Resource, meanings: Sequence[Meaning], request: HttpRequest
) -> list[Row]:
    """The lines of a table; where another Resource is the home of such records, they lead to its pages."""
    home = registry.for_model(resource.model_class) or resource
    actor: Any = getattr(request, "actor", None)
    shown = home if ports.allowed(actor, permission=home.view_permission) else resource
    return [
        Row(
            record=record,
            href=links.page(request, resource=shown, name="detail", pk=record.pk),
            cells=[cell(record, meaning=meaning, request=request) for meaning in meanings],
        )
        for record in records
    ]
