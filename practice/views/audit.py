"""Settings, Audit: what was changed, what was read, who came in, and whether the seal holds."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kit import clock, links
from practice import jobs
from practice.audit import note_read
from practice.models import AuditAccess
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors import changes as changed
from practice.selectors import door
from practice.selectors import reads as read
from practice.selectors import seal as sealed
from practice.selectors.records import patient_names
from practice.trail import EVENTS

PAGE = 50
MARK = re.compile(r"^(user|token|job|system):[0-9a-f-]{0,36}$")
TABS = (
    ("changes", "Changes", "practice:audit"),
    ("reads", "Reads", "practice:audit_reads"),
    ("sign-ins", "Sign-ins", "practice:audit_sign_ins"),
    ("seal", "Seal", "practice:audit_seal"),
)


@dataclass(frozen=True)
class Asked:
    """What an address asks for, made safe: what makes no sense is left out."""

    who: str
    kind: str
    patient: uuid.UUID | None
    first: date | None
    last: date | None
    after: str
    zone: ZoneInfo

    @property
    def since(self) -> datetime | None:
        """The beginning of the first day, where the practice is."""
        return datetime.combine(self.first, time.min, self.zone) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The end of the last day."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone) if self.last else None

    def query(self, **more: str) -> str:
        """The same question as an address, with some words added."""
        said = {
            "who": self.who,
            "kind": self.kind,
            "patient": str(self.patient or ""),
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
        }
        return "?" + urlencode({name: value for name, value in (said | more).items() if value})


def _asked(request: Any, *, kinds: Any) -> Asked:
    given = request.GET
    who, kind = given.get("who", ""), given.get("kind", "")
    return Asked(
        who=who if MARK.match(who) and _key(who.partition(":")[2]) is not None else "",
        kind=kind if kind in kinds else "",
        patient=_key(given.get("patient", "")),
        first=_day(given.get("first", "")),
        last=_day(given.get("last", "")),
        after=given.get("after", "")[:100],
        zone=ZoneInfo(request.profile.timezone),
    )


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _page(request: Any, *, tab: str, asked: Asked | None = None, **context: Any) -> HttpResponse:
    tabs = [(label, links.to(request, name=name), slug == tab) for slug, label, name in TABS]
    template = f"practice/audit_{tab.replace('-', '_')}.html"
    people = changed.people(request.actor) if asked is not None else []
    note_read(request, what=f"Audit: {tab}")
    return render(request, template, {"tabs": tabs, "asked": asked, "people": people, **context})


@require_GET
def changes(request: Any) -> HttpResponse:
    """Who changed what, in sentences."""
    request.actor.require(PracticePermission.VIEW_AUDIT)
    kinds = changed.kinds()
    asked = _asked(request, kinds=kinds)
    found, after = changed.page(
        request.actor,
        who=asked.who,
        table=asked.kind,
        since=asked.since,
        until=asked.until,
        after=_key(asked.after),
        size=PAGE,
    )
    rows = [{"change": each, "url": page_of_record(request, record=each.record)} for each in found]
    options = sorted((_noun(model), table) for table, model in kinds.items())
    return _page(
        request,
        tab="changes",
        asked=asked,
        rows=rows,
        kinds=[(table, noun) for noun, table in options],
        next=asked.query(after=str(after)) if after else "",
    )


def _noun(model: Any) -> str:
    noun = str(model._meta.verbose_name)
    return noun[:1].upper() + noun[1:]


@require_GET
def reads(request: Any) -> HttpResponse:
    """Who saw, searched, exported, printed or was refused what."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_AUDIT)
    asked = _asked(request, kinds=AuditAccess.Action.values)
    found, after = read.page(
        actor,
        who=asked.who,
        action=asked.kind,
        patient=asked.patient,
        since=asked.since,
        until=asked.until,
        after=_mark(asked.after),
        size=PAGE,
    )
    named = patient_names([asked.patient], actor=actor) if asked.patient else {}
    rows = [{"read": each, "action": AuditAccess.Action(each.action).label.capitalize()} for each in found]
    kinds = [(action.value, action.label.capitalize()) for action in AuditAccess.Action]
    return _page(
        request,
        tab="reads",
        asked=asked,
        rows=rows,
        kinds=kinds,
        patient=named.get(asked.patient, "a patient you may not see") if asked.patient else "",
        next=asked.query(after=f"{after[0].isoformat()}_{after[1]}") if after else "",
    )


def _mark(text: str) -> tuple[datetime, uuid.UUID] | None:
    at, _, key = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, uuid.UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None


@require_GET
def sign_ins(request: Any) -> HttpResponse:
    """How the people of this practice came in, and what they changed about that."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_AUDIT)
    asked = _asked(request, kinds=EVENTS)
    kind, _, person = asked.who.partition(":")
    found = door.at_the_door(
        actor,
        person=_key(person) if kind == "user" else None,
        events=[asked.kind] if asked.kind else (),
        since=asked.since,
        until=asked.until,
        after=_key(asked.after),
        size=PAGE + 1,
    )
    names = dict(changed.people(actor))
    rows = [
        {"event": each, "who": names.get(f"user:{each.person}", "Somebody"), "what": EVENTS[each.event]}
        for each in found[:PAGE]
        if each.event in EVENTS
    ]
    return _page(
        request,
        tab="sign-ins",
        asked=asked,
        rows=rows,
        kinds=list(EVENTS.items()),
        next=asked.query(after=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
    )


@require_GET
def seal(request: Any) -> HttpResponse:
    """How far the seal is behind, its batches, and what the last checks found."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_AUDIT)
    below = request.GET.get("below", "")
    number = int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None
    found = sealed.batches(actor, below=number, size=PAGE + 1)
    head = sealed.batches(actor, size=1)
    checks = sealed.verifications(actor)
    return _page(
        request,
        tab="seal",
        batches=[(batch, bytes(batch.digest).hex(), len(batch.parts.all())) for batch in found[:PAGE]],
        next=f"?below={found[PAGE - 1].number}" if len(found) > PAGE else "",
        head=(head[0], bytes(head[0].digest).hex()) if head else None,
        behind=round(sealed.seconds_behind(everywhere=False)),
        checks=checks,
        last=checks[0] if checks else None,
        anchored=sealed.anchored_number(request.practice.slug),
    )


@require_POST
def verify_now(request: Any) -> HttpResponse:
    """Check the practice's chain in the background, now."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_AUDIT)
    jobs.enqueue("practice.verify_audit", actor=actor, key=f"asked {clock.now():%Y-%m-%d %H:%M}")
    messages.success(request, "The trail is being checked. The result shows here in a moment.")
    return redirect(links.to(request, name="practice:audit_seal"))
