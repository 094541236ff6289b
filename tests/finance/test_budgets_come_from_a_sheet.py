"""Budgets: read from a sheet in either shape, every mistake at its row, nothing half-saved, approved is locked."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from finance.models import Budget, BudgetLine
from finance.selectors import budgets as selectors
from finance.services import budgets
from finance.services.accounts import install_chart
from kit.errors import Conflict, DomainError, Forbidden
from practice.actor import system_actor
from tests.cast import actor_named, in_practice
from tests.practice.sheets import Steps

pytestmark = pytest.mark.django_db
GOOD = b"account,Jan\n6100,4300\n"


def sheet(*rows):
    return io.BytesIO("\n".join(rows).encode())


@pytest.fixture
def actor(acting):
    with acting("manager") as found:
        install_chart(actor=found)
        yield found


def test_months_may_stand_across(actor):
    made = budgets.import_budget(
        sheet("account,Jan,Feb,Mar", '6100 Rent,"4,200.00",4200,', "4100,90000,91000,92000"),
        year=2026,
        actor=actor,
    )
    assert (made.year, made.version, made.state) == (2026, 1, "draft")
    rows = made.lines.order_by("account__number", "month").values_list(
        "account__number", "month__month", "amount"
    )
    assert list(rows) == [
        (4100, 1, Decimal(90000)),
        (4100, 2, Decimal(91000)),
        (4100, 3, Decimal(92000)),
        (6100, 1, Decimal(4200)),
        (6100, 2, Decimal(4200)),
    ]


def test_months_may_stand_down(actor):
    made = budgets.import_budget(
        sheet("account,month,amount", "6100,1,4200", "6100,2026-02,4300"), year=2026, actor=actor
    )
    assert selectors.grid(made) == [
        ("6100 Rent", [Decimal("4200.00"), Decimal("4300.00"), *[None] * 10]),
    ]


def test_mistakes_are_named_by_row_and_column_and_nothing_is_saved(actor):
    with pytest.raises(budgets.SheetRefused) as refused:
        budgets.import_budget(
            sheet("account,Jan,Feb", "6100,4200,abc", "9999,1,1", "6100,1,", ",5,5", "1010,5,5"),
            year=2026,
            actor=actor,
        )
    found = [(mistake.row, mistake.field) for mistake in refused.value.mistakes]
    assert found == [(2, "Feb"), (3, "account"), (4, "Jan"), (5, "account"), (6, "account")]
    assert not Budget.objects.exists()
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize("rows", [("account",), ("account,what", "6100,5"), ("a,b", "1,2")])
def test_a_sheet_without_account_and_months_is_refused(actor, rows):
    with pytest.raises(DomainError):
        budgets.import_budget(sheet(*rows), year=2026, actor=actor)
    assert not Budget.objects.exists()


def test_another_upload_is_another_version_and_the_approved_one_is_in_force(actor):
    first = budgets.import_budget(sheet("account,Jan", "6100,1"), year=2026, actor=actor)
    budgets.approve(first, actor=actor)
    second = budgets.import_budget(sheet("account,Jan", "6100,2"), year=2026, actor=actor)
    assert second.version == 2
    assert selectors.in_force(2026) == first
    assert budgets.approve(second, actor=actor).state == "approved"
    assert selectors.in_force(2026) == second


def test_an_approved_budget_is_not_approved_again(actor):
    made = budgets.approve(
        budgets.import_budget(sheet("account,Jan", "6100,1"), year=2026, actor=actor), actor=actor
    )
    with pytest.raises(Conflict):
        budgets.approve(made, actor=actor)


def test_who_may_not_change_budgets_uploads_none(actor):
    physician = actor_named("physician")
    with pytest.raises(Forbidden):
        budgets.import_budget(sheet("account,Jan", "6100,1"), year=2026, actor=physician)
    with in_practice(actor):
        assert not Budget.objects.exists()


def install(practice_actor):
    with in_practice(system_actor(practice_id=practice_actor.practice_id)) as found:
        install_chart(actor=found)
        return budgets.import_budget(sheet("account,Jan", "6100,4200"), year=2026, actor=found)


def test_the_pages_show_budgets_to_who_may_see_them(manager, physician, front_desk, stranger):
    made = install(actor_named("manager"))
    page = manager.at(f"finance/budgets/{made.pk}/")
    assert "6100 Rent" in page.content.decode()
    assert "4,200" in page.content.decode()
    assert "finance/budgets/new/" in manager.at("finance/budgets/").content.decode()
    assert manager.at("finance/budgets/new/")["Location"].endswith("imports/new/?target=finance.budget")
    assert physician.at("finance/budgets/new/").status_code == 403
    shown = physician.at("finance/budgets/")
    assert shown.status_code == 200
    assert "budgets/new/" not in shown.content.decode()
    assert front_desk.at("finance/budgets/").status_code == 403
    assert stranger.at(f"finance/budgets/{made.pk}/").status_code == 404
    assert physician.send(f"finance/budgets/{made.pk}/do/approve/").status_code == 403
    assert manager.send(f"finance/budgets/{made.pk}/do/approve/").status_code == 302
    assert manager.send(f"finance/budgets/{made.pk}/do/approve/").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_budget_comes_in_by_the_import_and_is_undone_as_long_as_it_is_a_draft(manager, physician):
    install(actor_named("manager"))
    refused = {"file": SimpleUploadedFile("b.csv", GOOD), "target": "finance.budget", "year": "2026"}
    assert physician.send("imports/new/", refused).status_code == 403
    steps = Steps(manager)
    tried = steps.tried("finance.budget", b"account,Jan\n6100,abc\n", year="2026")
    assert "Enter an amount in dollars" in tried
    assert "taken whole or not at all" in tried
    assert "do/take/" not in tried
    steps.tried("finance.budget", GOOD, year="2026")
    assert "1 record was made" in steps.act("take")
    with in_practice(actor_named("manager")):
        assert list(Budget.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert "Nothing it made is left" in steps.act("undo", reason="Wrong year")
    with in_practice(actor_named("manager")):
        assert Budget.objects.count() == 1
    steps.tried("finance.budget", GOOD, year="2026")
    steps.act("take")
    with in_practice(actor_named("manager")) as found:
        budgets.approve(Budget.objects.get(version=2), actor=found)
    left = steps.act("undo", reason="Too late")
    assert "1 record stayed" in left
    assert "changed since" in left
    with in_practice(actor_named("manager")):
        assert Budget.objects.count() == 2
