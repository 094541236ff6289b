"""Actual against budget: variance, its reading, materiality, the P&L's order, volume and rate.

Pure arithmetic on Decimals, in dollars and cents; docs/algorithms/pnl-variance.md has the worked table that is
this module's test. Amounts are signed as their line normally runs: a cost of 100 is 100, an adjustment of 100 too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
Kind = Literal["group", "line", "subtotal", "total"]
# Accounts that exist in one of the two books only (billing/rules/books.py posts them).
ACCRUAL_ONLY = frozenset({4100, 4200, 4250, 4280})
CASH_ONLY = frozenset({4150, 4800})
FEE_FOR_SERVICE = ACCRUAL_ONLY | CASH_ONLY


@dataclass(frozen=True, slots=True)
class Variance:
    """``amount``: actual less budget. ``ratio``: of the budget's size, None for "n/m". ``word``: its reading."""

    amount: Decimal
    ratio: Decimal | None
    favorable: bool | None

    @property
    def word(self) -> str:
        """Favorable, Unfavorable or On budget."""
        if self.favorable is None:
            return "On budget"
        return "Favorable" if self.favorable else "Unfavorable"


def variance(actual: Decimal, *, budget: Decimal, polarity: int) -> Variance:
    """Actual against budget. ``polarity`` +1: more is favorable; -1: less is."""
    amount = actual - budget
    ratio = amount / abs(budget) if budget else None
    return Variance(amount=amount, ratio=ratio, favorable=(amount * polarity > 0) if amount else None)


def is_material(found: Variance, *, percent: Decimal, dollars: Decimal) -> bool:
    """Whether an explanation is due: both tests hold, whichever way the variance reads.

    ``percent`` of the budget's size (10 is 10 %) and ``dollars``, each from that value on. A variance from a
    budget of zero has no percentage: only the dollars count. Source: University of Washington variance rule.
    """
    large = abs(found.amount) >= dollars
    return large and (found.ratio is None or abs(found.ratio) * 100 >= percent)


@dataclass(frozen=True, slots=True)
class Split:
    """A variance as what volume and what the rate did; the two sum to it, to the cent."""

    volume: Decimal
    rate: Decimal


def volume_and_rate(
    actual: Decimal, *, budget: Decimal, units: Decimal, planned_units: Decimal
) -> Split | None:
    """Volume: units more or fewer than planned, at the planned rate. Rate: the rest, on the units there were.

    None when no units were planned.
    """
    if planned_units <= 0:
        return None
    volume = ((units - planned_units) * budget / planned_units).quantize(CENT)
    return Split(volume=volume, rate=actual - budget - volume)


@dataclass(frozen=True, slots=True)
class Columns:
    """The six figures of a line; a budget is None when the year has none."""

    actual: Decimal = ZERO
    budget: Decimal | None = ZERO
    prior_year: Decimal = ZERO
    ytd_actual: Decimal = ZERO
    ytd_budget: Decimal | None = ZERO
    ytd_prior_year: Decimal = ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountLine:
    """An account of the P&L with its figures. ``key`` is whatever the caller knows it by."""

    number: int
    name: str
    section: str
    is_contra: bool
    polarity: int
    values: Columns
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the statement. ``line`` is set on account rows; ``groups`` are those a sum is made of."""

    kind: Kind
    code: str
    label: str
    polarity: int = 1
    values: Columns | None = None
    line: AccountLine | None = None
    groups: tuple[str, ...] = ()

    @property
    def month(self) -> Variance | None:
        """The month against its budget."""
        return self._against(ytd=False)

    @property
    def ytd(self) -> Variance | None:
        """The year so far against its budget."""
        return self._against(ytd=True)

    def _against(self, *, ytd: bool) -> Variance | None:
        if self.values is None:
            return None
        actual = self.values.ytd_actual if ytd else self.values.actual
        budget = self.values.ytd_budget if ytd else self.values.budget
        return None if budget is None else variance(actual, budget=budget, polarity=self.polarity)


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that stand together, under a heading and over a sum."""

    code: str
    label: str
    sum_label: str
    polarity: int


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of groups."""

    code: str
    label: str
    polarity: int
    groups: tuple[str, ...]


REVENUE = ("charges", "adjustments", "other_revenue")
COST = ("staff", "clinical", "operating")
# The order of DOMAIN.md 2.3.
ORDER: tuple[Group | Total, ...] = (
    Group("charges", "Patient revenue", "Gross patient revenue", 1),
    Group("adjustments", "Adjustments and refunds", "Total adjustments", -1),
    Group("other_revenue", "Other revenue", "Total other revenue", 1),
    Total("net_revenue", "Net revenue", 1, REVENUE),
    Group("staff", "Support staff", "Total staff", -1),
    Group("clinical", "Clinical cost", "Total clinical", -1),
    Group("operating", "General operating cost", "Total general", -1),
    Total("operating_cost", "Operating cost", -1, COST),
    Total("before_providers", "Income before providers", 1, REVENUE + COST),
    Group("providers", "Providers", "Total providers", -1),
    Group("other", "Non-operating", "Total non-operating", 1),
    Total("net_income", "Net income", 1, (*REVENUE, *COST, "providers", "other")),
)


def group_of(line: AccountLine) -> str:
    """Where an account stands in the statement."""
    if line.section != "revenue":
        return line.section
    if line.is_contra:
        return "adjustments"
    return "charges" if line.number < 4300 else "other_revenue"


def total(lines: Iterable[AccountLine], *, polarity: int, budgeted: bool = True) -> Columns:
    """The sum of lines as a line of ``polarity`` runs: costs within an income count against it.

    Without a budget the sum has none either, also that of no lines at all.
    """
    sums: dict[str, Decimal | None] = {
        field.name: ZERO if budgeted or "budget" not in field.name else None for field in fields(Columns)
    }
    for line in lines:
        for name, so_far in sums.items():
            value: Decimal | None = getattr(line.values, name)
            if so_far is not None:
                sums[name] = None if value is None else so_far + polarity * line.polarity * value
    return Columns(**sums)  # type: ignore[arg-type]  # budgets alone may be None


def statement(lines: Sequence[AccountLine]) -> list[Row]:
    """The P&L in its order: groups that have lines with heading and sum, and every total."""
    by_group: dict[str, list[AccountLine]] = {}
    for line in sorted(lines, key=lambda each: each.number):
        by_group.setdefault(group_of(line), []).append(line)
    rows: list[Row] = []
    budgeted = all(line.values.budget is not None for line in lines)
    for part in ORDER:
        if isinstance(part, Group):
            rows += _group_rows(part, lines=by_group.get(part.code, []))
            continue
        summed = [line for code in part.groups for line in by_group.get(code, [])]
        values = total(summed, polarity=part.polarity, budgeted=budgeted)
        rows.append(
            Row(
                kind="total",
                code=part.code,
                label=part.label,
                polarity=part.polarity,
                values=values,
                groups=part.groups,
            )
        )
    return rows


def _group_rows(group: Group, *, lines: list[AccountLine]) -> list[Row]:
    if not lines:
        return []
    rows = [Row(kind="group", code=group.code, label=group.label)]
    rows += [
        Row(
            kind="line",
            code=str(line.number),
            label=line.name,
            polarity=line.polarity,
            values=line.values,
            line=line,
        )
        for line in lines
    ]
    if len(lines) > 1:
        values = total(lines, polarity=group.polarity)
        rows.append(
            Row(
                kind="subtotal",
                code=f"{group.code}_total",
                label=group.sum_label,
                polarity=group.polarity,
                values=values,
                groups=(group.code,),
            )
        )
    return rows
