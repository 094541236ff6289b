"""What the frame of every page shows: practice, navigation by job, counts, the user."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from kit import clock, registry
from practice.actor import Actor
from practice.models import Location, User
from practice.selectors.notices import UNREAD_CAP, unread
from practice.selectors.people import practices_of
from practice.selectors.work import count_waiting
from practice.sessions import idle_left, seconds_left

# Jobs of the left navigation: key, label, icon, letter after `g`, and their pages (label, url name, permission).
Page = tuple[str, str, str]
JOBS: tuple[tuple[str, str, str, str, tuple[Page, ...]], ...] = (
    (
        "today",
        "Today",
        "clock",
        "t",
        (
            ("My work", "practice:work", "practice.view_work"),
            ("Notices", "practice:notices", "practice.view_work"),
            ("Monday brief", "practice:brief", "practice.view_brief"),
        ),
    ),
    ("schedule", "Schedule", "calendar", "s", ()),
    ("patients", "Patients", "person", "p", ()),
    ("billing", "Billing", "receipt", "b", ()),
    ("staff", "Staff", "people", "f", ()),
    ("compliance", "Compliance", "shield", "c", ()),
    ("reports", "Reports", "chart", "r", ()),
    ("settings", "Settings", "sliders", "x", ()),
)

# Pages of machines and records, seldom opened: below the lists a practice is set up with.
LATER = {
    "kit:practice_token_list",
    "kit:practice_display_list",
    "kit:practice_job_list",
    "practice:data",
    "practice:audit",
    "kit:practice_import_list",
}
# What a job opens with: the lists its people live in, before all else of the room.
FIRST = (
    "practice:work",
    "practice:notices",
    "kit:practice_phone_message_list",
    "practice:checklists_today",
    "kit:practice_approval_list",
    "practice:brief",
    "kit:practice_announcement_list",
    "kit:practice_letter_list",
    "practice:print_queue",
    "scheduling:day",
    "scheduling:week",
    "scheduling:flow",
    "kit:scheduling_visit_list",
    "scheduling:fill",
    "kit:scheduling_waiting_list",
    "kit:scheduling_reschedule_list",
    "kit:scheduling_recall_list",
    "kit:scheduling_reminder_list",
    "kit:patients_patient_list",
    "kit:patients_coverage_list",
    "kit:patients_case_list",
    "kit:patients_consent_list",
    "kit:patients_referral_list",
    "kit:patients_records_request_list",
    "kit:patients_complaint_list",
    "kit:billing_claim_list",
    "kit:billing_remittance_list",
    "billing:denials",
    "reports:owner",
    "kit:reports_pnl_list",
    "reports:kpis",
)

SHOWN = 9  # pages of a job that stand open below it; the others are one click further
MOST_WAITING = 100

SIGNED_OUT = {
    "idle": "You were signed out after a while without activity. What you had typed is kept for you.",
    "long": "Sign-ins end after 12 hours. Sign in again to go on; what you had typed is kept for you.",
}


def context(request: HttpRequest) -> dict[str, Any]:
    """``shell`` for the templates; only the user's name where no practice is chosen."""
    actor: Actor | None = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    shell: dict[str, Any] = {
        "demo": settings.MODE == "demo",
        "mailbox_url": reverse("demo_mailbox") if settings.MODE in ("demo", "dev") else "",
        "sign_up_url": reverse("sign_up") if settings.SIGNUP == "open" else "",
        "user": _user(user) if user is not None and user.is_authenticated else None,
    }
    if shell["user"]:
        person = cast(User, user)
        shell |= {"theme": person.theme, "single_keys": person.single_keys}
    if (
        actor is not None and actor.kind != "public_link"
    ):  # its pages have no frame and tell no practice's name
        shell |= _practice(request, actor=actor)
    found: dict[str, Any] = {"shell": shell}
    if note := SIGNED_OUT.get(request.GET.get("reason", "")):
        found["signed_out_note"] = note
    if shell["user"] is None and settings.MODE in ("demo", "dev"):
        from practice import demo

        found["demo_cast"] = demo.cast()
    return found


def _user(user: Any) -> dict[str, str]:
    parts = (user.name or user.email).split()
    return {"name": str(user), "initials": "".join(part[0] for part in parts[:2]).upper()}


def _practice(request: HttpRequest, *, actor: Actor) -> dict[str, Any]:
    practice = request.practice  # type: ignore[attr-defined]
    initials = "".join(word[0] for word in practice.name.split()[:2]).upper()
    others = practices_of(cast(User, request.user)) if actor.kind == "user" else []
    home = {"practice": practice.slug}
    return {
        "practice": {"name": practice.name, "slug": practice.slug, "initials": initials},
        "location_label": _locations(actor),
        "practices": [
            {
                "name": other.name,
                "url": reverse("practice:home", kwargs={"practice": other.slug}),
                "current": other.id == practice.id,
            }
            for other in others
        ],
        "nav": navigation(request, actor=actor),
        "notices_url": reverse("practice:notices", kwargs=home) if actor.kind == "user" else "",
        "unread": _unread(actor),
        "views_url": reverse("practice:saved_view", kwargs=home) if actor.kind == "user" else "",
        "may_share_views": actor.may("practice.share_views"),
        "palette_url": reverse("practice:palette", kwargs=home),
        "stay_url": reverse("practice:stay", kwargs=home) if actor.kind == "user" else "",
        "drafts_url": reverse("practice:drafts", kwargs=home),
        "ends_in": seconds_left(request.session, now=time.time()) if actor.kind == "user" else 0,
        "idle_seconds": idle_left(request.session, now=int(time.time())) if actor.kind == "user" else 0,
    }


def _locations(actor: Actor) -> str:
    """Where somebody works, for the line under the practice's name: one site by its name, several by their number."""
    if not actor.locations:
        return "All locations"
    names = list(Location.objects.filter(pk__in=actor.locations).values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else f"{len(actor.locations)} locations"


def pages(*, actor: Actor, slug: str) -> dict[str, list[dict[str, Any]]]:
    """Every page this actor may see, by job: the shell's own, each app's ``NAVIGATION`` in urls.py, the Resources."""
    return {
        key: [
            {"label": label, "url": url, "count": None}
            for label, url, permission in entries
            if actor.may(permission)
        ]
        for key, entries in _every_page(slug).items()
    }


@lru_cache(maxsize=512)
def _every_page(slug: str) -> dict[str, tuple[Page, ...]]:
    """Label, address and permission of every page of a practice, in the order of the navigation."""
    from practice.discovery import modules

    named: dict[str, list[Page]] = {key: list(own) for key, _, _, _, own in JOBS}
    for module in modules("urls"):
        for key, entries in getattr(module, "NAVIGATION", {}).items():
            named[key].extend(entries)
    for resource in registry.every():
        if resource.nav:
            label = resource.nav_label or resource.plural.capitalize()
            named[resource.nav].append((label, f"kit:{resource.key}_list", resource.view_permission))
    return {
        key: tuple(
            (label, reverse(name, kwargs={"practice": slug}), permission)
            for label, name, permission in sorted(entries, key=_rank)
        )
        for key, entries in named.items()
    }


def _rank(entry: Page) -> tuple[bool, int]:
    """Where a page stands among those of its job; pages of one rank stay as they were declared."""
    _, name, _ = entry
    return name in LATER, FIRST.index(name) if name in FIRST else len(FIRST)


def navigation(request: HttpRequest, *, actor: Actor) -> list[dict[str, Any]]:
    """The jobs this actor may see, with their pages. The open page is the longest address that begins this one."""
    by_job = pages(actor=actor, slug=request.practice.slug)  # type: ignore[attr-defined]
    every = [item["url"] for items in by_job.values() for item in items]
    here = max((url for url in every if request.path.startswith(url)), key=len, default="")
    waiting = _waiting(request, actor=actor)
    for items in by_job.values():
        for item in items:
            item["current"] = item["url"] == here
    by_job["today"][:1] = [{**item, "count": waiting} for item in by_job["today"][:1]]
    return [
        {
            "key": key,
            "label": label,
            "icon": icon,
            "url": by_job[key][0]["url"],
            "go": letter,
            "current": any(item["current"] for item in by_job[key]),
            "count": waiting if key == "today" else None,
            "items": by_job[key][:SHOWN] if len(by_job[key]) > 1 else [],
            "more": by_job[key][SHOWN:],
            "more_open": any(item["current"] for item in by_job[key][SHOWN:]),
        }
        for key, label, icon, letter, _ in JOBS
        if by_job[key]
    ]


def _unread(actor: Actor) -> str:
    """Unread notices for the bell, capped; empty when there are none."""
    count = unread(actor)
    return f"{UNREAD_CAP}+" if count > UNREAD_CAP else str(count or "")


def _waiting(request: Any, *, actor: Actor) -> str | None:
    """How much waits for this person now, capped."""
    if not actor.may("practice.view_work"):
        return None
    today = clock.today(ZoneInfo(request.profile.timezone))
    waiting = count_waiting(actor, today=today, most=MOST_WAITING)
    return (f"{MOST_WAITING - 1}+" if waiting == MOST_WAITING else str(waiting)) if waiting else None
