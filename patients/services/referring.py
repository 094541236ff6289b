"""Where patients come from: the sources the desk chooses from, and providers of other practices."""

from __future__ import annotations

from typing import Any

from kit.errors import DomainError
from patients.models import ReferralSource, ReferringProvider
from patients.permissions import PatientPermission
from patients.services.patients import phone_of
from practice.actor import Actor
from practice.identifiers import digits, npi_is_valid
from practice.services import plain

CHANGE = PatientPermission.CHANGE_REFERRER

add_source, change_source = plain.pair(ReferralSource, permission=CHANGE)
_add, _change = plain.pair(ReferringProvider, permission=CHANGE)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    if "npi" in values:
        values["npi"] = digits(values["npi"] or "")
        if values["npi"] and not npi_is_valid(values["npi"]):
            raise DomainError("Enter an NPI of ten digits; its last one does not fit.", field="npi")
    for name in ("phone", "fax"):
        if name in values:
            values[name] = phone_of(values[name] or "", field=name)
    if "state" in values:
        values["state"] = values["state"].upper()
    return values


def add_provider(*, actor: Actor, **values: Any) -> ReferringProvider:
    """Put a provider of another practice on file. DomainError for an NPI whose check digit is wrong."""
    actor.require(CHANGE)
    return _add(actor=actor, **_checked(values))


def change_provider(provider: ReferringProvider, /, *, actor: Actor, **values: Any) -> ReferringProvider:
    """Correct one; the same checks as for a new one."""
    actor.require(CHANGE)
    return _change(provider, actor=actor, **_checked(values))
