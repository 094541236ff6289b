"""A letter online: its address is made when it is mailed, opens with a date of birth, and shuts for good.

Who holds the address still has to say when the addressee was born; after a few wrong dates nobody is let in any more
and the letter is work again. Days and tries are rules (``letter.online_days``, ``letter.online_tries``).
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from kit import clock
from kit.errors import Conflict
from practice.actor import Actor, system_actor
from practice.encrypted import reveal
from practice.models import Letter, LetterLink, LetterStep, TokenLookup
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services import letters
from practice.services.rules import rule
from practice.services.secrets import forget_secrets, register_secret
from practice.transactions import acting_in


def make(letter: Letter, *, born: date, actor: Actor) -> tuple[LetterLink, str]:
    """The one live address of a letter; earlier ones end. The second value is its secret, which nothing keeps."""
    end(letter, actor=actor)
    days = int(rule("letter.online_days", on=practice_today(actor)))
    raw = secrets.token_urlsafe(32)
    link = LetterLink(
        practice_id=actor.practice_id,
        letter=letter,
        born=born.isoformat(),
        expires_at=clock.now() + timedelta(days=days),
    )
    link.secret_hash = register_secret(raw, kind=TokenLookup.Kind.LETTER, row_id=link.id, actor=actor)
    link.save()
    return link, raw


def end(letter: Letter, *, actor: Actor) -> int:
    """No address opens this letter from the next look on; how many did."""
    live = list(LetterLink.objects.filter(letter=letter, revoked_at=None).values_list("pk", flat=True))
    LetterLink.objects.filter(pk__in=live).update(revoked_at=clock.now())
    forget_secrets(live, actor=actor)
    return len(live)


@transaction.atomic
def take_offline(letter: Letter, *, reason: str, actor: Actor) -> Letter:
    """A member shuts a letter that is online: it stays on file, and whoever holds the address reads it no more."""
    actor.require(PracticePermission.SEND_LETTER)
    locked = letters.taken(letter)
    if not end(locked, actor=actor):
        raise Conflict(f"{locked} is not online any more.")
    letters.note(locked, outcome=LetterStep.Outcome.SHUT, channel="web", said=reason, actor=actor)
    return locked


def opens(link: LetterLink, *, born: date) -> bool:
    """Whether this is the date of birth that the letter waits for."""
    return secrets.compare_digest(reveal(link, "born"), born.isoformat())


@transaction.atomic
def note_opened(link: LetterLink, *, actor: Actor) -> None:
    """Keep that it was read: each time in the log of the letter, the first time on the link."""
    LetterLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=clock.now())
    letters.note(link.letter, outcome=LetterStep.Outcome.OPENED, channel="web", actor=actor)


def note_wrong(actor: Actor) -> None:
    """Count a wrong date of birth, in a transaction of its own: the answer's was rolled back. Too many shut it."""
    with acting_in(actor.practice_id, actor=actor):
        ours = system_actor(practice_id=actor.practice_id, request_id=actor.request_id)
        found = LetterLink.objects.select_for_update(of=("self",), no_key=True).select_related("letter")
        link = found.filter(pk=actor.id, revoked_at=None).first() if actor.id else None
        if link is None:
            return
        LetterLink.objects.filter(pk=link.pk).update(wrong=F("wrong") + 1)
        tries = int(rule("letter.online_tries", on=practice_today(ours)))
        if link.wrong + 1 < tries:
            return
        locked = letters.taken(link.letter)
        end(locked, actor=ours)
        letters.in_trouble(
            locked,
            state=Letter.State.RETURNED,
            outcome=LetterStep.Outcome.SHUT,
            why=f"Somebody gave {tries} wrong dates of birth.",
            actor=ours,
        )
