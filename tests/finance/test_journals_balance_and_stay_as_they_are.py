"""The books: balanced in both bases, closed months shut, nothing changed later, posted once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from finance.models import AccountingPeriod, Journal, JournalLine
from finance.services import journal, periods
from finance.services.accounts import install_chart
from finance.services.journal import Line
from kit.errors import Conflict, DomainError, Forbidden

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)
RENT = (Line(account=6100, debit=Decimal("4200.00")), Line(account=1010, credit=Decimal("4200.00")))


@transaction.atomic
def raw_books(actor, *, debit=""):
    """A journal written past the service, with one debit or with no line at all, and its rules asked."""
    made = Journal.objects.create(practice_id=actor.practice_id, dated_on=DAY, source="raw", source_key="1")
    if debit:
        run(
            "INSERT INTO finance_journalline (practice_id, journal_id, account_id, dated_on, basis, "
            "debit, credit) SELECT %s, %s, id, %s, 'both', %s, 0 FROM finance_account WHERE number = 6100",
            *(str(actor.practice_id), str(made.pk), DAY, debit),
        )
    run("SET CONSTRAINTS ALL IMMEDIATE")


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def post(actor, *, lines=RENT, day=DAY, key="1"):
    return journal.post(dated_on=day, source="test", source_key=key, lines=lines, actor=actor)


def test_a_balanced_journal_is_posted_with_its_lines(acting):
    with acting("manager") as actor:
        made = post(actor)
        lines = made.lines.order_by("account__number").values_list("account__number", "debit", "credit")
        assert list(lines) == [(1010, Decimal("0.00"), Decimal("4200.00")), (6100, Decimal("4200.00"), 0)]


def test_the_same_source_twice_is_one_journal_and_keeps_the_first_lines(acting):
    other = (Line(account=6100, debit=Decimal("1.00")), Line(account=1010, credit=Decimal("1.00")))
    with acting("manager") as actor:
        first = post(actor)
        assert post(actor, lines=other).pk == first.pk
        assert JournalLine.objects.count() == 2
        assert first.lines.get(account__number=6100).debit == Decimal("4200.00")


def test_an_unbalanced_journal_is_refused_in_words_and_nothing_is_posted(acting):
    lines = (Line(account=6100, debit=Decimal("10.00")), Line(account=1010, credit=Decimal("9.00")))
    with acting("manager") as actor:
        with pytest.raises(DomainError, match=r"accrual books differ by \$1\.00"):
            post(actor, lines=lines)
        assert not Journal.objects.exists()


def test_each_basis_balances_for_itself(acting):
    lines = (
        Line(account=1100, debit=Decimal("10.00"), basis="accrual"),
        Line(account=4150, credit=Decimal("10.00"), basis="cash"),
    )
    with acting("manager") as actor, pytest.raises(DomainError, match="not balanced"):
        post(actor, lines=lines)


@pytest.mark.parametrize("line", [("-1.00", "0"), ("1.00", "1.00"), ("0.001", "0")])
def test_a_line_that_is_no_amount_is_refused(acting, line):
    bad = Line(account=6100, debit=Decimal(line[0]), credit=Decimal(line[1]))
    with acting("manager") as actor:
        with pytest.raises(DomainError, match="6100"):
            post(actor, lines=(bad, RENT[1]))
        assert not Journal.objects.exists()


def test_the_database_refuses_an_unbalanced_journal_written_past_the_service(acting):
    with acting("manager") as actor:
        install_chart(actor=actor)
        with pytest.raises(IntegrityError, match="not balanced"):
            raw_books(actor, debit="5.00")
        assert not Journal.objects.exists()


def test_the_database_refuses_a_journal_without_lines(acting):
    with acting("manager") as actor:
        with pytest.raises(IntegrityError, match="0 lines"):
            raw_books(actor)
        assert not Journal.objects.exists()


def test_a_line_may_not_be_changed_or_taken_away(acting):
    with acting("manager") as actor:
        line = post(actor).lines.first()
        for sql in ("UPDATE finance_journalline SET debit = 1", "DELETE FROM finance_journalline"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(f"{sql} WHERE id = %s", str(line.pk))
        assert JournalLine.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_line_may_not_join_a_journal_of_an_earlier_transaction(acting):
    with acting("manager") as actor:
        made = post(actor)
        account = made.lines.first().account
    with acting("manager") as actor:
        with pytest.raises(IntegrityError, match="own transaction"), transaction.atomic():
            JournalLine.objects.create(
                practice_id=actor.practice_id, journal=made, account=account, dated_on=DAY, debit=1
            )
        assert JournalLine.objects.count() == 2


def test_a_closed_month_takes_no_journal(acting):
    with acting("manager") as actor:
        periods.close_month(DAY, today=date(2026, 4, 1), actor=actor)
        with pytest.raises(DomainError, match="March 2026 is closed"):
            post(actor)
        assert not Journal.objects.exists()
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            Journal.objects.create(practice_id=actor.practice_id, dated_on=DAY, source="raw", source_key="1")


def test_a_month_that_runs_cannot_be_closed(acting):
    with acting("manager") as actor:
        with pytest.raises(DomainError, match="when it has ended"):
            periods.close_month(DAY, today=date(2026, 3, 31), actor=actor)
        assert not AccountingPeriod.objects.exists()


def test_a_reversal_mirrors_every_line_and_happens_once(acting):
    with acting("manager") as actor:
        made = post(actor)
        mirror = journal.reverse(made, reason="Posted twice", actor=actor)
        assert mirror.lines.get(account__number=6100).credit == Decimal("4200.00")
        for again in (made, mirror):
            with pytest.raises(Conflict):
                journal.reverse(again, actor=actor)
        assert Journal.objects.count() == 2


def test_who_may_not_post_posts_nothing(acting):
    with acting("biller") as actor:
        with pytest.raises(Forbidden):
            post(actor)
        assert not Journal.objects.exists()
