"""A month with figures, for the tests of the P&L variance report: budget, expense and one surprise."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

from finance.services import budgets, journal
from finance.services.accounts import install_chart
from finance.services.journal import Entry, Line

MONTH = date(2026, 2, 1)
NOW = datetime(2026, 3, 12, 16, tzinfo=UTC)
# Account, amount, basis, day. The rent of the year before is there for the prior-year column.
BOOKED = (
    (4100, "-100000.00", "accrual", date(2026, 2, 27)),
    (4200, "20000.00", "accrual", date(2026, 2, 27)),
    (4150, "-70000.00", "cash", date(2026, 2, 27)),
    (5800, "9000.00", "both", date(2026, 2, 27)),
    (6100, "4200.00", "both", date(2026, 2, 1)),
    (6100, "4200.00", "both", date(2026, 1, 1)),
    (6100, "4000.00", "both", date(2025, 2, 1)),
    (7100, "12000.00", "both", date(2026, 2, 10)),
)
BUDGET = (
    "account,Jan,Feb",
    "4100,100000,102000",
    "4150,70000,80000",
    "4200,20000,21000",
    "5800,1000,1000",
    "6100,4200,4200",
    "7100,6000,6000",
)


def books(actor, *, budget=True):
    """Install the chart, post BOOKED, approve BUDGET."""
    install_chart(actor=actor)
    if budget:
        made = budgets.import_budget(io.BytesIO("\n".join(BUDGET).encode()), year=2026, actor=actor)
        budgets.approve(made, actor=actor)
    entries = []
    for number, (account, text, basis, day) in enumerate(BOOKED):
        amount = Decimal(text)
        size, other = abs(amount), {"accrual": 1100, "cash": 1010, "both": 1010}[basis]
        debit, credit = (account, other) if amount > 0 else (other, account)
        lines = (
            Line(account=debit, debit=size, basis=basis),
            Line(account=credit, credit=size, basis=basis),
        )
        entries.append(Entry(dated_on=day, source="test", source_key=str(number), lines=lines))
    journal.post_all(entries, actor=actor)
