"""Events: how a lower app tells the ones above it (ARCHITECTURE.md 1, way 2).

``emit("appointment.completed", appointment_id=…)``: a noun and a past participle, ids only. Handlers stand in
``<app>/handlers.py``: ``same_transaction`` ones may refuse and so fail the emitter; ``later`` ones become a job.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Literal

from practice import jobs
from practice.actor import Actor

When = Literal["same_transaction", "later"]
Handler = Callable[..., Any]

# Every event of the house, with the ids it carries. docs/events.md is made from this.
EVENTS: dict[str, tuple[str, ...]] = {
    "appointment.booked": ("appointment_id",),
    "appointment.moved": ("appointment_id",),
    "appointment.cancelled": ("appointment_id",),
    "appointment.released": ("appointment_id",),
    "appointment.arrived": ("appointment_id",),
    "appointment.completed": ("appointment_id",),
    "appointment.missed": ("appointment_id",),
    "template.published": ("template_id",),
    "exception.added": ("exception_id",),
    "exception.withdrawn": ("exception_id",),
    "claim.submitted": ("claim_id",),
    "remittance.posted": ("remittance_id",),
    "denial.opened": ("denial_id",),
    "credential.expiring": ("credential_id",),
    "import.finished": ("import_run_id",),
    "approval.asked": ("approval_id",),
    "approval.decided": ("approval_id",),
    "submission.received": ("submission_id",),
    "patient.case_changed": ("patient_id",),
    "patient.standing_changed": ("patient_id",),
    "visit.restricted": ("appointment_id",),
    "visit.unrestricted": ("appointment_id",),
}
_handlers: dict[str, list[tuple[Handler, When]]] = defaultdict(list)


def handles(event: str, *, when: When) -> Callable[[Handler], Handler]:
    """Register ``handler(*, actor, **ids)`` for an event."""
    if event not in EVENTS:
        raise ValueError(f"unknown event {event}")

    def register(function: Handler) -> Handler:
        if all(existing is not function for existing, _ in _handlers[event]):
            _handlers[event].append((function, when))
        return function

    return register


def handlers_of(event: str) -> list[tuple[str, When]]:
    """Dotted names of an event's handlers, for the docs and the suite."""
    return [(f"{function.__module__}.{function.__name__}", when) for function, when in _handlers[event]]


def emit(event: str, *, actor: Actor, **ids: uuid.UUID) -> None:
    """Tell the handlers, inside the caller's transaction."""
    from practice.discovery import load_handlers

    if set(ids) != set(EVENTS[event]):
        raise ValueError(f"{event} carries {EVENTS[event]}, not {tuple(ids)}")
    load_handlers()
    for function, when in _handlers[event]:
        if when == "same_transaction":
            function(actor=actor, **ids)
            continue
        name = f"{function.__module__}.{function.__name__}"
        args = {"handler": name, **{key: str(value) for key, value in ids.items()}}
        key = f"{event}:{name}:{actor.request_id or uuid.uuid4()}:{':'.join(map(str, ids.values()))}"
        jobs.enqueue("practice.event", actor=actor, key=key[:200], args=args)


@jobs.kind("practice.event", label="Follow-up of an event")
def deliver(job: jobs.Job) -> None:
    """Run one ``later`` handler, in one step."""
    ids = {key: uuid.UUID(value) for key, value in job.args.items() if key != "handler"}
    wanted = job.args["handler"]
    for entries in _handlers.values():
        for function, when in entries:
            if when == "later" and f"{function.__module__}.{function.__name__}" == wanted:
                with job.step() as actor:
                    function(actor=actor, **ids)
                return
    raise jobs.NotAgain(f"Handler {wanted} no longer exists.")
