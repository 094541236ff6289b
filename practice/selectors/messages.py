"""Short messages in the practice's own words: a letter template of a message's kind, else the words we ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from practice.letter_subjects import fields_of, subjects
from practice.models import LetterVersion
from practice.rules import sms
from practice.rules.letter_markup import parse, parse_line
from practice.rules.letter_merge import Value, as_text, merge, merge_line
from practice.services.letter_starters import starters


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out. ``subject`` is for e-mails only."""

    subject: str
    body: str


def written(kind: str, *, language: str, values: Mapping[str, Value], day: date) -> Message:
    """A message of a kind in the words in force on a day: the practice's newest published ones in that language.

    Ours stand in while there are none, and when theirs want a value that is not there.
    """
    own = LetterVersion.objects.filter(
        template__kind=kind,
        template__language=language,
        template__retired_on=None,
        effective_from__lte=day,
    )
    newest = own.order_by("-effective_from", "-number", "-id").first()
    if newest is not None:
        message, missing = _merged(
            kind, subject=newest.subject, body=newest.body, language=language, values=values
        )
        if not missing:
            return message
    subject, body = _shipped()[kind, language]
    return _merged(kind, subject=subject, body=body, language=language, values=values)[0]


def _merged(
    kind: str, *, subject: str, body: str, language: str, values: Mapping[str, Value]
) -> tuple[Message, bool]:
    fields = fields_of(kind)
    types = {name: each.kind for name, each in fields.items()}
    labels = {name: each.label for name, each in fields.items()}
    merged = merge(parse(body, fields=types), values=values, labels=labels, language=language)
    line, lacking = merge_line(
        parse_line(subject, fields=types), values=values, labels=labels, language=language
    )
    text = as_text(merged.pieces)
    if subjects()[kind].goes_as_text:
        return Message(subject="", body=sms.as_text(text, language=language)), bool(merged.missing)
    return Message(subject=line, body=f"{text}\n"), bool(merged.missing or lacking)


@cache
def _shipped() -> dict[tuple[str, str], tuple[str, str]]:
    return {(each["kind"], each["language"]): (each["subject"], each["body"]) for each in starters()}
