"""Addresses that open one form to whoever holds them: made, ended, and what is kept of their use."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.form_purposes import purpose_of
from practice.models import FormVersion, PublicForm, PublicLink, PublicLinkEvent, TokenLookup
from practice.permissions import PracticePermission
from practice.services.refs import kind_of, ref_to
from practice.services.secrets import forget_secrets, register_secret
from practice.transactions import acting_in

LONGEST_DAYS, MOST_USES = 730, 100_000


@transaction.atomic
def make(
    label: str,
    *,
    form: PublicForm,
    days: int,
    most_uses: int | None = None,
    about: Any = None,
    actor: Actor,
) -> tuple[PublicLink, str]:
    """Make a link to a form. The second value is its secret: shown once, as its address, kept nowhere.

    ``most_uses`` 1 is a single use, None until it expires. It outlives its maker's membership: it opens nothing but
    the form, and whoever has it could have it from anybody.
    """
    actor.require(PracticePermission.CHANGE_FORMS)
    label = " ".join(label.split())
    if not label:
        raise DomainError("Say where the link goes.", field="label")
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(f"Enter 1 to {LONGEST_DAYS} days.", field="days")
    if most_uses is not None and not 1 <= most_uses <= MOST_USES:
        raise DomainError(f"Enter 1 to {MOST_USES:,}, or leave it empty.", field="most_uses")
    if not form.is_active or not FormVersion.objects.filter(form=form, published_at__isnull=False).exists():
        raise Conflict("Publish the form first, and switch it on.")
    _about(about, form=form)
    raw = secrets.token_urlsafe(32)
    link = PublicLink(
        practice_id=actor.practice_id,
        form=form,
        ref=ref_to(about, actor=actor) if about is not None else None,
        label=label[:80],
        made_by_id=actor.membership_id,
        expires_at=clock.now() + timedelta(days=days),
        most_uses=most_uses,
    )
    link.secret_hash = register_secret(raw, kind=TokenLookup.Kind.LINK, row_id=link.id, actor=actor)
    link.save()
    return link, raw


def _about(about: Any, *, form: PublicForm) -> None:
    wanted = purpose_of(form.purpose).about
    given = kind_of(about) if about is not None else ""
    if given != wanted:
        raise DomainError(
            "Links of this form are about nothing else." if not wanted else "Say what it is about."
        )


@transaction.atomic
def revoke(link: PublicLink, *, actor: Actor) -> None:
    """End a link: its address is unknown from the next look on. Twice is once."""
    actor.require(PracticePermission.CHANGE_FORMS)
    PublicLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=clock.now())
    forget_secrets([link.pk], actor=actor)


def note_opened(actor: Actor) -> None:
    """Keep that a link was opened, in a short transaction of its own: the page was read-only."""
    with acting_in(actor.practice_id, actor=actor):
        PublicLinkEvent.objects.create(
            practice_id=actor.practice_id, link_id=str(actor.id), kind=PublicLinkEvent.Kind.OPENED
        )
