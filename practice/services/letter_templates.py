"""Letter templates: written as a draft, published as versions that nobody changes, retired."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.letter_subjects import fields_of, subjects
from practice.models import LetterTemplate, LetterVersion
from practice.permissions import PracticePermission
from practice.rules.letter_markup import MarkupError, Slot, names_in, parse, parse_line
from practice.selectors.days import practice_today

FIELDS = frozenset({"code", "name", "kind", "language", "without_phi", "subject", "body"})


@transaction.atomic
def add(*, actor: Actor, **values: Any) -> LetterTemplate:
    """Write a new template as a draft. Raises DomainError (field ``subject`` or ``body``) with line and word."""
    actor.require(PracticePermission.CHANGE_LETTERS)
    template = LetterTemplate(practice_id=actor.practice_id)
    _fill(template, values=values)
    template.code = template.code or slugify(template.name)[:60]
    if not template.code:
        raise DomainError("Enter a name with letters in it.", field="name")
    template.save(force_insert=True)
    return template


@transaction.atomic
def change(template: LetterTemplate, /, *, actor: Actor, **values: Any) -> LetterTemplate:
    """Change the draft; published versions stay as they are. The kind of record is fixed once one is published."""
    actor.require(PracticePermission.CHANGE_LETTERS)
    locked = _locked(template)
    if locked.version and values.get("kind", locked.kind) != locked.kind:
        raise DomainError(
            "This template is published: make a new one for another kind of record.", field="kind"
        )
    _fill(locked, values=values)
    newest = locked.versions.order_by("-number").first()
    locked.is_changed = newest is None or _says(locked) != _says(newest)
    locked.save()
    return locked


@transaction.atomic
def publish(template: LetterTemplate, *, effective_from: date | None = None, actor: Actor) -> LetterTemplate:
    """Make the draft the version that letters use from a day on. Refused for a day in the past."""
    actor.require(PracticePermission.CHANGE_LETTERS)
    locked, today = _locked(template), practice_today(actor)
    day = effective_from or today
    if not locked.can_publish:
        raise Conflict("There is nothing new to publish.")
    if day < today:
        raise DomainError("Enter today or a day to come.", field="effective_from")
    check(kind=locked.kind, subject=locked.subject, body=locked.body, without_phi=locked.without_phi)
    locked.version += 1
    locked.is_changed = False
    LetterVersion.objects.create(
        practice_id=actor.practice_id,
        template=locked,
        number=locked.version,
        subject=locked.subject,
        body=locked.body,
        without_phi=locked.without_phi,
        effective_from=day,
        published_by_id=actor.membership_id,
    )
    locked.save()
    return locked


@transaction.atomic
def retire(template: LetterTemplate, *, actor: Actor) -> LetterTemplate:
    """Offer it no more. Letters written with it stay, and can be printed again."""
    return _retired(template, day=practice_today(actor), actor=actor)


@transaction.atomic
def reuse(template: LetterTemplate, *, actor: Actor) -> LetterTemplate:
    """Offer a retired one again."""
    return _retired(template, day=None, actor=actor)


def check(*, kind: str, subject: str, body: str, without_phi: bool) -> None:
    """Refuse a text that cannot be merged. Raises DomainError with the line, the word and what is wrong there."""
    fields = fields_of(kind)
    types = {name: each.kind for name, each in fields.items()}
    try:
        line = parse_line(subject, fields=types)
    except MarkupError as error:
        raise DomainError(str(error), field="subject") from error
    try:
        blocks = parse(body, fields=types)
    except MarkupError as error:
        raise DomainError(str(error), field="body") from error
    if not blocks:
        raise DomainError("Write the letter.", field="body")
    used = names_in(blocks) | {part.name for part in line if isinstance(part, Slot)}
    personal = sorted(name for name in used if fields[name].personal)
    about = subjects().get(kind)
    if lacks := [name for name in (about.needs if about else ()) if name not in used]:
        raise DomainError(f"This message needs {{{{ {lacks[0]} }}}}.", field="body")
    if (without_phi or (about is not None and about.is_message)) and personal:
        raise DomainError(
            f"“{personal[0]}” says something about a person, so this letter cannot be sent as an e-mail in full.",
            field="without_phi",
        )


def _fill(template: LetterTemplate, *, values: dict[str, Any]) -> None:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"a template has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(template, name, value)
    about = subjects().get(template.kind)
    if about is None:
        raise DomainError("Choose what the letter is about.", field="kind")
    template.without_phi = template.without_phi or about.is_message
    check(kind=template.kind, subject=template.subject, body=template.body, without_phi=template.without_phi)


def _says(text: LetterTemplate | LetterVersion) -> tuple[str, str, bool]:
    return text.subject, text.body, text.without_phi


def _locked(template: LetterTemplate) -> LetterTemplate:
    return LetterTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)


def _retired(template: LetterTemplate, *, day: date | None, actor: Actor) -> LetterTemplate:
    actor.require(PracticePermission.CHANGE_LETTERS)
    locked = _locked(template)
    if (locked.retired_on is None) == (day is None):
        raise Conflict("Somebody else did this already.")
    locked.retired_on = day
    locked.save()
    return locked
