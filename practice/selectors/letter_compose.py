"""A letter put together: template text, the values of a record, the letterhead. Reads only; shown or kept by others."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kit.errors import DomainError
from kit.words import us_phone
from practice.actor import Actor
from practice.encrypted import reveal
from practice.letter_subjects import Addressee, Facts, MergeField, address_lines, fields_of, subjects
from practice.models import Letter, Letterhead, Location, Practice
from practice.rules.letter_markup import MarkupError, parse, parse_line
from practice.rules.letter_merge import Merged, Piece, Span, Value, merge, merge_line
from practice.services.attachments import content_of

LOGO_TYPES = {"image/png", "image/jpeg"}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A letter as page, PDF and mail show it."""

    practice: str
    site: tuple[str, ...]
    phone: str
    to: tuple[str, ...]
    day: date
    subject: str
    pieces: tuple[Piece, ...]
    language: str = "en"
    foot: str = ""
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A sheet, what it lacks (labels), and who gets it."""

    sheet: Sheet
    missing: tuple[str, ...]
    facts: Facts

    @property
    def to(self) -> Addressee:
        """Whom it goes to."""
        return self.facts.addressee


def compose(
    *, record: Any, kind: str, subject: str, body: str, language: str, words: str, day: date, actor: Actor
) -> Composed:
    """Merge a template's text with a record. Raises DomainError when the text or the record cannot be read."""
    about = subjects().get(kind)
    if about is None:
        raise DomainError(
            "What letters about this kind of record know could not be checked. Try again later."
        )
    facts = about.read(record, actor=actor)
    site = facts.location or main_site()
    values: dict[str, Value] = {**facts.values, **common_values(site, words=words, day=day, actor=actor)}
    merged, line, missing = _merged(
        subject=subject, body=body, fields=fields_of(kind), values=values, language=language
    )
    sheet = Sheet(
        **letterhead(site, actor=actor),
        to=(facts.addressee.name, *facts.addressee.lines) if facts.addressee.name else facts.addressee.lines,
        day=day,
        subject=line,
        pieces=merged.pieces,
        language=language,
    )
    return Composed(sheet=sheet, missing=missing, facts=facts)


def sample(*, kind: str, subject: str, body: str, language: str, day: date, actor: Actor) -> Sheet:
    """A template without a record: every field shows what will stand there. Raises MarkupError."""
    fields = fields_of(kind)
    types = {name: each.kind for name, each in fields.items()}
    labels = {name: each.label for name, each in fields.items()}
    merged = merge(parse(body, fields=types), values=_everything(fields), labels=labels, language=language)
    line, _ = merge_line(parse_line(subject, fields=types), values=_everything(fields), labels=labels)
    return Sheet(
        **letterhead(main_site(), actor=actor),
        to=("Name of the addressee", "Street and number", "City, ST 00000"),
        day=day,
        subject=line,
        pieces=merged.pieces,
        language=language,
    )


def _everything(fields: dict[str, MergeField]) -> dict[str, Value]:
    """Values for a look at a template: dates and amounts are examples, words are the field's own label."""
    samples: dict[str, Value] = {"date": date(2026, 3, 4), "money": Decimal("1234.56")}
    return {
        name: samples.get(
            each.kind, (each.label,) if each.kind in ("address", "list") else each.example or each.label
        )
        for name, each in fields.items()
    }


def _merged(
    *, subject: str, body: str, fields: dict[str, MergeField], values: dict[str, Value], language: str
) -> tuple[Merged, str, tuple[str, ...]]:
    types = {name: each.kind for name, each in fields.items()}
    labels = {name: each.label for name, each in fields.items()}
    try:
        merged = merge(parse(body, fields=types), values=values, labels=labels, language=language)
        line, lacking = merge_line(
            parse_line(subject, fields=types), values=values, labels=labels, language=language
        )
    except MarkupError as error:
        raise DomainError(f"This template cannot be used. {error}") from error
    missing = dict.fromkeys((*merged.missing, *lacking))
    return merged, line, tuple(labels[name] for name in missing)


def common_values(site: Location | None, *, words: str, day: date, actor: Actor) -> dict[str, Value]:
    """What every letter knows."""
    practice = Practice.objects.get(pk=actor.practice_id)
    return {
        "practice.name": practice.name,
        "practice.address": address_lines(site) if site else (),
        "practice.phone": us_phone(site.phone) if site and site.phone else "",
        "today": day,
        "sender.name": actor.name or practice.name,
        "letter.words": words,
    }


def main_site() -> Location | None:
    """The site whose address stands on letters that belong to none: the one that was opened first."""
    return Location.objects.filter(is_active=True).order_by("created_at", "id").first()


def letterhead(site: Location | None, *, actor: Actor) -> dict[str, Any]:
    """What stands at the head and foot of everything the practice prints: name, address and telephone, own line."""
    head = Letterhead.objects.first()
    return {
        "practice": Practice.objects.get(pk=actor.practice_id).name,
        "site": address_lines(site) if site else (),
        "phone": us_phone(site.phone) if site and site.phone else "",
        "foot": head.foot if head else "",
    }


def logo() -> str:
    """The practice's logo as a data: address, '' without one. Kept pictures were drawn anew when they came in."""
    head = Letterhead.objects.select_related("logo").first()
    if head is None or head.logo is None or head.logo.content_type not in LOGO_TYPES:
        return ""
    encoded = base64.b64encode(content_of(head.logo)).decode()
    return f"data:{head.logo.content_type};base64,{encoded}"


def sealed(sheet: Sheet) -> str:
    """A sheet as text, to be kept encrypted."""
    return json.dumps(asdict(sheet) | {"day": sheet.day.isoformat()})


def opened(letter: Letter) -> Sheet:
    """A kept letter's sheet."""
    kept = json.loads(reveal(letter, "content"))
    pieces = tuple(_piece(piece) for piece in kept["pieces"])
    fixed = {"day": date.fromisoformat(kept["day"]), "pieces": pieces, "number": letter.number}
    return Sheet(**kept | {name: tuple(kept[name]) for name in ("site", "to")} | fixed)


def _piece(kept: dict[str, Any]) -> Piece:
    lines: Sequence[Any] = kept["lines"]
    return Piece(shape=kept["shape"], lines=tuple(tuple(Span(**span) for span in line) for line in lines))
