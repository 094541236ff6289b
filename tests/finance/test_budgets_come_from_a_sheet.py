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

pytestmark = pytest.mark.django_db


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


def test_the_pages_show_upload_and_refuse(manager, physician, front_desk, stranger):
    made = install(actor_named("manager"))
    page = manager.at(f"finance/budgets/{made.pk}/")
    assert "6100 Rent" in page.content.decode()
    assert "4,200" in page.content.decode()
    assert physician.at("finance/budgets/").status_code == 200
    assert front_desk.at("finance/budgets/").status_code == 403
    assert stranger.at(f"finance/budgets/{made.pk}/").status_code == 404
    bad = SimpleUploadedFile("b.csv", b"account,Jan\n6100,abc\n")
    answer = manager.send("finance/budgets/new/", {"year": "2026", "file": bad})
    assert answer.status_code == 422
    assert "Enter an amount in dollars" in answer.content.decode()
    good = SimpleUploadedFile("b.csv", b"account,Jan\n6100,4300\n")
    assert physician.send("finance/budgets/new/", {"year": "2026", "file": good}).status_code == 403
    good.seek(0)
    assert manager.send("finance/budgets/new/", {"year": "2026", "file": good}).status_code == 302
    with in_practice(actor_named("manager")):
        assert list(Budget.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert physician.send(f"finance/budgets/{made.pk}/do/approve/").status_code == 403
    assert manager.send(f"finance/budgets/{made.pk}/do/approve/").status_code == 302
    assert manager.send(f"finance/budgets/{made.pk}/do/approve/").status_code == 409
