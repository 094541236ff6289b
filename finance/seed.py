"""The books' part of the demo: chart, two approved budgets, 14 months of expense, planned visits."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

from finance.services import budgets, drivers, journal
from finance.services.accounts import install_chart
from finance.services.journal import Entry, Line
from kit.money import round_cents
from kit.sheets import write_csv
from practice.story import Story

MONTHS = 14
# The story's patient ledger begins this many days ago; before that the accountant booked revenue as well.
LEDGER_DAYS = 42
# Account, what a month of the three-provider practice costs, how far a month may be off (percent).
EXPENSE: tuple[tuple[int, int, int], ...] = (
    (5100, 4500, 0), (5200, 4050, 2), (5300, 5000, 3), (5400, 8150, 3), (5700, 1700, 2), (5750, 2550, 1),
    (5800, 350, 40), (5900, 200, 30), (6100, 5150, 0), (6150, 650, 8), (6200, 350, 25), (6350, 1050, 0),
    (6400, 1450, 0), (6450, 400, 0), (6500, 650, 10), (6550, 850, 5), (6600, 750, 20), (6650, 400, 15),
    (6700, 450, 10), (6750, 150, 0), (6800, 2150, 4), (6850, 450, 3), (7100, 2850, 8), (7200, 1250, 10),
    (7250, 1700, 12), (7300, 1050, 8), (7500, 250, 5), (8100, 25300, 1), (8150, 3800, 1), (8400, 300, 30),
)  # fmt: skip
# What a month is meant to bring: the charges of the visits planned, what comes off, what is collected.
REVENUE: tuple[tuple[int, int], ...] = (
    (4100, 112000),
    (4200, 24500),
    (4250, 500),
    (4280, 1000),
    (4150, 85000),
)
PLANNED_VISITS = 540
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
    for month in (story.today.replace(day=1), *months):
        part = _before_the_ledger(month, today=story.today)
        if part:
            entries.append(_revenue(story, month=month, share=share * part))
        drivers.record(
            "visits",
            month=month,
            planned=round_cents(PLANNED_VISITS * share),
            actual=Decimal(int(PLANNED_VISITS * share * part)) if part else None,
            actor=story.actor,
        )
    journal.post_all(entries, actor=story.actor)


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=7)).replace(day=1) - timedelta(days=1)


def _before_the_ledger(month: date, *, today: date) -> Decimal:
    """How much of a month lies before the first day of the patient ledger: 0 to 1."""
    days = (today - timedelta(days=LEDGER_DAYS) - month).days
    whole = _last_day(month).day
    return Decimal(min(max(days, 0), whole)) / whole


def _revenue(story: Story, *, month: date, share: Decimal) -> Entry:
    """What the accountant booked as revenue of a month, or of its part, in both books."""
    off = Decimal(story.random.randint(960, 1030)) / 1000
    amounts = {account: round_cents(planned * share * off) for account, planned in REVENUE}
    collected = amounts.pop(4150)
    charged = amounts.pop(4100)
    taken_off = sum(amounts.values(), Decimal(0))
    lines = (
        Line(account=4100, credit=charged, basis="accrual"),
        *(Line(account=account, debit=amount, basis="accrual") for account, amount in amounts.items()),
        Line(account=1100, debit=charged - taken_off, basis="accrual"),
        Line(account=1010, debit=collected),
        Line(account=1100, credit=collected, basis="accrual"),
        Line(account=4150, credit=collected, basis="cash"),
    )
    day = min(_last_day(month), story.today - timedelta(days=LEDGER_DAYS + 1))
    return Entry(
        dated_on=day,
        source="accountant",
        source_key=f"story/{month:%Y-%m}/revenue",
        lines=lines,
        memo=f"{month:%B %Y}",
    )


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
    amount = round_cents(amount)
    return Entry(
        dated_on=_last_day(month),
        source="accountant",
        source_key=f"story/{month:%Y-%m}/{account}",
        lines=(Line(account=account, debit=amount), Line(account=1010, credit=amount)),
        memo=f"{month:%B %Y}",
    )


def _sheet(*, share: Decimal) -> io.BytesIO:
    """The budget as the sheet a manager would upload: the same plan every month."""
    planned = [*REVENUE, *((account, amount) for account, amount, _ in EXPENSE)]
    content = write_csv(
        headers=["account", *(f"{month:02d}" for month in range(1, 13))],
        lines=[[account, *[round_cents(amount * share)] * 12] for account, amount in sorted(planned)],
    )
    return io.BytesIO(content)
