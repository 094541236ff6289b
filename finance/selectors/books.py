"""Every read of the books: accounts, journals, lines, sums of accounts over months."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.http import Http404

from finance.models import Account, AccountingPeriod, DriverValue, Journal, JournalLine
from finance.permissions import FinancePermission
from kit.money import ZERO
from practice.actor import Actor

Basis = JournalLine.Basis


def accounts(actor: Actor) -> QuerySet[Account]:
    """The chart of accounts."""
    return Account.objects.all() if actor.may(FinancePermission.VIEW_BOOKS) else Account.objects.none()


def journals(actor: Actor) -> QuerySet[Journal]:
    """The journals."""
    return Journal.objects.all() if actor.may(FinancePermission.VIEW_BOOKS) else Journal.objects.none()


def lines(actor: Actor) -> QuerySet[JournalLine]:
    """The lines of the journals this actor may see; a location scope hides other sites' lines."""
    if not actor.may(FinancePermission.VIEW_BOOKS):
        return JournalLine.objects.none()
    every = JournalLine.objects.all()
    return every.filter(location_id__in=actor.locations) if actor.locations else every


def get_journal(journal_id: uuid.UUID, *, actor: Actor) -> Journal:
    """One journal, or 404."""
    found = journals(actor).filter(pk=journal_id).first()
    if found is None:
        raise Http404
    return found


def periods(actor: Actor) -> QuerySet[AccountingPeriod]:
    """The months of the books that were ever closed."""
    every = AccountingPeriod.objects.select_related("closed_by__user")
    return every if actor.may(FinancePermission.VIEW_BOOKS) else every.none()


def sums(*, first: date, last: date, basis: str) -> dict[uuid.UUID, Decimal]:
    """Each P&L account's movement of a span of days in one basis, signed as the account normally runs.

    Revenue and gains: credit less debit; contra revenue and expense: debit less credit. Inside ``acting_in``.
    """
    rows = (
        JournalLine.objects.filter(
            dated_on__gte=first, dated_on__lte=last, basis__in=(Basis.BOTH, basis), account__number__gte=4000
        )
        .values_list("account_id", "account__polarity")
        .annotate(net=Sum(F("credit") - F("debit")))
        .order_by()
    )
    return {account: (net or ZERO) * polarity for account, polarity, net in rows}


def driver_month(driver: str, *, month: date) -> tuple[Decimal | None, Decimal | None]:
    """Planned and actual units of a driver in a month, over all sites; None where nobody gave one."""
    found = DriverValue.objects.filter(driver=driver, month=month.replace(day=1)).aggregate(
        planned=Sum("planned"), actual=Sum("actual")
    )
    return found["planned"], found["actual"]


def driver_sites(driver: str, *, month: date) -> set[uuid.UUID]:
    """The sites whose units of a driver were counted for a month."""
    found = DriverValue.objects.filter(driver=driver, month=month.replace(day=1), location__isnull=False)
    return set(found.values_list("location_id", flat=True))
