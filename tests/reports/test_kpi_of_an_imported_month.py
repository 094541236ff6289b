"""Key figures of one imported month equal a calculation from the CSV files alone, and every year is there."""

import csv
import gzip
import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Sum

from billing.models import LedgerEntry
from billing.services import books
from finance.models import JournalLine
from finance.services.accounts import install_chart
from interop.services import imports
from kit import clock
from practice.actor import system_actor
from practice.jobs import Job
from practice.models import ImportRun, Practice
from practice.services import import_engine
from practice.transactions import acting_in
from reports.catalogue import KPIS
from reports.models import KpiDaily
from reports.rules.kpi import month_end
from reports.selectors import drill, kpis
from reports.services import rollup
from scheduling.models import Appointment
from tests.cast import owner_cursor

CSV_27 = Path(__file__).resolve().parents[3] / "shared" / "data" / "synthea" / "csv-27"
pytestmark = [
    pytest.mark.deep,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CSV_27.is_dir(), reason=f"Synthea's sample export is not at {CSV_27}"),
]
NEW_YORK = ZoneInfo("America/New_York")  # every site of the export is in Massachusetts
MONTHS = (date(2023, 5, 1), date(2019, 11, 1))
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def table(name):
    with gzip.open(CSV_27 / f"{name}.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def local(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(NEW_YORK)


def of_the_files(first):
    """Numerators and denominators of a month, from encounters and transactions only."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    seen = sorted((row["PATIENT"], local(row["START"])) for row in table("encounters"))
    visits = [one for one in seen if first <= one[1].date() <= last]
    new = 0
    for who, at in visits:
        limit = at.date().replace(year=at.year - 3)
        new += not any(other == who and before < at and before.date() >= limit for other, before in seen)
    charges = receipts = adjusted = balance = window = Decimal(0)
    for row in table("claims_transactions"):
        day = local(row["FROMDATE"]).date()
        charge = Decimal(row["AMOUNT"]) if row["TYPE"] == "CHARGE" else Decimal(0)
        paid, off = Decimal(row["PAYMENTS"] or 0), Decimal(row["ADJUSTMENTS"] or 0)
        if day <= last:
            balance += charge - paid - off
        if last - timedelta(days=89) <= day <= last:
            window += charge
        if first <= day <= last:
            charges, receipts, adjusted = charges + charge, receipts + paid, adjusted + off
    return {
        "visits": (len(visits), None),
        "new_patient_share": (new, len(visits)),
        "no_show": (0, len(visits)),
        "gross_collection": (receipts, charges),
        "net_collection": (receipts, charges - adjusted),
        "days_in_ar": (balance, window),
        "denial_rate": (0, 0),
        "charge_lag": (0, 0),
        "payment_lag": (0, 0),
    }


def book_every_year(actor, *, evidence):
    """A year a transaction, as the night does it. Nobody else counts the rows here, and a plan made blind is slow."""
    with acting_in(actor.practice_id, actor=actor):
        install_chart(actor=actor)
        years = books.years()
    began = time.monotonic()
    for year in years:
        with owner_cursor() as cursor:
            cursor.execute("ANALYZE billing_ledgerentry, finance_journal, finance_journalline")
        with acting_in(actor.practice_id, actor=actor):
            books.post_days(date(year, 1, 1), last=date(year, 12, 31), actor=actor)
    evidence(seconds_to_book_all_years=round(time.monotonic() - began, 1), years=len(years))


def books_equal_the_ledger():
    """Revenue of the P&L's month, read from the journal, is the ledger's of the same month, in both books."""
    for first in MONTHS:
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        entries = LedgerEntry.objects.filter(posted_on__range=(first, last))
        charged = entries.filter(kind="charge").aggregate(total=Sum("amount"))["total"]
        paid = entries.filter(kind__in=("insurance_payment", "patient_payment")).aggregate(t=Sum("amount"))[
            "t"
        ]
        lines = JournalLine.objects.filter(dated_on__range=(first, last), account__section="revenue")
        earned = sum(line.credit - line.debit for line in lines.exclude(basis="cash"))
        collected = sum(line.credit - line.debit for line in lines.exclude(basis="accrual"))
        assert (earned, collected) == (charged, -paid)


def test_months_of_the_import_equal_the_files_and_open_their_rows(evidence):
    actor = system_actor(practice_id=Practice.objects.get(slug="harbor").pk, request_id="test")
    with acting_in(actor.practice_id, actor=actor):
        run: ImportRun = imports.start_or_resume(folder=CSV_27, is_dry_run=False, actor=actor)
    args = {"run_id": str(run.pk)}
    import_engine.carry_out(
        Job(id=run.pk, practice_id=actor.practice_id, key=str(run.pk), args=args, actor=actor)
    )
    with clock.at(NOW):
        began = time.monotonic()
        with acting_in(actor.practice_id, actor=actor):
            rollup.run_all(actor=actor)
        rolled_up = round(time.monotonic() - began, 1)
        assert rolled_up < 60
        for first in MONTHS:
            with acting_in(actor.practice_id, actor=actor):
                expected = of_the_files(first)
                assert expected["visits"][0] > 0
                for code, parts in expected.items():
                    compare(kpis.get_kpi(code), first=first, parts=parts, actor=actor)
        with acting_in(actor.practice_id, actor=actor):
            every_year_is_there(actor)
        book_every_year(actor, evidence=evidence)
        with acting_in(actor.practice_id, actor=actor):
            books_equal_the_ledger()
    evidence(seconds_of_the_rollup=rolled_up, months=[f"{month:%Y-%m}" for month in MONTHS])


def compare(kpi, *, first, parts, actor):
    figure = kpis.period(actor, kpi=kpi, first=first, last=month_end(first))
    assert (figure.numerator, figure.denominator) == parts, (kpi.code, first)
    for part, value in ((kpi.numerator, parts[0]), (kpi.denominator, parts[1])):
        if part is not None:
            rows = drill.rows(kpi, part=part, first=first, last=month_end(first), actor=actor)
            assert rows.total == value, (kpi.code, part)


def every_year_is_there(actor):
    first, last = (
        Appointment.objects.order_by(order).first().local_day for order in ("local_day", "-local_day")
    )
    years = set(KpiDaily.objects.filter(kpi="visits").values_list("day__year", flat=True))
    seen = set(Appointment.objects.values_list("local_day__year", flat=True))
    assert years == seen
    assert last.year - first.year > 10
    old = kpis.period(actor, kpi=kpis.get_kpi("ar_over_90"), first=date(2026, 1, 1), last=date(2026, 1, 31))
    assert old.denominator is not None
    assert len(KPIS) == 20
    total = Appointment.objects.filter(is_new_patient=True).count()
    share = kpis.period(actor, kpi=kpis.get_kpi("new_patient_share"), first=first, last=last)
    assert share.numerator == total, "the flag of the visits and the figure follow one rule"
