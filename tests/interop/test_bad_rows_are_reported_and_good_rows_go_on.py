"""A row that cannot be taken is reported by file, line and field; all others are taken."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from billing.models import Charge, LedgerEntry
from patients.models import Patient
from practice.models import ImportFile, ImportRefusal, WorkItem
from tests.interop import tiny

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(run):
    found = ImportRefusal.objects.filter(file__run=run).order_by("file__position", "row_number")
    return [(one.file.name, one.row_number, one.field) for one in found.select_related("file")]


def balance():
    return LedgerEntry.objects.aggregate(total=Sum("amount"))["total"]


BAD = {
    "a missing name": ("patients", 0, {"LAST": ""}, "LAST"),
    "a name that is too long": ("patients", 0, {"LAST": "x" * 61}, "LAST"),
    "a bad date": ("patients", 0, {"BIRTHDATE": "05/06/1980"}, "BIRTHDATE"),
    "a day that does not exist": ("patients", 0, {"BIRTHDATE": "1980-02-30"}, "BIRTHDATE"),
    "an SSN with eight digits": ("patients", 0, {"SSN": "999-17-501"}, "SSN"),
    "a state that is none": ("patients", 0, {"STATE": "Bavaria"}, "STATE"),
    "an unknown organization": ("encounters", 0, {"ORGANIZATION": "o9"}, "ORGANIZATION"),
    "a visit that ends before it begins": ("encounters", 0, {"STOP": "2023-03-01T02:00:00Z"}, "STOP"),
    "an unknown class of encounter": ("encounters", 0, {"ENCOUNTERCLASS": "seance"}, "ENCOUNTERCLASS"),
    "a claim of another patient's visit": ("claims", 0, {"PATIENTID": "a2"}, "PATIENTID"),
    "an unknown payer": ("claims", 0, {"PRIMARYPATIENTINSURANCEID": "p7"}, "PRIMARYPATIENTINSURANCEID"),
    "an unknown status": ("claims", 0, {"STATUS1": "LOST"}, "STATUS1"),
    "a bad amount": ("claims_transactions", 7, {"PAYMENTS": "five"}, "PAYMENTS"),
    "parts of a cent": ("claims_transactions", 7, {"PAYMENTS": "5.001"}, "PAYMENTS"),
    "a negative amount": ("claims_transactions", 7, {"PAYMENTS": "-5.00"}, "PAYMENTS"),
    "an amount that is no number": ("claims_transactions", 7, {"PAYMENTS": "NaN"}, "PAYMENTS"),
    "an unknown type": ("claims_transactions", 7, {"TYPE": "GIFT"}, "TYPE"),
    "an unknown method": ("claims_transactions", 7, {"METHOD": "BARTER"}, "METHOD"),
    "an unknown claim": ("claims_transactions", 7, {"CLAIMID": "c9"}, "CLAIMID"),
    "a bad moment": ("claims_transactions", 7, {"FROMDATE": "yesterday"}, "FROMDATE"),
}


@pytest.mark.parametrize("case", BAD)
def test_the_row_is_named_and_kept(run_import, export, inside, case):
    name, index, cells, field = BAD[case]
    tables = tiny.tables()
    tables[name][index] |= cells
    run = run_import(export(tables))
    with inside():
        assert run.state == "done"
        assert (f"{name}.csv", index + 2, field) in refusals(run)
        kept = ImportRefusal.objects.get(file__run=run, file__name=f"{name}.csv", row_number=index + 2)
        assert kept.row == tables[name][index]
        assert kept.message
        assert Patient.objects.filter(last_name="Cole6").exists()
        assert LedgerEntry.objects.filter(patient__last_name="Cole6").count() == 1
        for file in ImportFile.objects.filter(run=run):
            assert (
                file.rows_new + file.rows_changed + file.rows_known + file.rows_refused == file.rows_total
            ), file.name
        assert WorkItem.objects.filter(kind="practice.refused_rows", state="open").count() == 1


def test_a_row_with_too_many_cells_is_refused(run_import, export, inside):
    folder = export()
    text = (folder / "patients.csv").read_text().splitlines()
    text[1] += ",one,two"
    (folder / "patients.csv").write_text("\n".join(text))
    run = run_import(folder)
    with inside():
        assert ("patients.csv", 2, "") in refusals(run)
        assert Patient.objects.count() == 2


def test_money_of_a_refused_charge_never_lands_on_another_charge(run_import, export, inside):
    tables = tiny.tables()
    tables["claims_transactions"][6]["AMOUNT"] = "much"
    run = run_import(export(tables))
    with inside():
        assert refusals(run) == [
            ("claims_transactions.csv", 8, "AMOUNT"),
            ("claims_transactions.csv", 9, "CHARGEID"),
        ]
        assert LedgerEntry.objects.filter(charge__amount=100).aggregate(total=Sum("amount"))["total"] == 10


def test_half_a_transfer_moves_nothing(run_import, export, inside):
    tables = tiny.tables()
    tables["claims_transactions"][4]["TRANSFERTYPE"] = "x"
    run = run_import(export(tables))
    with inside():
        assert refusals(run) == [
            ("claims_transactions.csv", 5, "CHARGEID"),
            ("claims_transactions.csv", 6, "TRANSFERTYPE"),
        ]
        assert not LedgerEntry.objects.filter(charge__amount=100, kind="transfer").exists()
        assert balance() == Decimal("213.50"), "the sums do not depend on who owes"


def test_a_mended_export_completes_the_first(run_import, export, inside):
    tables = tiny.tables()
    tables["patients"][0]["LAST"] = ""
    tables["claims_transactions"][12]["PAYMENTS"] = "?"
    first = run_import(export(tables))
    with inside():
        assert len(refusals(first)) > 5, "all that belongs to a refused patient waits with her"
        assert balance() == Decimal(20) + 200
    second = run_import(export())
    with inside():
        assert refusals(second) == []
        assert balance() == Decimal("213.50")
        assert Charge.objects.count() == 4


def test_imported_money_is_never_changed(run_import, export, inside):
    run_import(export())
    tables = tiny.tables()
    tables["claims_transactions"][5]["PAYMENTS"] = "9.00"
    run = run_import(export(tables))
    with inside():
        assert refusals(run) == [("claims_transactions.csv", 7, "ID")]
        assert balance() == Decimal("213.50")


def test_a_changed_master_row_is_brought_up_to_date(run_import, export, inside):
    run_import(export())
    tables = tiny.tables()
    tables["patients"][0] |= {"ADDRESS": "12 New Rd", "SSN": "999-17-0000"}
    tables["claims"][1]["STATUS1"] = "CLOSED"
    run = run_import(export(tables))
    with inside():
        ann = Patient.objects.get(last_name="Ames2")
        assert (ann.address_line, ann.ssn_last4, ann.mrn) == ("12 New Rd", "0000", "100001")
        assert "999170000" not in ann.ssn
        changed = ImportFile.objects.filter(run=run, rows_changed=1)
        assert {file.name for file in changed} == {"patients.csv", "claims.csv"}


def test_a_file_without_a_needed_column_stops_the_run_before_anything(run_import, export, inside):
    from practice.jobs import NotAgain
    from practice.models import ImportRun

    tables = tiny.tables()
    for row in tables["patients"]:
        del row["BIRTHDATE"]
    with pytest.raises(NotAgain, match="lacks the column BIRTHDATE"):
        run_import(export(tables))
    with inside():
        run = ImportRun.objects.get()
        assert (run.state, run.error) == ("failed", "patients.csv lacks the column BIRTHDATE.")
        assert not Patient.objects.exists()
