"""docs/algorithms/pnl-variance.md is the fixture: readings, materiality, sums, volume and rate."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.services.accounts import shipped
from reports.rules.variance import AccountLine, Columns, is_material, statement, variance, volume_and_rate
from reports.rules.waterfall import cut_below, effects, patient_split

PAGE = Path(__file__).resolve().parents[2] / "docs" / "algorithms" / "pnl-variance.md"
money = st.decimals(min_value=-(10**8), max_value=10**8, places=2)


def rows(heading):
    text = PAGE.read_text(encoding="utf-8").partition(f"## {heading}")[2].partition("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def figures(row):
    return Decimal(row["actual"]), Decimal(row["budget"])


def month():
    accounts = {account["number"]: account for account in shipped()}
    found = []
    for row in rows("Worked table: a month"):
        if row["row"].isdigit():
            account = accounts[int(row["row"])]
            actual, budget = figures(row)
            chosen = {name: account[name] for name in ("number", "name", "section", "is_contra", "polarity")}
            found.append(AccountLine(**chosen, values=Columns(actual=actual, budget=budget)))
    return found


def test_the_page_holds_its_cases():
    assert len(rows("Worked table: one line")) == 15
    assert len(month()) == 9


@pytest.mark.parametrize("case", rows("Worked table: one line"), ids=lambda case: case["case"])
def test_one_line(case):
    actual, budget = figures(case)
    found = variance(actual, budget=budget, polarity=int(case["polarity"]))
    assert found.amount == Decimal(case["variance"])
    percent = "n/m" if found.ratio is None else str((found.ratio * 100).quantize(Decimal("0.1")))
    assert percent == case["percent"]
    assert found.word == case["reading"]
    assert is_material(found, percent=Decimal(10), dollars=Decimal(5000)) == (case["material"] == "yes")


def test_a_month_adds_up_in_its_order():
    sums = {row.label: row.values for row in statement(month()) if row.kind in ("total", "subtotal")}
    wanted = [row for row in rows("Worked table: a month") if not row["row"].isdigit()]
    assert len(wanted) == 5
    for row in wanted:
        assert (sums[row["row"]].actual, sums[row["row"]].budget) == figures(row), row["row"]


def test_the_order_is_that_of_the_owners_report():
    totals = [row.label for row in statement(month()) if row.kind == "total"]
    assert totals == ["Net revenue", "Operating cost", "Income before providers", "Net income"]
    groups = [row.label for row in statement(month()) if row.kind == "group"]
    assert groups == [
        "Patient revenue",
        "Adjustments and refunds",
        "Other revenue",
        "Support staff",
        "Clinical cost",
        "General operating cost",
        "Providers",
        "Non-operating",
    ]


def test_volume_and_rate_of_the_month():
    split = patient_split(month(), units=Decimal(3084), planned_units=Decimal(3200))
    assert (split.volume, split.rate) == (Decimal("-17412.76"), Decimal("5413.76"))


def test_without_plan_or_units_nothing_is_split():
    assert patient_split(month(), units=None, planned_units=Decimal(3200)) is None
    assert patient_split(month(), units=Decimal(10), planned_units=Decimal(0)) is None


def test_the_steps_lead_from_budget_to_actual():
    lines = month()
    net = next(row for row in statement(lines) if row.code == "net_income")
    split = patient_split(lines, units=Decimal(3084), planned_units=Decimal(3200))
    for each in (split, None):
        assert sum(step.amount for step in effects(lines, split=each)) == net.month.amount
    assert net.month.amount == Decimal("-15094.00")


def test_a_year_without_budget_has_no_variance():
    lines = [
        AccountLine(
            number=6100, name="Rent", section="operating", is_contra=False, polarity=-1,
            values=Columns(actual=Decimal(5), budget=None, ytd_budget=None),
        )
    ]  # fmt: skip
    found = statement(lines)
    assert all(row.month is None for row in found)
    assert next(row for row in found if row.code == "net_income").values.actual == Decimal(-5)


@given(actual=money, budget=money, units=st.integers(0, 10**5), planned=st.integers(1, 10**5))
def test_volume_and_rate_sum_to_the_variance(actual, budget, units, planned):
    split = volume_and_rate(actual, budget=budget, units=Decimal(units), planned_units=Decimal(planned))
    assert split.volume + split.rate == actual - budget


def test_the_axis_is_cut_only_below_every_column():
    lines = month()
    steps = effects(lines, split=None)
    assert cut_below(Decimal("132262.00"), steps=steps) == Decimal(60000)
    assert cut_below(Decimal("5000.00"), steps=steps) is None
