"""Who may get records on which authority, what a copy costs, how long a record is kept. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")
# Grounds of denial that another professional reviews when the patient asks (45 CFR 164.524(a)(3) and (4)).
REVIEWABLE = frozenset({"danger", "another", "harm"})
# Who may ask on which authority. Whoever has none of their own needs a signed release or the law.
OTHERS = frozenset({"authorization", "law"})
BASES: dict[str, frozenset[str]] = {
    "patient": frozenset({"own"}),
    "representative": frozenset({"representative", "authorization"}),
    "provider": OTHERS | {"treatment", "payment"},
    "payer": OTHERS | {"payment"},
    "agency": OTHERS,
    "attorney": OTHERS,
    "employer": OTHERS,
    "other": OTHERS,
}
OWN_ACCESS = frozenset({"own", "representative"})
FREE = frozenset({"treatment", "payment"})


def is_accounted(basis: str) -> bool:
    """Whether a disclosure stands in the accounting: not what goes to the patient, by authorization, or for treatment
    and payment (45 CFR 164.528(a)(1))."""
    return basis == "law"


def fee(basis: str, *, medium: str, pages: int, flat: Decimal, per_page: Decimal) -> Decimal:
    """What a copy costs, in dollars: a flat, cost-based fee for the patient's own access (45 CFR 164.524(c)(4)), so
    much a page for others, nothing for a look at it here, for treatment or payment."""
    if basis in FREE or medium == "inspect":
        return ZERO
    return flat if basis in OWN_ACCESS else per_page * pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The last day a record is kept; ``minor``: it is that late because the patient was a minor."""

    until: date
    minor: bool


def keep_until(*, last: date, years: int, of_age: date, minor_years: int) -> Keep:
    """So many years after the last care; for care of a minor, not before so many years after majority."""
    adult = later(last, years=years)
    grown = later(of_age, years=minor_years)
    return (
        Keep(until=grown, minor=True) if last < of_age and grown > adult else Keep(until=adult, minor=False)
    )


def later(day: date, *, years: int) -> date:
    """The same day years later; March 1 for a February 29 that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
