"""My work: what waits for somebody, across all apps, by deadline and money."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit.listing import page_number
from kit.views import gate
from practice.actor import Actor
from practice.audit import note_read
from practice.models import Location, WorkItem
from practice.permissions import PracticePermission
from practice.record_pages import page_of_ref
from practice.rules.worth import Urgency
from practice.selectors import work as found
from practice.selectors.announcements import waiting_for
from practice.selectors.days import practice_today
from practice.selectors.people import members
from practice.selectors.setup import left_to_do
from practice.work_kinds import kind_named, kinds

PAGE = 50
MOST = 5_000  # a hundred pages; what is beyond comes up as these are done
ANNOUNCED = 3  # shown above the list; more come up as these are read
NEAR = 2  # pages named on either side of the open one


@require_GET
def work(request: Any) -> HttpResponse:
    """One tab of My work, narrowed as the address says; grouped by urgency with its money, or flat by worth."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_WORK)
    today = practice_today(actor)
    counted = found.counts(actor, today=today, most=MOST)
    tab = _tab(request.GET.get("view", ""), actor=actor, counted=counted)
    asked = _asked(request, actor=actor)
    rows = found.in_tab(tab.slug, actor=actor, today=today, asked=asked)
    groups = found.groups(rows)
    count = min(sum(group.count for group in groups.values()), MOST)
    pages = max(1, -(-count // PAGE))
    number = min(page_number(request.GET.get("page", "")), pages)
    items = list(rows[(number - 1) * PAGE : min(number * PAGE, MOST)])
    flat = asked.by_worth or tab.slug == "done"
    context = {
        "tab": tab,
        "tabs": [(each, f"?view={each.slug}", _capped(counted[each.slug])) for each in found.tabs_for(actor)],
        "sections": _sections(request, items=items, groups=groups, flat=flat, today=today),
        "count": _capped(count),
        "total": sum(group.amount for group in groups.values()),
        "number": number,
        "pages": _window(number, pages=pages),
        "first": (number - 1) * PAGE + 1,
        "last": (number - 1) * PAGE + len(items),
        "query": _query(request, tab=tab.slug),
        "filters": _filters(request, actor=actor, tab=tab.slug),
        "words": asked.words,
        "due": asked.due,
        "by_worth": asked.by_worth,
        "order_query": _query(request, tab=tab.slug, order="" if asked.by_worth else "worth"),
        "narrowed": any(request.GET.get(name) for name in ("q", "kind", "app", "location", "person", "due")),
        "nonce": gate.nonce(request),
        "announced": _announced(actor, today=today),
        "setup_left": left_to_do(actor, profile=request.profile),
        "may_do": actor.may(PracticePermission.DO_WORK) and tab.slug != "done",
        "may_assign": actor.may(PracticePermission.ASSIGN_WORK),
        "may_see_people": actor.may(PracticePermission.VIEW_ALL_WORK),
    }
    note_read(request, what="My work", patient_ids=patients_in(items))
    return render(request, "practice/work.html", context)


def _announced(actor: Actor, *, today: date) -> dict[str, Any]:
    """The oldest announcements that wait for the actor, and whether there are more."""
    found = list(waiting_for(actor, today=today)[: ANNOUNCED + 1])
    return {"rows": found[:ANNOUNCED], "more": len(found) > ANNOUNCED}


def _tab(asked: str, *, actor: Actor, counted: dict[str, int]) -> found.Tab:
    """The tab asked for; else one's own work, or what one may take when one has none."""
    tabs = {tab.slug: tab for tab in found.tabs_for(actor)}
    return tabs.get(asked) or tabs["mine" if counted["mine"] else "roles"]


def _asked(request: Any, *, actor: Actor) -> found.Asked:
    """The filters of the address; what makes no sense narrows nothing."""
    given = request.GET.get
    kind, app = given("kind", ""), given("app", "")
    chosen = (kind,) if kind in kinds() else tuple(each.code for each in kinds().values() if each.area == app)
    site = _uuid(given("location", ""))
    return found.Asked(
        kinds=chosen,
        location=site if site and actor.sees_location(site) else None,
        owner=_uuid(given("person", "")) if actor.may(PracticePermission.VIEW_ALL_WORK) else None,
        words=given("q", "")[:80].strip(),
        due=given("due", ""),
        by_worth=given("order", "") == "worth",
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _sections(
    request: Any, *, items: list[WorkItem], groups: dict[Urgency, found.Group], flat: bool, today: date
) -> list[dict[str, Any]]:
    """The rows under their headings; a heading counts its whole group, not only this page of it."""
    if flat:
        rows = [row_of(request, item=item, today=today) for item in items]
        return [{"group": None, "rows": rows}] if rows else []
    return [
        {"group": groups[Urgency(key)], "rows": [row_of(request, item=item, today=today) for item in chunk]}
        for key, chunk in groupby(items, key=lambda item: item.urgency)  # type: ignore[attr-defined]
    ]


def row_of(request: Any, *, item: WorkItem, today: date) -> dict[str, Any]:
    """An item as a list shows it."""
    return {
        "item": item,
        "kind": kind_named(item.kind),
        "url": page_of_ref(request, ref=item.ref),
        "late": item.state == WorkItem.State.OPEN and item.due_on is not None and item.due_on < today,
        "asleep": item.snoozed_until is not None and item.snoozed_until > today,
    }


def patients_in(items: Iterable[WorkItem]) -> list[uuid.UUID]:
    """The patients whom items name, for the read log."""
    return [
        item.subject.record_id
        for item in items
        if kind_named(item.kind).names_people and item.subject is not None
    ]


def _filters(request: Any, *, actor: Actor, tab: str) -> list[dict[str, Any]]:
    every = kinds().values()
    areas = sorted({(kind.area, kind.area_label) for kind in every}, key=lambda pair: pair[1])
    sites = [(str(key), name) for key, name in Location.objects.values_list("pk", "name").order_by("name")
             if actor.sees_location(key)]  # fmt: skip
    choices = [
        ("app", "Area", areas),
        ("kind", "Kind", sorted(((kind.code, kind.label) for kind in every), key=lambda pair: pair[1])),
        ("location", "Location", sites if len(sites) > 1 else []),
        ("due", "Due", [("overdue", "Overdue"), ("week", "Within 7 days")]),
    ]
    if tab == "all":
        people = members(actor).order_by("user__name", "pk")
        choices.append(("person", "Person", [(str(each.pk), each.name) for each in people]))
    return [
        {"name": name, "label": label, "options": options, "value": request.GET.get(name, "")}
        for name, label, options in choices
        if options
    ]


def _query(request: Any, *, tab: str, **changed: str) -> str:
    """The address of this list without its page, for links that keep the filters."""
    names = ("q", "app", "kind", "location", "due", "person", "order")
    kept = {"view": tab} | {name: request.GET.get(name, "") for name in names} | changed
    return urlencode({name: value for name, value in kept.items() if value})


def _window(number: int, *, pages: int) -> list[int]:
    """The first, the last and the near pages; 0 stands for those left out between."""
    shown = sorted({1, pages, *range(max(1, number - NEAR), min(pages, number + NEAR) + 1)})
    named: list[int] = []
    for page in shown:
        if named and page > named[-1] + 1:
            named.append(0)
        named.append(page)
    return named


def _capped(count: int) -> str:
    return f"{MOST:,}+" if count >= MOST else f"{count:,}"
