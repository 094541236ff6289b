"""Rules in the demo: one of the practice's own, one that is planned, one that was checked, and a closed day."""

from __future__ import annotations

from datetime import date, timedelta

from practice.services import holidays, rule_values
from practice.services.rules import rule
from practice.story import Story

BREACH = "breach.individuals_days"


def seed(story: Story) -> None:
    """Tell it as the manager and the compliance officer would have done it."""
    manager = story.acting_as("manager") or story.actor
    rule_values.set_value(
        actor=manager,
        code="directory.verify_days",
        value="60",
        effective_from=story.today.replace(day=1) - timedelta(days=62),
        reason="Two plans found an old telephone number last spring",
        source="Owners’ meeting",
    )
    rule_values.set_value(
        actor=manager,
        code="records.access_days",
        value="15",
        effective_from=date(story.today.year + 1, 1, 1),
        reason="We want to answer in half the time",
        source="Policy 12, Records requests",
    )
    holidays.add(actor=manager, day=date(story.today.year, 12, 24), name="Christmas Eve", status="closed")
    rule_values.check(
        BREACH,
        entry=rule(BREACH, on=story.today).entry,
        found_in="ecfr.gov, 45 CFR 164.404(b)",
        actor=story.acting_as("compliance") or manager,
    )
