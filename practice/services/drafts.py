"""Unsaved entries: kept encrypted a few seconds after typing stops, given back, cleared by the save."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.encrypted import reveal
from practice.models import Draft
from practice.selectors.days import practice_today
from practice.services.rules import rule

MOST = 60_000  # characters: what a browser still sends while its page goes away
FIELD = "_draft"
# The browser leaves out what is marked secret; this is the second lock.
SECRET = re.compile(
    r"ssn|tax_?id|passw|secret|token|routing|account_number|csrf|idempotency|^_", re.IGNORECASE
)
Entries = dict[str, list[str]]


@transaction.atomic
def save(form: str, *, entries: Entries, actor: Actor) -> Draft:
    """Keep what is typed in a form (its address, below /p/<slug>/) in place of what was kept before.

    Passwords, tax ids and the like are left out. Raises ``DomainError`` when it is too long or no member types.
    """
    if actor.membership_id is None or actor.kind != "user":
        raise DomainError("Only a signed-in member has drafts.")
    if not form.startswith("/p/") or len(form) > 300:
        raise DomainError("A draft belongs to a form of this practice.", field="form")
    kept = json.dumps({name: values for name, values in entries.items() if not SECRET.search(name)})
    if len(kept) > MOST:
        raise DomainError("This is too long to be kept as a draft. Save the form.", field="entries")
    draft, _ = Draft.objects.update_or_create(
        practice_id=actor.practice_id,
        membership_id=actor.membership_id,
        form=form,
        defaults={"entries": kept, "saved_at": clock.system_now()},
    )
    return draft


def find(form: str, *, actor: Actor) -> tuple[Draft, Entries] | None:
    """The actor's own draft of a form, with what was typed."""
    draft = _own(form, actor=actor).first()
    if draft is None:
        return None
    entries: Entries = json.loads(reveal(draft, "entries"))
    return draft, entries


@transaction.atomic
def discard(form: str, *, actor: Actor) -> None:
    """Forget the actor's draft of a form."""
    _own(form, actor=actor).delete()


def _own(form: str, *, actor: Actor) -> QuerySet[Draft]:
    if actor.membership_id is None:
        return Draft.objects.none()
    return Draft.objects.filter(membership_id=actor.membership_id, form=form)


def clear_sent(request: HttpRequest) -> None:
    """After a form was saved: its draft goes in the same transaction (the browser names it in ``_draft``)."""
    form = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if form:
        discard(form, actor=request.actor)  # type: ignore[attr-defined]


@transaction.atomic
def purge(*, actor: Actor) -> int:
    """Delete drafts older than the practice's rule ``draft.keep_days``; returns how many."""
    days = int(rule("draft.keep_days", on=practice_today(actor)))
    old = Draft.objects.filter(
        practice_id=actor.practice_id, saved_at__lt=clock.system_now() - timedelta(days=days)
    )
    return int(old.delete()[0])
