"""Charts, tiles and the heat table of the gallery, drawn by kit.charts and kit.heat."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from kit.charts import Band, Point, Step, bars, line, sparkline, waterfall
from kit.heat import heat
from kit.status import Status
from kit.words import percent

MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
RATES = tuple(Decimal(each) / 1000 for each in (958, 952, 961, 944, 931, 948))
TARGET = Band(low=Decimal("0.95"), label="Target 95% or more")


def charts() -> list[Any]:
    """One of each kind; the title states the finding."""
    return [
        line(
            [Point(month, rate) for month, rate in zip(MONTHS, RATES, strict=True)],
            title="The clean-claim rate has been below its target since January",
            band=TARGET,
            tone="bad",
            write=percent,
            value_name="Clean-claim rate",
        ),
        bars(
            [Point(month, 20_000 - 9_000 * n) for n, month in enumerate(MONTHS[:4])],
            title="Two months ran at a loss",
            value_name="Net income",
        ),
        waterfall(
            [
                Step("Budget", 120_000, "total"),
                Step("Revenue", 14_000),
                Step("Staff", -22_500),
                Step("Supplies", -3_500),
                Step("Actual", 108_000, "total"),
            ],
            title="Staff cost took more than revenue brought",
            cut=80_000,
        ),
    ]


def tiles() -> list[tuple[Any, str]]:
    """Name, value, target, change, spark; the second has no rows behind it, the third no value."""
    spark = sparkline(RATES, band=TARGET, tone="bad")
    below, met = Status("Below target", "bad"), Status("On target", "ok")
    return [
        (_tile("Clean-claim rate", "94.8%", "Target 95% or more", "+1.7 points on Feb", spark, below), "#"),
        (_tile("Days in A/R", "38", "Target 40 or less", "−2 days on Feb", spark, met), ""),
        (_tile("Cash collected", "—", "No target", "Not known", "", None), ""),
    ]


def _tile(name: str, value: str, target: str, change: str, spark: str, standing: Status | None) -> Any:
    return SimpleNamespace(
        name=name, value=value, target=target, change=change, spark=spark, standing=standing
    )


def nobody() -> Any:
    """The same with nothing in it."""
    return heat([], title="Nothing is older than 90 days", about="A/R by payer", columns=("Payer",))


def ageing() -> Any:
    """Who owes, by age."""
    return heat(
        [
            ("Northway Health PPO", (41_200, 12_800, 6_100, 2_300, 900)),
            ("Medicare Part B", (28_400, 3_100, 400, 0, 0)),
            ("Patients", (9_800, 7_600, 8_900, 12_300, 21_400)),
        ],
        title="Patients owe 87.0% of what is past 120 days",
        about="A/R by payer and age in days",
        columns=("Payer", "0–30", "31–60", "61–90", "91–120", "Over 120"),
        href=lambda row, column: "#",
    )
