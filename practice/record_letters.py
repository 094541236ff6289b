"""The box "Letters and messages" on any record's page: both in the order of time, and the ways to add one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kit.status import Status, status_of
from practice.actor import Actor
from practice.letter_subjects import subjects
from practice.models import Correspondence, Letter
from practice.panels import Box, Panel
from practice.permissions import PracticePermission
from practice.selectors import correspondence, letter_compose, letters
from practice.selectors.records import name_of
from practice.services.refs import kind_of, resolve

SHOWN = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the box."""

    at: datetime
    what: str
    who: str
    url: str
    status: Status


def letters_and_messages(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """What was written about a record; on a letter's own page, the letter."""
    if not actor.may(PracticePermission.VIEW_LETTER):
        return None
    if isinstance(record, Letter):
        return _letter(record)
    if isinstance(record, Correspondence):
        return _message(record)
    about = kind_of(record) in subjects()
    entries = _entries(record, actor=actor, slug=slug)
    if not entries and not about and record._meta.app_label == "practice":
        return None  # a setting of the practice's own is seldom written about
    query = urlencode({"about": name_of(record)})
    adds = []
    if about and actor.may(PracticePermission.SEND_LETTER):
        adds.append(("Write a letter", f"{_page('practice:letter_write', slug)}?{query}"))
    if actor.may(PracticePermission.LOG_MESSAGE):
        adds.append(("Log a message", f"{_page('kit:practice_message_create', slug)}?{query}"))
    if not entries and not adds:
        return None
    context = {"entries": entries[:SHOWN], "more": len(entries) > SHOWN, "adds": adds}
    return Panel(
        boxes=(Box(title="Letters and messages", template="practice/_letters_box.html", context=context),)
    )


def _letter(record: Letter) -> Panel:
    about, sheet = resolve(record.ref), letter_compose.opened(record)
    context = {"sheet": sheet, "logo": letter_compose.logo(), "letter": record, "about": about}
    return Panel(boxes=(Box(title="The letter", template="practice/_letter_box.html", context=context),))


def _message(record: Correspondence) -> Panel:
    about = resolve(record.ref) if record.ref is not None else None
    context = {"about": about}
    return Panel(boxes=(Box(title="About", template="practice/_message_box.html", context=context),))


def _entries(record: Any, *, actor: Actor, slug: str) -> list[Entry]:
    """The newest of both, newest first; one more than is shown tells whether there are more."""
    written = letters.about(record, actor=actor).select_related("version__template").order_by("-id")
    logged = correspondence.about(record, actor=actor).order_by("-happened_at", "-id")
    found = [_of_letter(each, slug=slug) for each in written[: SHOWN + 1]]
    found += [_of_message(each, slug=slug) for each in logged[: SHOWN + 1]]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _of_letter(letter: Letter, *, slug: str) -> Entry:
    return Entry(
        at=letter.created_at,
        what=f"Letter {letter.number}: {letter.version.template.name}",
        who=f"To {letter.recipient}",
        url=_page("kit:practice_letter_detail", slug, pk=letter.pk),
        status=status_of(letter),
    )


def _of_message(message: Correspondence, *, slug: str) -> Entry:
    way = "From" if message.direction == Correspondence.Direction.IN else "To"
    return Entry(
        at=message.happened_at,
        what=f"{message.get_medium_display()}: {message.subject}",
        who=f"{way} {message.party}",
        url=_page("kit:practice_message_detail", slug, pk=message.pk),
        status=status_of(message),
    )


def _page(name: str, slug: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"practice": slug, **kwargs})
