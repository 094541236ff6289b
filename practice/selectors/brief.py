"""The Monday brief: this week's lines as they stand now, what was put aside, and the weeks that were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F, QuerySet
from django.http import Http404

from kit import clock
from practice.actor import Actor
from practice.brief import SEVERITIES, BriefLine
from practice.contributions import gather
from practice.models import Brief, BriefEntry, BriefMark, BriefReader, WorkItem
from practice.panels import Box
from practice.permissions import PracticePermission
from practice.rules.worth import worth
from practice.selectors.work import may_know

SETTLED_DAYS, SETTLED_SHOWN = 7, 4
NEWEST_MARKS = 500


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, kw_only=True)
class Told:
    """A week's brief: what asks for attention, which areas could not be checked, what was put aside."""

    week: date
    as_of: datetime
    lines: Sequence[BriefLine | BriefEntry]
    unchecked: Sequence[str] = ()
    snoozed: Sequence[BriefMark] = ()
    done: Sequence[BriefMark] = ()
    boxes: Sequence[Box] = ()
    settled: Sequence[WorkItem] = ()
    settled_count: int = 0
    kept: bool = False
    areas: dict[str, str] = field(default_factory=dict)

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.week + timedelta(days=6)

    @property
    def urgent(self) -> int:
        """How many lines are urgent."""
        return sum(line.severity == "bad" for line in self.lines)

    @property
    def amount(self) -> Decimal:
        """The money of all lines."""
        return sum((line.amount or Decimal(0) for line in self.lines), Decimal(0))


def this_week(actor: Actor, *, today: date, with_boxes: bool = True) -> Told:
    """The brief as it stands at this moment, for what this actor may see."""
    actor.require(PracticePermission.VIEW_BRIEF)
    every, areas, unchecked = collected(actor, today=today)
    aside = marks(actor, today=today)
    gone = {mark.key for mark in aside}
    here = {line.key for line in every}
    boxes, failed = _boxes(actor, today=today) if with_boxes else ([], [])
    settled = _settled(actor)
    return Told(
        week=monday_of(today),
        as_of=clock.now(),
        lines=[line for line in every if line.key not in gone],
        unchecked=[*unchecked, *failed],
        snoozed=[mark for mark in aside if mark.act == BriefMark.Act.SNOOZED and mark.key in here],
        done=[mark for mark in aside if mark.act == BriefMark.Act.DONE and mark.key in here],
        boxes=boxes,
        settled=list(settled[:SETTLED_SHOWN]) if with_boxes else [],
        settled_count=settled.count() if with_boxes else 0,
        areas=areas,
    )


def collected(actor: Actor, *, today: date) -> tuple[list[BriefLine], dict[str, str], list[str]]:
    """Every contributor's lines, most urgent and most worth doing first; their areas; areas that could not be asked."""
    found: list[BriefLine] = []
    areas: dict[str, str] = {}
    failed: list[str] = []
    for answer in gather("brief_lines", actor=actor, today=today):
        if answer.failed:
            failed.append(answer.source)
            continue
        lines = [line for line in answer.value if actor.may(line.permission)]
        areas |= {line.key: answer.source for line in lines}
        found += lines
    return sorted(found, key=lambda line: _rank(line, today=today)), areas, failed


def _rank(line: BriefLine, *, today: date) -> tuple[int, Decimal, date, str]:
    score = worth(amount=line.amount, chance=100, due_on=line.due_on, today=today)
    return SEVERITIES.index(line.severity), -score, line.due_on or date.max, line.key


def _boxes(actor: Actor, *, today: date) -> tuple[list[Box], list[str]]:
    answers = gather("brief_boxes", actor=actor, today=today)
    failed = [answer.source for answer in answers if answer.failed]
    return [box for answer in answers if not answer.failed for box in answer.value], failed


def _settled(actor: Actor) -> QuerySet[WorkItem]:
    """What was done in the last seven days, most money first."""
    since = clock.now() - timedelta(days=SETTLED_DAYS)
    done = may_know(actor).filter(state=WorkItem.State.DONE, closed_at__gte=since)
    return done.order_by(F("amount").desc(nulls_last=True), "-closed_at", "id")


def marks(actor: Actor, *, today: date) -> list[BriefMark]:
    """The newest mark of each line that is put aside today, soonest back first."""
    rows = BriefMark.objects.filter(practice_id=actor.practice_id).select_related("member__user")
    newest: dict[str, BriefMark] = {}
    for mark in rows.order_by("-created_at", "-id")[:NEWEST_MARKS]:
        newest.setdefault(mark.key, mark)
    aside = [mark for mark in newest.values() if mark.until is not None and mark.until > today]
    return sorted(aside, key=lambda mark: (mark.until or date.max, mark.key))


def line_named(key: str, *, actor: Actor, today: date) -> BriefLine:
    """One of this week's lines, put aside or not; 404 for what is not there or not for this actor."""
    actor.require(PracticePermission.VIEW_BRIEF)
    every, _, _ = collected(actor, today=today)
    line = next((line for line in every if line.key == key), None)
    if line is None:
        raise Http404
    return line


def kept_weeks(actor: Actor) -> QuerySet[Brief]:
    """The briefs that were kept, newest first. They count every site: a site's scope sees none."""
    found = Brief.objects.filter(practice_id=actor.practice_id).order_by("-week")
    allowed = actor.may(PracticePermission.VIEW_BRIEF) and not actor.locations
    return found if allowed else found.none()


def kept_week(week: date, *, actor: Actor) -> Told:
    """A week's brief as its Monday had it, or 404."""
    brief = kept_weeks(actor).filter(week=week).first()
    if brief is None:
        raise Http404
    rows = [row for row in brief.entries.all() if actor.may(row.permission)]
    return Told(
        week=brief.week,
        as_of=brief.created_at,
        lines=[row for row in rows if not row.failed],
        unchecked=[row.area for row in rows if row.failed],
        areas={row.key: row.area for row in rows},
        kept=True,
    )


def gets_mail(actor: Actor) -> bool:
    """Whether this member has asked for the brief by mail."""
    return BriefReader.objects.filter(member_id=actor.membership_id, by_mail=True).exists()
