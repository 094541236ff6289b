"""What waits: who may see which item, the tabs of My work, and their order by money and deadline."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Round, Sqrt
from django.http import Http404
from django.utils.module_loading import import_string

from kit.prepared import PreparedCount
from practice.actor import Actor
from practice.models import MembershipRole, WorkItem
from practice.permissions import PracticePermission
from practice.rules import worth as rules
from practice.rules.worth import Urgency
from practice.work_kinds import hidden_with_patient

OPEN = WorkItem.State.OPEN
FIGURE = DecimalField(max_digits=20, decimal_places=6)
RANK = ("urgency", "-worth", F("due_on").asc(nulls_last=True), "id")
BY_WORTH = ("-worth", F("due_on").asc(nulls_last=True), "id")
NEWEST = ("-closed_at", "-id")


def may_know(actor: Actor) -> QuerySet[WorkItem]:
    """Items the actor may know of: by permission, site, and (docs/adr/0009) whom they are about."""
    if not actor.may(PracticePermission.VIEW_WORK):
        return WorkItem.objects.none()
    found = WorkItem.objects.filter(practice_id=actor.practice_id)
    if actor.kind not in ("job", "system"):
        found = found.filter(permission__in=actor.permissions)
    if actor.locations:
        found = found.filter(Q(location=None) | Q(location_id__in=actor.locations))
    return _without_hidden(found, actor=actor)


def _without_hidden(found: QuerySet[WorkItem], *, actor: Actor) -> QuerySet[WorkItem]:
    """Without what people wrote about patients whom the actor may not see; the program's own titles name nobody."""
    hidden: QuerySet[Any] = import_string(settings.HIDDEN_PATIENTS)(actor)
    about = Exists(hidden.filter(pk=OuterRef("subject__record_id")))
    return found.filter(~Q(kind__in=hidden_with_patient()) | Q(subject=None) | ~about)


def concerns(actor: Actor) -> Q:
    """What somebody has, may take, is asked about, or asked for."""
    if actor.membership_id is None:  # a program's token has no name and no roles of its own: what nobody has
        return Q(owner=None)
    return Q(owner_id=actor.membership_id) | Q(made_by_id=actor.membership_id) | to_take(actor)


def to_take(actor: Actor) -> Q:
    """What waits for one of the actor's roles: in its queue without an owner, or escalated to it."""
    if actor.membership_id is None:
        return Q(owner=None)
    roles = MembershipRole.objects.filter(membership_id=actor.membership_id).values("role_id")
    return Q(owner=None) & (Q(role=None) | Q(role_id__in=roles)) | Q(escalated_to_id__in=roles)


def visible_to(actor: Actor) -> QuerySet[WorkItem]:
    """Items the actor may open: everybody's with VIEW_ALL_WORK, else those that concern them."""
    found = may_know(actor)
    return found if actor.may(PracticePermission.VIEW_ALL_WORK) else found.filter(concerns(actor))


def get_item(item_id: uuid.UUID, *, actor: Actor) -> WorkItem:
    """One item with its people and places, or 404."""
    found = _with_people(visible_to(actor)).filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def get_items(ids: Sequence[uuid.UUID], *, actor: Actor) -> list[WorkItem]:
    """Several items in the order of their ids; 404 when one of them is unknown, foreign or hidden."""
    wanted = set(ids)
    found = list(_with_people(visible_to(actor)).filter(pk__in=wanted).order_by("id"))
    if len(found) != len(wanted):
        raise Http404
    return found


def _with_people(found: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    return found.select_related(
        "ref", "subject", "owner__user", "role", "location", "escalated_to", "closed_by__user"
    )


def awake(today: date) -> Q:
    """Not snoozed, or only until today."""
    return Q(snoozed_until=None) | Q(snoozed_until__lte=today)


def waiting_for(actor: Actor, *, today: date) -> QuerySet[WorkItem]:
    """Open items the actor may open, those of others among them, in the order they should be done."""
    return ranked(_with_people(visible_to(actor).filter(awake(today), state=OPEN)), today=today)


def count_waiting(actor: Actor, *, today: date, most: int) -> int:
    """How many wait for the actor, counted up to ``most``: the number in the navigation."""
    return _waiting(replace(actor, request_id="", fresh=True), today, most)


@PreparedCount
def _waiting(actor: Actor, today: date, most: int) -> QuerySet[WorkItem]:
    return may_know(actor).filter(awake(today), concerns(actor), state=OPEN).order_by()[:most]


def about(kind: str, *, pk: uuid.UUID, actor: Actor) -> QuerySet[WorkItem]:
    """Open items about one record that the actor may open, earliest deadline first."""
    found = visible_to(actor).filter(ref__kind=kind, ref__record_id=pk, state=OPEN)
    return _with_people(found).order_by(F("due_on").asc(nulls_last=True), "id")


def of_my_work(kind: str, *, actor: Actor) -> QuerySet[WorkItem, uuid.UUID]:
    """Ids of the records of a kind that this member has open work about: the "Mine" of a list without owners."""
    mine = WorkItem.objects.filter(state=WorkItem.State.OPEN, owner_id=actor.membership_id, ref__kind=kind)
    found = mine if actor.membership_id else mine.none()
    return found.values_list("ref__record_id", flat=True)


def ranked(found: QuerySet[WorkItem], *, today: date, by_worth: bool = False) -> QuerySet[WorkItem]:
    """Annotated with ``urgency`` and ``worth`` as practice.rules.worth has them, and in their order."""
    return scored(found, today=today).order_by(*(BY_WORTH if by_worth else RANK))


def scored(found: QuerySet[WorkItem], *, today: date) -> QuerySet[WorkItem]:
    """The rule of practice/rules/worth.py in SQL."""
    day = Value(today, output_field=DateField())
    left = Func(F("due_on"), day, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())
    days = Case(
        When(due_on=None, then=Value(rules.WITHOUT_DAY)),
        When(due_on__lt=today, then=Value(rules.OVERDUE_LEFT)),
        When(due_on=today, then=Value(rules.TODAY_LEFT)),
        default=left,
        output_field=FIGURE,
    )
    value = Case(
        When(amount__gt=0, then=F("amount") * F("chance") / Value(Decimal(100))),
        default=Value(rules.WITHOUT_MONEY),
        output_field=FIGURE,
    )
    group = Case(
        When(due_on=None, then=Value(Urgency.UNDATED.value)),
        When(due_on__lt=today, then=Value(Urgency.OVERDUE.value)),
        When(due_on=today, then=Value(Urgency.TODAY.value)),
        When(due_on__lte=today + timedelta(days=rules.WEEK), then=Value(Urgency.WEEK.value)),
        default=Value(Urgency.LATER.value),
        output_field=IntegerField(),
    )
    root = Sqrt(days, output_field=FIGURE)
    return found.annotate(
        urgency=group, worth=Round(Func(value, root, template="(%(expressions)s)", arg_joiner=" / ",
                                        output_field=FIGURE), precision=2, output_field=FIGURE)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of My work: what it holds, and what it says when that is nothing."""

    slug: str
    label: str
    empty: str
    text: str
    permission: str = PracticePermission.VIEW_WORK


TABS = (
    Tab("mine", "Mine", "Nothing is assigned to you", "Under “My roles” is what you may take."),
    Tab(
        "roles", "My roles", "Nothing waits for your roles",
        "Denials, held claims, expiring licenses, complaints and findings come here by themselves.",
    ),
    Tab("overdue", "Overdue", "Nothing is overdue", "Everything that waits still has time."),
    Tab("waiting", "Waiting", "Nothing is snoozed", "What you put off comes back here on its day."),
    Tab("done", "Done by me", "You have closed nothing yet", "What you finish or drop is kept here."),
    Tab(
        "all", "All", "Nothing is waiting for anybody",
        "Denials, held claims, expiring licenses, complaints and findings come here by themselves.",
        PracticePermission.VIEW_ALL_WORK,
    ),
)  # fmt: skip


def tabs_for(actor: Actor) -> list[Tab]:
    """The tabs this actor has."""
    return [tab for tab in TABS if actor.may(tab.permission)]


def _narrowed_to(slug: str, *, actor: Actor, today: date) -> Q:
    now = Q(state=OPEN) & awake(today)
    return {
        "mine": now & Q(owner_id=actor.membership_id, owner__isnull=False),
        "roles": now & to_take(actor),
        "overdue": now & concerns(actor) & Q(due_on__lt=today),
        "waiting": Q(state=OPEN) & concerns(actor) & ~awake(today),
        "done": ~Q(state=OPEN) & Q(closed_by_id=actor.membership_id, closed_by__isnull=False),
        "all": now,
    }[slug]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """How a tab is narrowed: kinds, a site, somebody's, words of the title, and which deadlines."""

    kinds: tuple[str, ...] = ()
    location: uuid.UUID | None = None
    owner: uuid.UUID | None = None
    words: str = ""
    due: str = ""  # "overdue", "week"
    by_worth: bool = field(default=False)


def in_tab(slug: str, *, actor: Actor, today: date, asked: Asked) -> QuerySet[WorkItem]:
    """The items of a tab as asked for, with people and score, in their order."""
    found = may_know(actor).filter(_narrowed_to(slug, actor=actor, today=today))
    if asked.kinds:
        found = found.filter(kind__in=asked.kinds)
    if asked.location:
        found = found.filter(location_id=asked.location)
    if asked.owner:
        found = found.filter(owner_id=asked.owner)
    if asked.due == "overdue":
        found = found.filter(due_on__lt=today)
    if asked.due == "week":
        found = found.filter(due_on__gte=today, due_on__lte=today + timedelta(days=rules.WEEK))
    for word in asked.words.lower().split():
        found = found.filter(title_lower__contains=word)
    if slug == "done":
        return scored(_with_people(found), today=today).order_by(*NEWEST)
    return ranked(_with_people(found), today=today, by_worth=asked.by_worth)


def counts(actor: Actor, *, today: date, most: int) -> dict[str, int]:
    """How many each of the actor's tabs holds; what is closed is counted up to ``most``."""
    slugs = [tab.slug for tab in tabs_for(actor)]
    waiting = [slug for slug in slugs if slug != "done"]
    asked = {
        slug: Count("id", filter=_narrowed_to(slug, actor=actor, today=today), distinct=False)
        for slug in waiting
    }
    found: dict[str, int] = may_know(actor).filter(state=OPEN).aggregate(**asked)
    done = may_know(actor).filter(_narrowed_to("done", actor=actor, today=today))
    return {**found, "done": done.order_by()[:most].count()}


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one urgency: how many, and their money."""

    urgency: Urgency
    count: int
    amount: Decimal


def groups(found: QuerySet[WorkItem]) -> dict[Urgency, Group]:
    """Count and money of each urgency in a tab, most urgent first."""
    by_group: Any = found.order_by().values("urgency")  # type: ignore[misc]
    rows = by_group.annotate(n=Count("id"), dollars=Sum("amount")).order_by("urgency")
    return {
        Urgency(row["urgency"]): Group(Urgency(row["urgency"]), row["n"], row["dollars"] or Decimal(0))
        for row in rows
    }
