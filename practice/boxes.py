"""Boxes that the tenant itself puts on every record's page (contributions "record_panels", practice/panels.py)."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from practice.actor import Actor
from practice.models import PhoneMessage
from practice.panels import Box, Panel
from practice.permissions import PracticePermission
from practice.selectors import notes as noted
from practice.selectors import phone as pad
from practice.selectors import work as waiting
from practice.selectors.files import of_record, permission_for
from practice.selectors.records import name_of
from practice.services.refs import kind_of

SHOWN = 20
NOTES_SHOWN = CALLS_SHOWN = 5
WAITING = 5


def files(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """The record's files, and where one is attached."""
    kind = kind_of(record)
    permission = permission_for(kind)
    if not getattr(record, "takes_files", True) or (permission and not actor.may(permission)):
        return None
    found = of_record(record)
    may_attach = actor.may(PracticePermission.ATTACH_FILE)
    if not found and not may_attach:
        return None
    where = reverse("practice:attach", kwargs={"practice": slug, "kind": kind, "pk": record.pk})
    return Panel(
        boxes=(
            Box(
                title="Files",
                template="practice/_files_box.html",
                context={"files": found[:SHOWN], "more": max(0, len(found) - SHOWN)},
                link=("Attach a file", where) if may_attach else None,
            ),
        )
    )


def work(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """What waits about the record, and where somebody makes a reminder of it."""
    if not actor.may(PracticePermission.DO_WORK):
        return None
    kind = kind_of(record)
    items = list(waiting.about(kind, pk=record.pk, actor=actor)[:WAITING])
    new = reverse("practice:work_new", kwargs={"practice": slug})
    return Panel(
        boxes=(
            Box(
                title="Work",
                template="practice/_work_box.html",
                context={"waiting": items},
                link=("Remind me", f"{new}?record={kind}:{record.pk}"),
            ),
        )
    )


def notes(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """The record's latest notes, pinned ones first, and a form for one more."""
    if not getattr(record, "takes_notes", True):
        return None
    found = list(noted.standing(record)[: NOTES_SHOWN + 1])
    may_write = actor.may(PracticePermission.WRITE_NOTE)
    if not found and not may_write:
        return None
    where = reverse("practice:notes", kwargs={"practice": slug, "kind": kind_of(record), "pk": record.pk})
    context = {
        "notes": found[:NOTES_SHOWN],
        "more": len(found) > NOTES_SHOWN,
        "where": where,
        "may_write": may_write,
        "nonce": str(uuid.uuid4()),
    }
    return Panel(
        boxes=(
            Box(
                title="Notes", template="practice/_notes_box.html", context=context, link=("All notes", where)
            ),
        )
    )


def phone(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """The record's latest phone messages; on a patient's page the way to take one."""
    if isinstance(record, PhoneMessage) or not actor.may(PracticePermission.VIEW_PHONE):
        return None
    found = list(
        pad.about(record, actor=actor)
        .select_related("member__user", "role")
        .order_by("-id")[: CALLS_SHOWN + 1]
    )
    offers = kind_of(record) == "patients.patient" and actor.may(PracticePermission.TAKE_PHONE)
    if not found and not offers:
        return None
    take = reverse("kit:practice_phone_message_create", kwargs={"practice": slug})
    where = f"{take}?{urlencode({'about': name_of(record)})}"
    box = Box(
        title="Phone messages",
        template="practice/_phone_box.html",
        context={"messages": found[:CALLS_SHOWN], "more": len(found) > CALLS_SHOWN},
        link=("Take a message", where) if offers else None,
    )
    return Panel(boxes=(box,))
