"""Tell people, in the app and by mail; let them choose how. Mail says that something waits, never what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from practice import jobs
from practice.actor import Actor
from practice.models import Membership, Notice, NoticeChoice
from practice.notices import kinds
from practice.services.refs import ref_to

MAIL = "practice.notice_mail"
MAIL_SLOT = 300  # seconds


@transaction.atomic
def notify(
    members: Iterable[Membership],
    *,
    kind: str,
    text: str,
    key: str,
    record: Any = None,
    link: str = "",
    actor: Actor,
) -> int:
    """Tell members of something once. Returns how many are told.

    ``record``: what it is about (its page opens); ``link``: a page below the practice's address instead. Whoever acts
    is not told of what they did themselves; ended members are told nothing; each member's choice holds. The same
    ``key`` tells nobody twice. Raises KeyError for a kind that no app declares.
    """
    known = kinds()[kind]
    ref = ref_to(record, actor=actor) if record is not None else None
    ids = {each.pk for each in members if each.ended_at is None} - {actor.membership_id}
    own = {row.member_id: row for row in NoticeChoice.objects.filter(kind=kind, member__in=ids)}
    ids -= set(Notice.objects.filter(key=key[:120], member__in=ids).values_list("member_id", flat=True))
    notices = [
        Notice(
            practice_id=actor.practice_id,
            member_id=member_id,
            kind=kind,
            text=text[:300],
            ref=ref,
            link=link,
            key=key[:120],
            in_app=known.urgent or member_id not in own or own[member_id].in_app,
            by_mail=own[member_id].by_mail if member_id in own else known.by_mail,
        )
        for member_id in sorted(ids)
    ]
    wanted = [notice for notice in notices if notice.in_app or notice.by_mail]
    Notice.objects.bulk_create(wanted, ignore_conflicts=True)  # a twin of this request may have been first
    for notice in wanted:
        if notice.by_mail:
            _queue_mail(notice.member_id, actor=actor)
    return len(wanted)


def _queue_mail(member_id: uuid.UUID, *, actor: Actor) -> None:
    """One mail a member and slot, sent when the slot is over, so that what comes together is mailed together."""
    ends = (int(clock.system_now().timestamp()) // MAIL_SLOT + 1) * MAIL_SLOT
    jobs.enqueue(
        MAIL,
        actor=actor,
        key=f"{member_id}:{ends}",
        args={"member_id": str(member_id)},
        run_after=datetime.fromtimestamp(ends, tz=UTC),
    )


@transaction.atomic
def read(notice: Notice, *, actor: Actor) -> None:
    """A member has seen a notice of theirs. Twice is once."""
    mine = Notice.objects.filter(pk=notice.pk, member_id=actor.membership_id, read_at=None)
    mine.update(read_at=clock.now())


@transaction.atomic
def read_all(*, actor: Actor) -> int:
    """A member has seen them all. Returns how many were unread."""
    mine = Notice.objects.filter(member_id=actor.membership_id, read_at=None)
    return mine.update(read_at=clock.now())


@transaction.atomic
def choose(wanted: Mapping[str, tuple[bool, bool]], *, actor: Actor) -> None:
    """Keep how a member wants to be told, kind by kind: (in the app, by mail).

    Raises DomainError for a kind that is unknown, one that may not be silenced, and whoever is no member.
    """
    if actor.membership_id is None:
        raise DomainError("Only members are told of things.")
    for code, (in_app, by_mail) in wanted.items():
        if code not in kinds():
            raise DomainError("Choose among the kinds of notices there are.", field=code)
        if kinds()[code].urgent and not in_app:
            raise DomainError("This kind is always told in the app.", field=code)
        NoticeChoice.objects.update_or_create(
            practice_id=actor.practice_id,
            member_id=actor.membership_id,
            kind=code,
            defaults={"in_app": in_app, "by_mail": by_mail},
        )
