"""Every table of the export becomes records of ours, with the right party owing the right cents."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from billing.models import Charge, ChargeDiagnosis, Claim, ClaimLine, LedgerEntry, OpenItem, UnmappedCode
from patients.models import Coverage, Patient
from practice.encrypted import reveal
from practice.models import ImportedRecord, ImportFile, Location, Payer, WorkItem
from scheduling.models import Appointment
from staff.models import Provider

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def imported(run_import, export):
    return run_import(export())


def owed(last_name):
    """What each party owes on a patient's charges; the patient is ''."""
    found = {}
    for item in OpenItem.objects.filter(patient__last_name=last_name).select_related("payer"):
        name = item.payer.name if item.payer else ""
        found[name] = found.get(name, Decimal(0)) + item.balance
    return found


def test_the_same_export_twice_is_once(run_import, export, inside):
    def stands():
        rows = Charge.objects.count(), LedgerEntry.objects.count(), ImportedRecord.objects.count()
        return *rows, LedgerEntry.objects.aggregate(total=Sum("amount"))["total"]

    with inside():
        before = stands()
    again = run_import(export())
    with inside():
        assert stands() == before
        files = ImportFile.objects.filter(run=again)
        assert set(files.values_list("rows_new", "rows_changed", "rows_refused")) == {(0, 0, 0)}


def test_all_rows_are_taken(inside, imported):
    with inside():
        assert imported.state == "done"
        for file in ImportFile.objects.filter(run=imported):
            assert (file.rows_read, file.rows_refused) == (file.rows_total, 0), file.name
            assert file.rows_new + file.rows_known == file.rows_total, file.name


def test_people_places_and_plans(inside):
    with inside():
        ann = Patient.objects.get(last_name="Ames2")
        assert (ann.first_name, ann.state, ann.ssn_last4, ann.mrn) == ("Ann1", "MA", "5017", "100001")
        assert reveal(ann, "ssn") == "999175017"
        assert "999175017" not in ann.ssn
        assert Patient.objects.get(last_name="Bell4").postal_code == ""
        assert Location.objects.get(name="DESERT CLINIC").timezone == "America/Phoenix"
        assert Payer.objects.get(name="NO_INSURANCE").kind == "self_pay"
        assert Payer.objects.get(name="Medicare").filing_days == 365
        doctor = Provider.objects.get()
        assert (doctor.display_name, doctor.npi, doctor.employee.first_name) == (
            "Víctor493 Noriega353",
            "",
            "Víctor493",
        )


def test_coverage_follows_its_dates_and_the_second_payer_is_billed_second(inside):
    with inside():
        ann = Coverage.objects.get(patient__last_name="Ames2")
        assert (ann.starts_on, ann.ends_on) == (date(2020, 1, 1), date(2023, 12, 31))
        ben = Coverage.objects.filter(patient__last_name="Bell4").order_by("priority")
        assert [(one.payer.name, one.priority) for one in ben] == [("Medicare", 1), ("Evergreen Health", 2)]
        assert not Coverage.objects.filter(patient__last_name="Cole6").exists()


def test_visits_stand_on_the_day_of_their_site(inside):
    with inside():
        visit = Appointment.objects.get(patient__last_name="Ames2")
        assert visit.local_day == date(2023, 2, 28), "02:30Z is the evening before in Boston"
        assert (visit.status, visit.created_via, visit.type.code, visit.reason) == (
            "completed",
            "import",
            "amb",
            "Sore throat",
        )
        assert visit.is_new_patient
        assert [event.status for event in visit.status_events.all()] == ["completed"]


def test_claims_are_history(inside):
    with inside():
        claim = Claim.objects.get(patient__last_name="Ames2")
        assert (claim.state, claim.origin, claim.total) == ("closed", "import", Decimal("103.50"))
        assert claim.first_submitted_on == date(2023, 3, 4)
        assert claim.coverage.member_id == "m1"
        assert [(line.number, line.paid) for line in claim.lines.all()] == [(1, Decimal(50)), (2, Decimal(0))]
        assert [one.code for one in claim.diagnoses.all()] == ["195662009"]
        assert Claim.objects.get(patient__last_name="Bell4").state == "submitted"
        alone = Claim.objects.get(patient__last_name="Cole6")
        assert (alone.payer.kind, alone.place_of_service) == ("self_pay", "23")
        assert ClaimLine.objects.count() == Charge.objects.count() == 4


def test_who_owes_what_follows_payments_transfers_and_adjustments(inside):
    with inside():
        assert owed("Ames2") == {"Evergreen Health": Decimal(0), "": Decimal("8.50")}, (
            "10.00 less 1.50 credit"
        )
        assert owed("Bell4") == {"Medicare": Decimal(0), "Evergreen Health": Decimal(5)}
        assert owed("Cole6") == {"": Decimal(200)}


def test_kinds_and_methods_of_money(inside):
    with inside():
        of_ann = LedgerEntry.objects.filter(patient__last_name="Ames2", charge__amount=100).order_by(
            "source_key"
        )
        assert [(one.source_key, one.kind, one.amount, one.method) for one in of_ann] == [
            ("t0", "charge", Decimal(100), ""),
            ("t1", "patient_payment", Decimal(-20), "copay"),
            ("t2", "insurance_payment", Decimal(-50), "eft"),
            ("t2/adjustment", "adjustment", Decimal(-10), ""),
            ("t3", "transfer", Decimal(-20), ""),
            ("t4", "transfer", Decimal(20), ""),
            ("t5", "patient_payment", Decimal(-10), "cash"),
        ]


def test_the_age_of_a_charge_is_the_claims_first_bill(inside):
    with inside():
        items = OpenItem.objects.filter(patient__last_name="Ames2")
        assert {item.first_billed_on for item in items} == {date(2023, 3, 4)}


def test_foreign_codes_wait_on_a_list_and_their_money_counts(inside, imported):
    with inside():
        waiting = {
            (one.code.system, one.code.code): (one.charge_count, one.charge_amount)
            for one in UnmappedCode.objects.all()
        }
        assert waiting == {
            ("snomed", "185345009"): (2, Decimal(180)),
            ("rxnorm", "314076"): (1, Decimal("3.50")),
            ("snomed", "50849002"): (1, Decimal(200)),
        }
        item = WorkItem.objects.get(kind="interop.unmapped_codes")
        assert (item.state, item.amount, item.ref.record_id) == ("open", Decimal("383.50"), imported.pk)
        assert ChargeDiagnosis.objects.filter(system="snomed").count() == 4
