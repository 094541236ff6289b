"""The demo's P&L variance reports: the month before last is final and explained, last month is a draft."""

from __future__ import annotations

from datetime import date, timedelta

from billing.services import books
from practice.story import Story
from reports.models import VarianceExplanation, VarianceReport
from reports.selectors import pnl as selectors
from reports.services import pnl

Cause = VarianceExplanation.Cause
# What the manager writes, by account; anything else is told in general words.
WORDS = {
    4100: (Cause.VOLUME, "Fewer visits than planned: one provider was away for part of the month."),
    5800: (Cause.ONE_OFF, "Two open front-desk positions were covered with agency staff."),
    7100: (Cause.RATE, "Test kits and gloves rose in price, and more rapid tests were used than planned."),
    6600: (Cause.TIMING, "The job-board campaign planned for spring ran early. It reverses by summer."),
}
OTHERWISE = (Cause.TIMING, "Booked in another month than planned; the year as a whole stays as budgeted.")


def finish(story: Story) -> None:
    """Make both reports through the services, after the patient ledger has been booked."""
    last = story.today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    for year in books.years():
        books.post_days(date(year, 1, 1), last=date(year, 12, 31), actor=story.actor)
    older = pnl.make(before, basis=VarianceReport.Basis.ACCRUAL, actor=story.actor)
    for line in selectors.unexplained(older):
        cause, text = WORDS.get(line.account.number, OTHERWISE)
        pnl.explain(
            line,
            cause=cause,
            text=text,
            action="Watched weekly until it is back on budget.",
            action_owner=story.cast.get("manager"),
            action_due_on=story.today + timedelta(days=14),
            actor=story.actor,
        )
    pnl.finalize(older, actor=story.actor)
    newest = pnl.make(last, basis=VarianceReport.Basis.ACCRUAL, actor=story.actor)
    pnl.order_pdf(newest, actor=story.actor)
