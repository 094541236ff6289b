"""My work: what waits for somebody, across all apps."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import clock
from practice.audit import note_read
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors.setup import left_to_do
from practice.selectors.work import work_views
from practice.services.refs import resolve_all

PAGE = 50
MOST_WORK = 1_000  # twenty numbered pages; what is beyond comes up as these are done


@require_GET
def work(request: Any) -> HttpResponse:
    """My work: everything that waits for this person, by deadline and money; all, their own, or overdue."""
    request.actor.require(PracticePermission.VIEW_WORK)
    today = clock.today(ZoneInfo(request.profile.timezone))
    views = work_views(request.actor, today=today)
    chosen = request.GET.get("view", "all")
    chosen = chosen if chosen in views else "all"
    counts = {slug: items[:MOST_WORK].count() for slug, (_, items) in views.items()}
    pages = max(1, -(-counts[chosen] // PAGE))
    number = min(_page_asked(request), pages)
    items = list(views[chosen][1][(number - 1) * PAGE : number * PAGE])
    records = resolve_all(item.ref for item in items)
    rows = [
        {
            "item": item,
            "url": page_of_record(request, record=records.get(item.ref_id)),
            "late": item.due_on and item.due_on < today,
        }
        for item in items
    ]
    context = {
        "rows": rows,
        "view": chosen,
        "tabs": [(slug, label, _capped(counts[slug])) for slug, (label, _) in views.items()],
        "count": _capped(counts[chosen]),
        "number": number,
        "pages": range(1, pages + 1),
        "first": (number - 1) * PAGE + 1,
        "last": (number - 1) * PAGE + len(rows),
        "setup_left": left_to_do(request.actor, profile=request.profile),
    }
    note_read(request, what="My work")
    return render(request, "practice/work.html", context)


def _page_asked(request: Any) -> int:
    """The page number in the address; 1 for anything that is none."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _capped(count: int) -> str:
    return f"{MOST_WORK:,}+" if count >= MOST_WORK else f"{count:,}"
