"""Licences, certificates and policies: file them, verify them at their source, renew them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.selectors.days import practice_today
from staff.models import Credential, Employee
from staff.permissions import StaffPermission
from staff.services import expiries

DETAILS = frozenset({"employee", "kind", "number", "state", "issued_on", "expires_on"})


def _check(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"a credential has no {', '.join(sorted(unknown))}")
    values = {**values, "state": str(values.get("state") or "").strip().upper()}
    if values["kind"] == Credential.Kind.LICENSE and len(values["state"]) != 2:
        raise DomainError("Enter the state that issued the licence, two letters.", field="state")
    issued, expires = values.get("issued_on"), values.get("expires_on")
    if issued and expires and expires < issued:
        raise DomainError("Enter an end date after the date of issue.", field="expires_on")
    return values


def _locked(credential: Credential) -> Credential:
    found = Credential.objects.select_for_update(of=("self",), no_key=True).get(pk=credential.pk)
    if not found.is_current:
        raise Conflict("This one was renewed: work on the one that replaced it.")
    return found


@transaction.atomic
def add(*, actor: Actor, employee: Employee, kind: str, **details: Any) -> Credential:
    """File a credential; one that ends soon opens a work item at once.

    Raises DomainError for a licence without a state, or an end before its issue.
    """
    actor.require(StaffPermission.CHANGE_CREDENTIAL)
    values = _check({"employee": employee, "kind": kind, **details})
    made = Credential.objects.create(practice_id=actor.practice_id, **values)
    expiries.watch(made, actor=actor)
    return made


@transaction.atomic
def change(credential: Credential, *, actor: Actor, **details: Any) -> Credential:
    """Correct what was filed. A changed number, state or date must be verified again."""
    actor.require(StaffPermission.CHANGE_CREDENTIAL)
    locked = _locked(credential)
    known = {name: getattr(locked, name) for name in DETAILS}
    values = _check(known | details)
    if any(values[name] != known[name] for name in ("number", "state", "issued_on", "expires_on")):
        locked.verified_on, locked.verified_source = None, ""
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save()
    expiries.watch(locked, actor=actor)
    return locked


@transaction.atomic
def verify(
    credential: Credential, *, actor: Actor, source: str, verified_on: date | None = None
) -> Credential:
    """Note that it was checked at its primary source (board, DEA, insurer), and when.

    Raises DomainError for an empty source or a day to come, Conflict when it was replaced.
    """
    actor.require(StaffPermission.CHANGE_CREDENTIAL)
    locked = _locked(credential)
    today = practice_today(actor)
    if not source.strip():
        raise DomainError("Enter where you checked it.", field="source")
    if verified_on is not None and verified_on > today:
        raise DomainError("Enter a day that is not in the future.", field="verified_on")
    locked.verified_on, locked.verified_source = verified_on or today, source.strip()
    locked.save()
    return locked


@transaction.atomic
def renew(
    credential: Credential,
    *,
    actor: Actor,
    expires_on: date,
    issued_on: date | None = None,
    number: str = "",
) -> Credential:
    """File the next one in its place: a new row, so that what was in force on any day stays known.

    Without a date of issue it follows the old one's end without a gap. Raises DomainError when it would not
    last longer, Conflict when it was renewed already.
    """
    actor.require(StaffPermission.CHANGE_CREDENTIAL)
    locked = _locked(credential)
    if locked.expires_on and expires_on <= locked.expires_on:
        raise DomainError("Enter an end date after the present one.", field="expires_on")
    values = _check(
        {
            "employee": locked.employee,
            "kind": locked.kind,
            "number": number.strip() or locked.number,
            "state": locked.state,
            "issued_on": issued_on or locked.expires_on,
            "expires_on": expires_on,
        }
    )
    made = Credential.objects.create(practice_id=actor.practice_id, **values)
    locked.replaced_by = made
    locked.save()
    expiries.watch(locked, actor=actor)
    expiries.watch(made, actor=actor)
    return made
