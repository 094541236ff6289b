"""The books' part of the demo: chart, two approved budgets, 14 months of expense, planned visits."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

from finance.services import budgets, drivers, journal
from finance.services.accounts import install_chart
from finance.services.journal import Entry, Line
from kit.money import round_cents
from practice.story import Story

MONTHS = 14
# Account, what a month of the three-provider practice costs, how far a month may be off (percent).
EXPENSE: tuple[tuple[int, int, int], ...] = (
    (5100, 8200, 0), (5200, 7400, 2), (5300, 9100, 3), (5400, 14800, 3), (5700, 3100, 2), (5750, 4600, 1),
    (5800, 600, 40), (5900, 350, 30), (6100, 9400, 0), (6150, 1150, 8), (6200, 600, 25), (6350, 1900, 0),
    (6400, 2600, 0), (6450, 700, 0), (6500, 1200, 10), (6550, 1500, 5), (6600, 1400, 20), (6650, 700, 15),
    (6700, 800, 10), (6750, 300, 0), (6800, 3900, 4), (6850, 850, 3), (7100, 5200, 8), (7200, 2300, 10),
    (7250, 3100, 12), (7300, 1900, 8), (7500, 450, 5), (8100, 46000, 1), (8150, 6900, 1), (8400, 500, 30),
)  # fmt: skip
# What a month is meant to bring: the charges of the visits planned, what comes off, what is collected.
REVENUE: tuple[tuple[int, int], ...] = (
    (4100, 148000),
    (4200, 31000),
    (4250, 600),
    (4280, 1400),
    (4150, 112000),
)
PLANNED_VISITS = 640
# Months before the current one in which something happened: account, by how much more than planned.
EVENTS = {2: (5800, Decimal("6900.00")), 1: (7100, Decimal("5600.00"))}


def seed(story: Story) -> None:
    """Install the chart and tell the last fourteen months."""
    install_chart(actor=story.actor)
    share = Decimal("0.1") if story.small else Decimal(1)
    months = _months(story.today)
    for year in (story.today.year - 1, story.today.year):
        made = budgets.import_budget(_sheet(share=share), year=year, actor=story.actor)
        budgets.approve(made, actor=story.actor)
    entries = [
        _entry(month, account=account, amount=_amount(story, planned=planned * share, spread=spread) + extra)
        for back, month in enumerate(months, start=1)
        for account, planned, spread in EXPENSE
        for extra in [
            EVENTS[back][1] * share if back in EVENTS and EVENTS[back][0] == account else Decimal(0)
        ]
    ]
    journal.post_all(entries, actor=story.actor)
    for month in (story.today.replace(day=1), *months):
        drivers.record("visits", month=month, planned=round_cents(PLANNED_VISITS * share), actor=story.actor)


def _months(today: date) -> list[date]:
    """First days of the last fourteen full months, newest first."""
    found, day = [], today
    for _ in range(MONTHS):
        day = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
        found.append(day)
    return found


def _amount(story: Story, *, planned: Decimal, spread: int) -> Decimal:
    """The planned amount, off by at most ``spread`` percent."""
    percent = Decimal(story.random.randint(-spread * 10, spread * 10)) / 1000
    return round_cents(planned * (1 + percent))


def _entry(month: date, *, account: int, amount: Decimal) -> Entry:
    """An expense of a month, paid from the bank on its last day."""
    last = (month.replace(day=28) + timedelta(days=7)).replace(day=1) - timedelta(days=1)
    amount = round_cents(amount)
    return Entry(
        dated_on=last,
        source="accountant",
        source_key=f"story/{month:%Y-%m}/{account}",
        lines=(Line(account=account, debit=amount), Line(account=1010, credit=amount)),
        memo=f"{month:%B %Y}",
    )


def _sheet(*, share: Decimal) -> io.BytesIO:
    """The budget as the sheet a manager would upload: the same plan every month."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["account", *(f"{month:02d}" for month in range(1, 13))])
    planned = [*REVENUE, *((account, amount) for account, amount, _ in EXPENSE)]
    for account, amount in sorted(planned):
        writer.writerow([account, *[str(round_cents(amount * share))] * 12])
    return io.BytesIO(text.getvalue().encode())
