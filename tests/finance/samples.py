"""Records of finance's Resources for the cases every Resource has."""

import itertools
from datetime import date
from decimal import Decimal

from finance.models import Account, AccountingPeriod, Budget, JournalLine
from finance.services import journal
from finance.services.accounts import install_chart
from finance.services.journal import Line
from kit.testing import Sample

NUMBERS = itertools.count(1)


def _accounts(actor, count):
    install_chart(actor=actor)
    return list(Account.objects.order_by("number")[:count])


def _journals(actor, count):
    amount = Decimal("10.00")
    lines = (Line(account=6100, debit=amount), Line(account=1010, credit=amount))
    return [
        journal.post(
            dated_on=date(2026, 3, 4),
            source="sample",
            source_key=str(next(NUMBERS)),
            lines=lines,
            memo="Rent",
            actor=actor,
        )
        for _ in range(count)
    ]


def _lines(actor, count):
    made = {entry.pk for entry in _journals(actor, count)}
    return list(JournalLine.objects.filter(journal_id__in=made, debit__gt=0))


def _budgets(actor, count):
    return [
        Budget.objects.create(practice_id=actor.practice_id, year=2026, version=n)
        for n in itertools.islice(NUMBERS, count)
    ]


def _periods(actor, count):
    """Months long before any that a test books in."""
    months = (date(1980 + n // 12, n % 12 + 1, 1) for n in itertools.islice(NUMBERS, count))
    return [
        AccountingPeriod.objects.create(practice_id=actor.practice_id, month=month, state="closed")
        for month in months
    ]


def _period_form(actor):
    return {"month": "01/15/1979"}


SAMPLES = {
    "finance.budget": Sample(make=_budgets),
    "finance.period": Sample(make=_periods, form=_period_form),
    "finance.account": Sample(make=_accounts),
    "finance.journal": Sample(make=_journals),
    "finance.journalline": Sample(make=_lines),
}
