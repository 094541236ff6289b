"""Keep each Monday's brief, put lines aside, choose the mail, write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from kit.errors import DomainError
from kit.words import counted, dollars, us_date, us_time
from practice.actor import Actor
from practice.brief import BriefLine
from practice.models import (
    Brief,
    BriefEntry,
    BriefMail,
    BriefMark,
    BriefReader,
    Membership,
    Practice,
)
from practice.permissions import PracticePermission
from practice.selectors import brief as found
from practice.selectors.days import practice_today, practice_zone
from practice.selectors.people import user_actor
from practice.services.rules import rule
from practice.services.work_desk import SNOOZE_DAYS

MAILED_AT = "brief.mailed_at"


@transaction.atomic
def keep(week: date, *, actor: Actor) -> Brief:
    """Keep the brief of a week as it stands; a week that was kept stays as it was."""
    actor.require(PracticePermission.VIEW_BRIEF)
    brief, new = Brief.objects.get_or_create(practice_id=actor.practice_id, week=week)
    if not new:
        return brief
    lines, areas, failed = found.collected(actor, today=practice_today(actor))
    gone = {mark.key for mark in found.marks(actor, today=practice_today(actor))}
    shown = [line for line in lines if line.key not in gone]
    rows = [
        _entry(brief, line, place=place, area=areas[line.key]) for place, line in enumerate(shown, start=1)
    ]
    rows += [_unchecked(brief, area, place=len(rows) + place) for place, area in enumerate(failed, start=1)]
    BriefEntry.objects.bulk_create(rows)
    return brief


def _entry(brief: Brief, line: BriefLine, *, place: int, area: str) -> BriefEntry:
    return BriefEntry(
        practice_id=brief.practice_id,
        brief=brief,
        position=place,
        key=line.key,
        area=area,
        sentence=line.sentence[:200],
        detail=line.detail[:300],
        severity=line.severity,
        permission=str(line.permission),
        amount=line.amount,
        due_on=line.due_on,
        count=line.count,
        owner=line.owner[:120],
        path=line.path[:300],
        button=line.button[:40],
    )


def _unchecked(brief: Brief, area: str, *, place: int) -> BriefEntry:
    return BriefEntry(
        practice_id=brief.practice_id,
        brief=brief,
        position=place,
        key=f"unchecked.{place}",
        area=area,
        sentence=f"{area} could not be checked",
        severity=BriefEntry.Severity.WARN,
        permission=PracticePermission.VIEW_BRIEF,
        failed=True,
    )


@transaction.atomic
def snooze(line: BriefLine, *, until: date, reason: str, actor: Actor) -> None:
    """Put a line aside for everybody until a day. Raises DomainError without a reason or for a day that is none."""
    actor.require(PracticePermission.MARK_BRIEF)
    today = practice_today(actor)
    last = today + timedelta(days=int(rule(SNOOZE_DAYS, on=today)))
    if not reason.strip():
        raise DomainError("Say why this can wait.", field="reason")
    if not today < until <= last:
        raise DomainError(f"Enter a day from tomorrow to {us_date(last)}.", field="until")
    _mark(line, act=BriefMark.Act.SNOOZED, until=until, reason=reason, actor=actor)


def settle(line: BriefLine, *, actor: Actor) -> None:
    """Mark a line as done for this week: it comes back on Monday if its matter still stands."""
    actor.require(PracticePermission.MARK_BRIEF)
    until = found.monday_of(practice_today(actor)) + timedelta(days=7)
    _mark(line, act=BriefMark.Act.DONE, until=until, reason="", actor=actor)


def bring_back(line: BriefLine, *, actor: Actor) -> None:
    """Show a line again that was put aside."""
    actor.require(PracticePermission.MARK_BRIEF)
    _mark(line, act=BriefMark.Act.BACK, until=None, reason="", actor=actor)


def _mark(line: BriefLine, *, act: str, until: date | None, reason: str, actor: Actor) -> None:
    BriefMark.objects.create(
        practice_id=actor.practice_id,
        key=line.key,
        act=act,
        sentence=line.sentence[:200],
        until=until,
        reason=reason.strip()[:200],
        member_id=actor.membership_id,
    )


@transaction.atomic
def choose_mail(*, by_mail: bool, actor: Actor) -> None:
    """Get the brief by mail on Mondays, or no longer. Raises DomainError for a program's token."""
    actor.require(PracticePermission.VIEW_BRIEF)
    if actor.membership_id is None:
        raise DomainError("Only a person can get the brief by mail.")
    BriefReader.objects.update_or_create(
        practice_id=actor.practice_id, member_id=actor.membership_id, defaults={"by_mail": by_mail}
    )


def send_at(week: date, *, actor: Actor) -> datetime:
    """The moment of a Monday at which the brief is made and mailed, in the practice's own zone."""
    at = rule(MAILED_AT, on=week).value
    zone = practice_zone(actor)
    return datetime.combine(week, at if isinstance(at, time) else time(6), tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one member."""

    member: Membership
    mail: EmailMultiAlternatives


def waiting_readers(brief: Brief) -> list[Membership]:
    """Members who chose the mail, still work here, and have not got this week's."""
    sent = BriefMail.objects.filter(brief=brief).values("member_id")
    chosen = BriefReader.objects.filter(by_mail=True, member__ended_at=None, member__user__is_active=True)
    rows = chosen.exclude(member_id__in=sent).select_related("member__user").order_by("id")
    return [row.member for row in rows]


def written_for(member: Membership, *, actor: Actor) -> Letter | None:
    """The brief of this week for one member, by what their own roles and sites show; None without the right to it."""
    practice = Practice.objects.get(pk=actor.practice_id)
    reader = user_actor(user=member.user, practice=practice, request_id=actor.request_id)
    if reader is None or not reader.may(PracticePermission.VIEW_BRIEF):
        return None
    told = found.this_week(reader, today=practice_today(actor), with_boxes=False)
    zone = practice_zone(actor)
    base = f"{settings.BASE_URL}/p/{practice.slug}/"
    context = {
        "practice": practice.name,
        "week": f"{us_date(told.week)} to {us_date(told.last_day)}",
        "as_of": us_time(told.as_of.astimezone(zone)),
        "lines": [_mail_line(line, base=base) for line in told.lines],  # type: ignore[arg-type]
        "unchecked": told.unchecked,
        "url": f"{base}brief/",
    }
    mail = EmailMultiAlternatives(
        subject=f"Monday brief: {counted(len(told.lines), one='item', many='items')}, {told.urgent} urgent",
        body=render_to_string("practice/mail/brief.txt", context),
        to=[member.user.email],
    )
    mail.attach_alternative(render_to_string("practice/mail/brief.html", context), "text/html")
    return Letter(member, mail)


def _mail_line(line: BriefLine, *, base: str) -> dict[str, str]:
    """What may leave the house: the sentence, its money and day, and a link. Never its detail."""
    return {
        "sentence": line.sentence,
        "amount": dollars(line.amount) if line.amount is not None else "",
        "due": us_date(line.due_on) if line.due_on else "",
        "url": f"{base}{line.path}",
        "urgent": "Urgent: " if line.severity == "bad" else "",
    }


def note_sent(brief: Brief, *, member: Membership, actor: Actor) -> None:
    """Write down that a member got a week's mail."""
    BriefMail.objects.bulk_create(
        [BriefMail(practice_id=actor.practice_id, brief=brief, member=member)], ignore_conflicts=True
    )


def is_fresh(week: date, *, actor: Actor) -> bool:
    """Whether a week's mail is still worth sending: on its Monday or the day after."""
    today = practice_today(actor)
    return week <= today <= week + timedelta(days=1)
