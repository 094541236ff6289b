"""The tenant's own pages: home, My work, background work, files, the palette, health and error pages."""

from __future__ import annotations

import sys
import time
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kit import clock
from kit.links import record_url as resource_url
from practice import away
from practice.audit import note_read
from practice.discovery import modules
from practice.permissions import PracticePermission
from practice.selectors.people import practices_of
from practice.selectors.setup import left_to_do
from practice.selectors.work import work_views
from practice.services import attachments, signup
from practice.services.refs import resolve, resolve_all
from practice.shell import navigation
from practice.transactions import known_as

PAGE = 50
MOST_WORK = 1_000  # twenty numbered pages; what is beyond comes up as these are done


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send people to their practice, or to the sign-in page."""
    if not request.user.is_authenticated:
        first_run = settings.SIGNUP == signup.FIRST_RUN and signup.is_possible()
        return redirect("sign_up" if first_run else "account_login")
    with known_as(request.user.pk):
        practice = practices_of(request.user).first()
    if practice is None:
        return render(request, "practice/no_practice.html", status=200)
    return redirect(reverse("practice:home", kwargs={"practice": practice.slug}))


@require_GET
def home_of_practice(request: Any) -> HttpResponse:
    """The first page of the navigation that this person may see."""
    for job in navigation(request, actor=request.actor):
        return redirect(job["url"])
    return render(request, "practice/no_practice.html")


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


def record_url(request: Any, *, ref: Any) -> str:
    """The page of what a work item is about: the record's own ``get_page_url`` or its Resource's detail page."""
    return page_of_record(request, record=resolve(ref))


def page_of_record(request: Any, *, record: Any) -> str:
    """The page of a record, '' when it has none or there is no record."""
    if record is None:
        return ""
    own = getattr(record, "page_name", "")
    if own:
        argument = getattr(record, "page_argument", "pk")
        return reverse(own, kwargs={"practice": request.practice.slug, argument: record.pk})
    return resource_url(request, record=record)


@require_GET
def palette(request: Any) -> JsonResponse:
    """Where ⌘K can go: patients, claims and pages, filtered by permission and by what was typed."""
    text = request.GET.get("q", "").strip()
    found = [hit for module in modules("palette") for hit in module.find(request, text=text)]
    found += [
        {"label": item["label"], "hint": job["label"], "url": item["url"], "group": "Pages"}
        for job in navigation(request, actor=request.actor)
        for item in job["items"] or [{"label": job["label"], "url": job["url"]}]
        if text.lower() in item["label"].lower() or text.lower() in job["label"].lower()
    ]
    return JsonResponse(found[:30], safe=False)


@require_GET
def download(request: Any, attachment_id: uuid.UUID) -> FileResponse:
    """A stored file, as a download, to whoever may see the record it belongs to."""
    attachment, content = attachments.read(attachment_id, actor=request.actor)
    note_read(request, what=f"file of {attachment.ref.kind}", action="export")
    response = FileResponse(content, as_attachment=True, filename=attachment.name)
    response["Content-Type"] = attachment.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody answered the idle warning: the middleware has counted this as activity."""
    request.session["seen_at"] = int(time.time())
    return HttpResponse(status=204)


def _error(
    request: HttpRequest, *, status: int, title: str, extra: dict[str, Any] | None = None
) -> HttpResponse:
    if "/api/v1/" in request.path:
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "request_id": getattr(request, "id", ""),
        }
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"request_id": getattr(request, "id", ""), **(extra or {})}
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, without a trace; 503 when a session could not be kept because the database failed."""
    if away.is_unavailable(exception):
        return away.unavailable(request, error=exception)
    return _error(request, status=400, title="That request could not be read.")


def forbidden(request: Any, exception: Exception | None = None) -> HttpResponse:
    """403: says which roles have it."""
    permission = getattr(exception, "permission", "")
    roles: list[str] = []
    if permission and getattr(request, "actor", None) is not None:
        import kit.ports

        roles = list(kit.ports.holders(permission))
    extra = {"permission": permission, "roles": roles}
    return _error(request, status=403, title="Your role does not allow this.", extra=extra)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that did not come from our own page."""
    context = {"request_id": getattr(request, "id", "")}
    return render(request, "errors/403_csrf.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, foreign and hidden look the same."""
    return _error(request, status=404, title="There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the request's id and nothing else; 503 when it was the database that failed."""
    error = sys.exc_info()[1]  # Django calls this while it handles the exception
    if away.is_unavailable(error):
        return away.unavailable(request, error=error)
    return _error(request, status=500, title="Something went wrong on our side.")
