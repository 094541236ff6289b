"""The practice's codes and fees, and what a foreign code becomes on a claim."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from billing.models import Claim, FeeScheduleLine, ProcedureCode, UnmappedCode
from billing.permissions import BillingPermission
from billing.services import scrubbing
from billing.x12 import is_procedure_code
from kit.errors import DomainError
from practice.actor import Actor


@transaction.atomic
def add_code(*, actor: Actor, **values: Any) -> ProcedureCode:
    """Add a code under the practice's own words. Raises DomainError for a code no claim could carry."""
    actor.require(BillingPermission.CHANGE_CODES)
    _check_code(values)
    return ProcedureCode.objects.create(practice_id=actor.practice_id, **values)


@transaction.atomic
def change_code(code: ProcedureCode, /, *, actor: Actor, **values: Any) -> ProcedureCode:
    """Change a code's words, mapping or whether it may still be charged."""
    actor.require(BillingPermission.CHANGE_CODES)
    _check_code({"system": code.system, "code": code.code, **values})
    locked = ProcedureCode.objects.select_for_update(no_key=True).get(pk=code.pk)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save()
    return locked


def _check_code(values: dict[str, Any]) -> None:
    if values["system"] == ProcedureCode.System.CPT and not is_procedure_code(values["code"]):
        raise DomainError("A CPT or HCPCS code has five characters, like 99213 or J1030.", field="code")
    if values.get("billable_code") and not is_procedure_code(values["billable_code"]):
        raise DomainError("A billable code has five characters, like 99213 or J1030.", field="billable_code")


@transaction.atomic
def add_fee(*, actor: Actor, **values: Any) -> FeeScheduleLine:
    """Add a fee of the practice, in dollars for one unit, from a day on."""
    actor.require(BillingPermission.CHANGE_CODES)
    _check_days(values)
    return FeeScheduleLine.objects.create(practice_id=actor.practice_id, **values)


@transaction.atomic
def change_fee(fee: FeeScheduleLine, *, actor: Actor, **values: Any) -> FeeScheduleLine:
    """Change a fee. Charges entered before keep their amount."""
    actor.require(BillingPermission.CHANGE_CODES)
    _check_days({"effective_from": fee.effective_from, **values})
    locked = FeeScheduleLine.objects.select_for_update(no_key=True).get(pk=fee.pk)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save()
    return locked


def _check_days(values: dict[str, Any]) -> None:
    if values.get("effective_to") and values["effective_to"] < values["effective_from"]:
        raise DomainError("A fee ends after it begins.", field="effective_to")


@transaction.atomic
def map_code(row: UnmappedCode, *, billable_code: str, actor: Actor) -> UnmappedCode:
    """Say what a foreign code is billed as, and check the held claims that waited for it."""
    actor.require(BillingPermission.CHANGE_CODES)
    wanted = billable_code.strip().upper()
    if not is_procedure_code(wanted):
        raise DomainError("A billable code has five characters, like 99213 or J1030.", field="billable_code")
    change_code(row.code, billable_code=wanted, actor=actor)
    waiting = Claim.objects.filter(lines__charge__procedure_id=row.code_id, state=Claim.State.HELD)
    scrubbing.check_many(waiting.values_list("pk", flat=True), actor=actor)
    return _settle(row, state=UnmappedCode.State.MAPPED, note="")


@transaction.atomic
def ignore_code(row: UnmappedCode, *, reason: str, actor: Actor) -> UnmappedCode:
    """Say that a foreign code is never billed."""
    actor.require(BillingPermission.CHANGE_CODES)
    return _settle(row, state=UnmappedCode.State.IGNORED, note=reason.strip())


def _settle(row: UnmappedCode, *, state: str, note: str) -> UnmappedCode:
    locked = UnmappedCode.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    locked.state, locked.note = UnmappedCode.State(state), note[:200]
    locked.save(update_fields=["state", "note", "updated_at"])
    return locked
