"""Months of the books: closing them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from finance.models import AccountingPeriod
from finance.permissions import FinancePermission
from finance.services.journal import lock_books
from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.selectors.days import practice_today


def close(*, month: date, actor: Actor) -> AccountingPeriod:
    """``close_month`` as of the practice's own day: how a form asks for it."""
    return close_month(month, today=practice_today(actor), actor=actor)


@transaction.atomic
def close_month(month: date, *, today: date, actor: Actor) -> AccountingPeriod:
    """Close a month: no journal may be dated in it any more. Closing it again changes nothing.

    Raises DomainError for a month that has not ended.
    """
    actor.require(FinancePermission.CLOSE_PERIOD)
    first = month.replace(day=1)
    if first >= today.replace(day=1):
        raise DomainError("Close a month when it has ended.", field="month")
    lock_books(actor=actor)
    period, _ = AccountingPeriod.objects.get_or_create(practice_id=actor.practice_id, month=first)
    period = AccountingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if period.state == AccountingPeriod.State.OPEN:
        period.state, period.closed_at = AccountingPeriod.State.CLOSED, clock.now()
        period.closed_by_id = actor.membership_id
        period.save()
    return period
