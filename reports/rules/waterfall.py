"""From budgeted to actual net income, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from reports.rules.variance import FEE_FOR_SERVICE, ZERO, AccountLine, Split, group_of, total, volume_and_rate

# What stands between the two totals; patient revenue is split when its volume is known.
STEPS = (
    ("other_revenue", "Other revenue"),
    ("staff", "Support staff"),
    ("clinical", "Clinical cost"),
    ("operating", "General cost"),
    ("providers", "Providers"),
    ("other", "Non-operating"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one cause did to net income, in dollars: above zero it raised it."""

    label: str
    amount: Decimal


def effect(lines: Sequence[AccountLine]) -> Decimal:
    """What the variances of these lines do to net income. Lines without a budget do nothing."""
    return sum(
        (
            (line.values.actual - line.values.budget) * line.polarity
            for line in lines
            if line.values.budget is not None
        ),
        ZERO,
    )


def patient_revenue(lines: Sequence[AccountLine]) -> list[AccountLine]:
    """The lines of fee-for-service revenue, contra ones among them."""
    return [line for line in lines if line.number in FEE_FOR_SERVICE]


def patient_split(
    lines: Sequence[AccountLine], *, units: Decimal | None, planned_units: Decimal | None
) -> Split | None:
    """Volume and rate of net patient revenue; None without units, plan or budget."""
    values = total(patient_revenue(lines), polarity=1)
    if units is None or planned_units is None or values.budget is None:
        return None
    return volume_and_rate(values.actual, budget=values.budget, units=units, planned_units=planned_units)


def effects(lines: Sequence[AccountLine], *, split: Split | None) -> list[Effect]:
    """The steps from budget to actual, without those that did nothing; they sum to the whole variance."""
    fees = patient_revenue(lines)
    found = (
        [Effect("Visit volume", split.volume), Effect("Net rate per visit", split.rate)]
        if split
        else [Effect("Patient revenue", effect(fees))]
    )
    rest = [line for line in lines if line.number not in FEE_FOR_SERVICE]
    names = dict(STEPS)
    for code, label in STEPS:
        found.append(Effect(label, effect([line for line in rest if group_of(line) == code])))
    left = [line for line in rest if group_of(line) not in names]
    found.append(Effect("Other patient revenue", effect(left)))
    return [each for each in found if each.amount]


def cut_below(start: Decimal, *, steps: Sequence[Effect]) -> Decimal | None:
    """Where the axis may start so that small steps between large totals can be seen; None when it need not."""
    running = [start]
    for step in steps:
        running.append(running[-1] + step.amount)
    lowest, highest = min(running), max(running)
    if lowest <= 0 or lowest < highest / 2:
        return None
    unit = Decimal(10) ** (lowest.adjusted() - 1)
    cut = (lowest * Decimal("0.6") / unit).to_integral_value(ROUND_FLOOR) * unit
    return cut if cut > 0 else None
