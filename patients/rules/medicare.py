"""Whether Medicare is billed first or second, from the answers to the questionnaire. Plain values only.

The order is the law's (42 CFR 411.20 and following); employer sizes and months come from dated rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

INJURIES = {
    "work_injury": "workers’ compensation pays first for a work injury (42 CFR 411.40)",
    "auto": "no-fault or liability insurance pays first for a car accident (42 CFR 411.50)",
    "liability": "liability insurance pays first for an accident somebody else answers for (42 CFR 411.50)",
}
FOR_AGE, FOR_DISABILITY = ("own", "spouse"), ("own", "spouse", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the dated rules say: least employees (age, disability), months that a plan pays first (kidney)."""

    age_employees: int
    disability_employees: int
    kidney_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers, as plain values; ``group_plan_by`` is one of none, own, spouse, family."""

    entitled_by: str
    work_injury: bool = False
    accident: bool = False
    other_program: bool = False
    group_plan_by: str = "none"
    employees: int = 0
    kidney_since: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether Medicare is billed first, and why in words."""

    medicare_first: bool
    reason: str


def decide(answers: Answers, *, day: date, limits: Limits) -> Decision:
    """Who is billed first for a visit of a day in the medical case."""
    if answers.work_injury:
        return Decision(False, INJURIES["work_injury"])
    if answers.accident:
        return Decision(False, INJURIES["liability"])
    if answers.other_program:
        return Decision(False, "the VA or Black Lung program pays first for what it has authorized")
    if answers.group_plan_by == "none":
        return Decision(True, "there is no group health plan through present employment")
    if answers.entitled_by == "kidney":
        return _kidney(answers.kidney_since, day=day, months=limits.kidney_months)
    if answers.entitled_by == "disability":
        return _by_size(answers, jobs=FOR_DISABILITY, least=limits.disability_employees, cited="411.200")
    return _by_size(answers, jobs=FOR_AGE, least=limits.age_employees, cited="411.170")


def in_case(kind: str) -> Decision | None:
    """What the kind of a case decides before any answer: an injury's insurer pays first. None for the medical case."""
    return Decision(False, INJURIES[kind]) if kind in INJURIES else None


def valid_until(answered_on: date, *, days: int) -> date:
    """The last day on which answers count: ``days`` after they were given."""
    return answered_on + timedelta(days=days)


def months_after(day: date, *, months: int) -> date:
    """The first day of the month that lies so many months after the month of a day."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def _by_size(answers: Answers, *, jobs: tuple[str, ...], least: int, cited: str) -> Decision:
    if answers.group_plan_by not in jobs:
        return Decision(True, f"a plan through that job does not go before Medicare (42 CFR {cited})")
    if answers.employees >= least:
        return Decision(
            False,
            f"the group health plan pays first: its employer has {least} or more employees (42 CFR {cited})",
        )
    return Decision(True, f"the employer has fewer than {least} employees (42 CFR {cited})")


def _kidney(since: date | None, *, day: date, months: int) -> Decision:
    # Without the day it began nobody can say that the months are over.
    ends = months_after(since, months=months) if since else None
    if ends is None or day < ends:
        until = f", until {ends - timedelta(days=1):%m/%d/%Y}" if ends else ""
        return Decision(
            False, f"the group health plan pays first for the first {months} months{until} (42 CFR 411.162)"
        )
    return Decision(True, f"the first {months} months of kidney entitlement are over (42 CFR 411.162)")
