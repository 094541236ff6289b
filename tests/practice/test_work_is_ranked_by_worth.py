"""The worked tables of docs/algorithms/my-work.md are the fixture: of the pure rule, and of the same rule in SQL."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practice.models import WorkItem
from practice.rules.worth import days_left, levels_up, urgency, worth
from practice.selectors.work import ranked

PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "my-work.md"
TODAY = date(2026, 3, 9)


def table(heading):
    lines = PAGE.read_text(encoding="utf-8").split(heading)[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head, _, *body = rows[: next((n for n, line in enumerate(rows) if len(line) != len(rows[0])), len(rows))]
    return [dict(zip(head, row, strict=True)) for row in body]


def day(text):
    return date.fromisoformat(text) if text else None


def amount(text):
    return Decimal(text) if text else None


WORKED = table("## Worked")


def test_each_item_of_the_page_comes_out_as_worked_by_hand():
    assert len(WORKED) == 12
    for row in WORKED:
        due = day(row["due"])
        got = worth(amount=amount(row["amount"]), chance=int(row["chance"]), due_on=due, today=TODAY)
        assert got == Decimal(row["worth"]), row["item"]
        assert days_left(due, today=TODAY) == Decimal(row["days left"]), row["item"]
        assert urgency(due, today=TODAY).label == row["group"], row["item"]


def test_levels_rise_as_the_page_says():
    for row in table("## When it waits too long"):
        got = levels_up(day(row["due"]), today=day(row["today"]), every=int(row["every"]))
        assert got == int(row["levels"]), row
    assert levels_up(date(2020, 1, 1), today=TODAY, every=0) == 0


def made(actor, rows):
    WorkItem.objects.bulk_create(
        WorkItem(
            practice_id=actor.practice_id, kind="practice.reminder", source_key=f"k{number}", title=name,
            permission="practice.view_work", amount=money, chance=chance, due_on=due,
        )
        for number, (name, money, chance, due) in enumerate(rows)
    )  # fmt: skip
    return ranked(WorkItem.objects.filter(title__in=[name for name, *_ in rows]), today=TODAY)


@pytest.mark.django_db
def test_the_database_ranks_by_the_same_rule(acting):
    with acting("manager") as actor:
        rows = [(r["item"], amount(r["amount"]), int(r["chance"]), day(r["due"])) for r in WORKED]
        found = made(actor, rows)
        got = [(item.title, item.worth, item.urgency) for item in found]
    said = {row["item"]: row for row in WORKED}
    for title, score, group in got:
        assert score == Decimal(said[title]["worth"]), title
        assert group == urgency(day(said[title]["due"]), today=TODAY)
    order = sorted(WORKED, key=lambda row: (urgency(day(row["due"]), today=TODAY), -Decimal(row["worth"])))
    assert [title for title, _, _ in got] == [row["item"] for row in order]


THINGS = st.lists(
    st.tuples(
        st.none() | st.decimals("-10", "9999999.99", places=2),
        st.integers(0, 100),
        st.none() | st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=THINGS)
def test_rule_and_database_agree_on_anything(acting, things):
    with acting("manager") as actor:
        WorkItem.objects.all().delete()
        found = list(made(actor, [(f"i{number}", *thing) for number, thing in enumerate(things)]))
    for item in found:
        asked = {"amount": item.amount, "chance": item.chance, "due_on": item.due_on, "today": TODAY}
        assert item.worth == worth(**asked)
        assert item.urgency == urgency(item.due_on, today=TODAY)
