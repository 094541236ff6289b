"""Licenses, certificates and payer enrolments on the Monday brief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from kit.words import counted, us_date
from practice.actor import Actor
from practice.brief import BriefLine, at
from practice.services.rules import rule
from staff.models import Credential
from staff.permissions import StaffPermission as P
from staff.selectors import credentials, enrolments

LIST = "kit:staff_credential_list"
NAMED = 3
QUIET_DAYS = 30


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """What ended, what ends soon, and enrolments nobody has moved for a month."""
    if actor.may(P.VIEW_CREDENTIAL):
        yield from _credentials(actor, today=today)
    if actor.may(P.VIEW_ENROLMENT):
        yield from _enrolments(actor, today=today)


def _credentials(actor: Actor, *, today: date) -> Iterable[BriefLine]:
    every = credentials.visible_to(actor).select_related("employee").order_by("expires_on", "id")
    ended = list(credentials.expired(every, actor=actor))
    if ended:
        yield BriefLine(
            key="staff.credentials_ended",
            sentence=f"{counted(len(ended), one='license or certificate', many='licenses or certificates')} ended",
            detail=_names(ended),
            severity="bad",
            permission=P.VIEW_CREDENTIAL,
            due_on=today,
            count=len(ended),
            path=at(LIST, view="expired"),
        )
    days = int(rule("brief.expiry_days", on=today))
    last = today + timedelta(days=days)
    soon = list(credentials.current(every).filter(expires_on__gte=today, expires_on__lte=last))
    if soon:
        what = counted(len(soon), one="license or certificate ends", many="licenses or certificates end")
        yield BriefLine(
            key="staff.credentials_ending",
            sentence=f"{what} within {days} days",
            detail=_names(soon),
            severity="warn",
            permission=P.VIEW_CREDENTIAL,
            due_on=soon[0].expires_on,
            count=len(soon),
            path=at(LIST, view="expiring", expires_on_from=today.isoformat(), expires_on_to=last.isoformat()),
        )


def _names(rows: Sequence[Credential]) -> str:
    """Whose, which and when, the first few: staff are no patients, but mail does not name them either."""
    named = [f"{each.employee}, {us_date(each.expires_on)}" for each in rows[:NAMED] if each.expires_on]
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    return "; ".join(named) + more + "."


def _enrolments(actor: Actor, *, today: date) -> Iterable[BriefLine]:
    waiting = enrolments.in_progress(enrolments.visible_to(actor), actor=actor)
    quiet = waiting.filter(updated_at__date__lt=today - timedelta(days=QUIET_DAYS))
    count = waiting.count()
    if count:
        still = quiet.count()
        what = counted(count, one="payer enrolment is", many="payer enrolments are")
        yield BriefLine(
            key="staff.enrolments",
            sentence=f"{what} not effective yet",
            detail=f"{still} without a step for {QUIET_DAYS} days. Visits with these payers cannot be billed.",
            severity="warn" if still else "info",
            permission=P.VIEW_ENROLMENT,
            count=count,
            path=at("kit:staff_enrolment_list", view="working"),
        )
