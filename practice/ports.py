"""Fills the kit's ports: the kit knows no app, so the tenant app lends it eyes and a memory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

import kit.ports
from kit import links, registry
from kit.errors import DomainError, TooMany
from kit.ports import Beside, Done, OwnView, Sentence
from practice import rates, recents
from practice.audit import note_read
from practice.models import RolePermission
from practice.panels import Box, panels_of
from practice.selectors.history import sentences
from practice.selectors.lists import views_of
from practice.selectors.records import patients_of
from practice.services import bulk
from practice.services.idempotency import Answer, fingerprint, once

KEY_FORM = re.compile(r"[!-~]{1,80}")
REPLAYED = ("Content-Type", "Location", "ETag", "HX-Redirect", "HX-Location", "HX-Trigger")
ACTIONS = {"listed": "view", "opened": "view", "searched": "search", "exported": "export"}


def fill() -> None:
    """Called once, when the process starts."""
    kit.ports.provide(
        allowed=_allowed,
        log_read=_log_read,
        history=_history,
        beside=_beside,
        holders=_holders,
        idempotent=_idempotent,
        step_up=_step_up,
        spend=_spend,
        saved_views=_saved_views,
        opened=_opened,
        bulk=_bulk,
    )


def _allowed(actor: Any, *, permission: str) -> bool:
    return bool(actor.may(permission))


def _step_up(request: HttpRequest) -> None:
    request.actor.require_fresh()  # type: ignore[attr-defined]


def note_seen(request: HttpRequest, *, kind: str, ids: list[UUID]) -> None:
    """Rows of a Resource shown by a page of our own: noted where they are patient data."""
    if ids and registry.get(kind).phi:
        _log_read(request, kind=kind, ids=ids, action="listed")


def _log_read(request: HttpRequest, *, kind: str, ids: Iterable[UUID], action: str) -> None:
    """Note whose data was shown; a name that was masked was not."""
    resource = registry.get(kind)
    patient_ids = patients_of(resource.model_class, ids=list(ids))
    if patient_ids and resource.model_class._meta.label != "patients.Patient":
        hidden = import_string(settings.HIDDEN_PATIENTS)(request.actor)  # type: ignore[attr-defined]
        masked = set(hidden.filter(pk__in=patient_ids).values_list("pk", flat=True))
        patient_ids = [key for key in patient_ids if key not in masked]
    what = (resource.singular if action == "opened" else resource.plural).capitalize()
    note_read(request, what=what, patient_ids=patient_ids, action=ACTIONS.get(action, "view"))


def _history(record: Any, *, limit: int) -> Sequence[Sentence]:
    return sentences(record, limit=limit)


def _beside(request: HttpRequest, *, record: Any) -> Beside:
    asked: Any = request
    panels = panels_of(record, actor=asked.actor, slug=asked.practice.slug)
    return Beside(
        facts=[fact for panel in panels for fact in panel.facts],
        boxes=[box for panel in panels for box in panel.boxes]
        + [Box(title=panel.failed, template="practice/_box_failed.html") for panel in panels if panel.failed],
        steps=[step for panel in panels for step in panel.steps],
        marks=[mark for panel in panels for mark in panel.marks],
    )


def _holders(permission: str) -> Sequence[str]:
    named = RolePermission.objects.filter(permission=permission).order_by("role__name")
    return list(named.values_list("role__name", flat=True))


def _spend(request: HttpRequest, *, budget: str) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    if seconds := rates.spend(budget, who=f"{actor.practice_id}:{actor}"):
        raise TooMany(f"That was often in a short time. Try again in {seconds} seconds", seconds=seconds)


def _saved_views(request: HttpRequest, *, kind: str) -> Sequence[OwnView]:
    actor = request.actor  # type: ignore[attr-defined]
    return [
        OwnView(
            id=view.pk,
            label=view.name,
            query=view.query,
            shared=view.shared,
            mine=view.member_id == actor.membership_id,
            default=view.is_default and view.member_id == actor.membership_id,
        )
        for view in views_of(kind, actor=actor)
    ]


def _opened(request: HttpRequest, *, kind: str, pk: UUID) -> None:
    recents.remember(request, kind=kind, pk=pk)


def _bulk(
    request: HttpRequest, *, resource: Any, action: Any, ids: Sequence[UUID], answers: str, later: bool
) -> Done:
    asked: Any = request
    run = bulk.begin(
        resource.name, action=action.name, ids=ids, answers=answers, later=later, actor=asked.actor
    )
    page = links.to(request, name="practice:bulk", bulk_id=run.pk)
    if later:
        job = links.to(request, name="practice:job", job_id=run.job_id)
        return Done(id=run.pk, address=f"{job}?{urlencode({'next': page})}")
    outcomes = list(run.items.order_by("record_id").values_list("record_id", "reason"))
    return Done(id=run.pk, address=page, outcomes=outcomes)


def _idempotent(request: HttpRequest, *, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer once per key. The stored answer is replayed with the same status, body, address and ETag."""
    made: list[HttpResponse] = []

    def produce() -> Answer:
        made.append(run())
        if hasattr(made[0], "render") and not getattr(made[0], "is_rendered", True):
            made[0].render()  # type: ignore[attr-defined]
        headers = {name: made[0][name] for name in REPLAYED if name in made[0]}
        return Answer(
            status=made[0].status_code, body={"content": made[0].content.decode(), "headers": headers}
        )

    if not KEY_FORM.fullmatch(key):
        raise DomainError("This form has lost its key. Load the page again, then repeat the entry")
    asked = fingerprint(request.method or "", request.get_full_path(), _body(request))
    actor = request.actor  # type: ignore[attr-defined]
    answer = once(key, asked=asked, produce=produce, actor=actor)
    if made:
        return made[0]
    replay = HttpResponse(answer.body["content"], status=answer.status, headers=answer.body["headers"])
    replay["Idempotency-Replayed"] = "true"
    return replay


def _body(request: HttpRequest) -> str:
    """What was asked, without what differs between two clicks of the same form (the CSRF mask)."""
    if request.content_type == "application/json" or not request.POST:
        data = getattr(request, "api_data", None)
        return json.dumps(data, sort_keys=True, default=str) if data is not None else ""
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    return json.dumps(fields, sort_keys=True)
