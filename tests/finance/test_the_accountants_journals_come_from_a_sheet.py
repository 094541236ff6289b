"""The accountant's sheet: a journal per day and memo, once per file, mistakes by row, nothing half-posted."""

import io
from decimal import Decimal

import pytest

from finance.models import Journal, JournalLine
from finance.services import imports
from finance.services.accounts import install_chart
from finance.services.budgets import SheetRefused
from tests.cast import actor_named, in_practice
from tests.practice.sheets import Steps

pytestmark = pytest.mark.django_db
GOOD = (
    "date,account,debit,credit,memo",
    "03/31/2026,5100,9000,,Payroll",
    "03/31/2026,5400,11000.50,,Payroll",
    '03/31/2026,1020,,"20,000.50",Payroll',
    "2026-03-01,6100,4200,,Rent",
    "2026-03-01,1010,,4200,Rent",
)


def sheet(*rows):
    return io.BytesIO("\n".join(rows).encode())


@pytest.fixture
def actor(acting):
    with acting("manager") as found:
        install_chart(actor=found)
        yield found


def test_rows_of_a_day_and_memo_are_one_journal(actor):
    assert imports.import_journal(sheet(*GOOD), actor=actor) == 2
    assert sorted(Journal.objects.values_list("memo", flat=True)) == ["Payroll", "Rent"]
    assert JournalLine.objects.get(account__number=5400).debit == Decimal("11000.50")


def test_the_same_file_again_posts_nothing(actor):
    imports.import_journal(sheet(*GOOD), actor=actor)
    assert imports.import_journal(sheet(*GOOD), actor=actor) == 0
    assert Journal.objects.count() == 2


def test_mistakes_are_named_by_row_and_column_and_nothing_is_posted(actor):
    rows = (
        GOOD[0] + ",location",
        "03/31/2026,5100,9000,,Payroll,Nowhere",
        "soon,6100,1,,Rent,",
        "03/31/2026,4100,1,,Revenue,",
        "03/31/2026,6100,1,1,Rent,",
        "03/31/2026,7777,1,,Rent,",
        "03/31/2026,6100,x,,Rent,",
    )
    with pytest.raises(SheetRefused) as refused:
        imports.import_journal(sheet(*rows), actor=actor)
    found = [(mistake.row, mistake.field) for mistake in refused.value.mistakes]
    assert found == [
        (2, "location"), (3, "date"), (4, "account"), (5, "debit"), (6, "account"), (7, "debit"),
    ]  # fmt: skip
    assert not Journal.objects.exists()


def test_a_day_that_does_not_balance_is_named_by_its_first_row(actor):
    with pytest.raises(SheetRefused) as refused:
        imports.import_journal(sheet(*GOOD[:5]), actor=actor)
    assert [(mistake.row, mistake.field) for mistake in refused.value.mistakes] == [(5, "debit")]
    assert not Journal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_journals_come_in_by_the_import_once_and_are_reversed_by_its_undo(manager, biller):
    with in_practice(actor_named("manager")) as found:
        install_chart(actor=found)
    assert biller.at("finance/upload/").status_code == 403
    assert manager.at("finance/upload/")["Location"].endswith("imports/new/?target=finance.journal")
    steps = Steps(manager)
    assert "differ by $4,200.00" in steps.tried("finance.journal", "\n".join(GOOD[:5]).encode())
    good = "\n".join(GOOD).encode()
    steps.tried("finance.journal", good)
    assert "2 records were made" in steps.act("take")
    again = Steps(manager)
    assert "This very file was imported" in again.tried("finance.journal", good)
    again.act("take")
    with in_practice(actor_named("manager")):
        assert Journal.objects.count() == 2
    assert "Nothing it made is left" in steps.act("undo", reason="The wrong month")
    with in_practice(actor_named("manager")):
        assert Journal.objects.filter(source="reversal").count() == 2
        lines = JournalLine.objects.all()
        assert sum(line.debit - line.credit for line in lines if line.account.number == 6100) == 0
    steps.tried("finance.journal", good)
    assert "2 records were made" in steps.act("take"), "what was taken back may come again"


def test_a_month_is_closed_from_its_page_by_who_may(manager, biller):
    assert biller.send("finance/months/new/", {"month": "03/04/2026"}).status_code == 403
    assert manager.send("finance/months/new/", {"month": "03/04/2199"}).status_code == 422
    assert manager.send("finance/months/new/", {"month": "03/04/2026"}).status_code == 302
    assert "March 2026" in manager.at("finance/months/").content.decode()
