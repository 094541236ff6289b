"""A sheet of patients by the pages: columns guessed and changed, preview, dry run, import, bad rows, undo."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kit import sheets
from patients.models import Patient
from patients.services import patients
from practice.models import (
    Attachment,
    AuditAccess,
    ImportedRecord,
    ImportFile,
    ImportRun,
    Payer,
    SheetMapping,
    WorkItem,
)
from scheduling.models import Appointment
from tests.cast import actor_named, in_practice
from tests.practice.sheets import Steps
from tests.scheduling.clinic import SEVEN, at, make_clinic

pytestmark = pytest.mark.django_db(transaction=True)
SHEET = """Old system: list of patients
Chart No,Patient Name,DOB,Gender,Cell Phone,Zip,Colour
A-1,"Ames, Ann",03/04/1980,Fem,(914) 555-0101,2101,red
A-2,Ben Bell,12/25/1975,M,914.555.0102,10562,blue
A-3,"Cole, Cal",13/13/1990,M,,10566,red
A-4,"Dunn, Dee",05/06/2001,zz,,10566,red
A-2,Ben Bell,12/25/1975,M,914.555.0102,10562,blue
"""
CSV_27 = Path(__file__).resolve().parents[3] / "shared" / "data" / "synthea" / "csv-27"


def known():
    with in_practice(actor_named("manager")):
        found = Patient.objects.filter(entered_in_error=False).order_by("last_name")
        return [
            (one.last_name, one.first_name, one.birth_date, one.sex, one.phone, one.postal_code)
            for one in found
        ]


ANN = ("Ames", "Ann", date(1980, 3, 4), "F", "9145550101", "02101")
BEN = ("Bell", "Ben", date(1975, 12, 25), "M", "9145550102", "10562")
DEE = ("Dunn", "Dee", date(2001, 5, 6), "U", "", "10566")


def test_every_step_shows_what_comes_and_nothing_comes_before_its_time(manager, settings):
    steps = Steps(manager)
    columns = steps.upload("patients.patient", SHEET.encode(), name="old.csv", source="Old EHR")
    assert "The headings stand in row 2; 1 above them left out" in columns
    assert "1 ZIP code has lost a leading zero" in columns
    assert "Not dates: row 5" in columns
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert stored
    assert not any(b"Ames" in path.read_bytes() for path in stored), "the sheet lies sealed"
    answer = steps.columns()
    assert answer["Location"].endswith("/columns/"), "a word that nobody translated brings one back"
    assert steps.columns()["Location"].endswith("/columns/")
    preview = steps.shown()
    assert "The first rows as they would come in" in preview
    assert ">03/04/1980</td>" in preview
    assert ">02101</td>" in preview
    assert "13/13/1990” is no date" in preview
    assert known() == []
    tried = steps.act("dry_run")
    assert known() == []
    for words in ("Nothing was changed", "2 rows were refused", "Say among the columns what “zz” means"):
        assert words in tried
    done = steps.act("take")
    assert known() == [ANN, BEN]
    assert "2 records were made" in done
    with in_practice(actor_named("manager")):
        for rehearsal in (True, False):
            file = ImportFile.objects.get(is_rehearsal=rehearsal)
            counts = (file.rows_new, file.rows_changed, file.rows_known, file.rows_refused, file.rows_read)
            assert counts == (2, 0, 1, 2, 5), "the dry run had counted exactly"
        assert WorkItem.objects.filter(kind="practice.refused_rows", state="open").count() == 1
        assert Attachment.objects.get().content_type == "application/zip"
        seen = AuditAccess.objects.filter(what="import run").latest("created_at")
        assert {row.patient_id for row in seen.patients.all()} == set(
            Patient.objects.values_list("pk", flat=True)
        )


def word_named(page, text):
    """The name of the select for a word of a column."""
    before = page.split(f">{text} <span")[0]
    return before.rsplit('label for="', 1)[1].split('"')[0]


def test_what_was_said_about_columns_is_known_next_time(manager):
    first = Steps(manager)
    page = first.upload("patients.patient", SHEET.encode(), source="Old EHR")
    said = {word_named(page, "zz"): "U", "keep_as": "Old EHR"}
    assert first.columns(**said)["Location"].endswith(f"{first.page}")
    with in_practice(actor_named("manager")):
        assert SheetMapping.objects.get(name="Old EHR").columns.count() == 7
    second = Steps(manager)
    page = second.upload("patients.patient", SHEET.encode(), source="Old EHR")
    assert second.columns()["Location"].endswith(second.page), "nothing is left to say"
    second.act("dry_run")
    second.act("take")
    assert known() == [ANN, BEN, DEE]


def test_a_column_can_be_left_out_given_another_field_and_another_form_of_date(manager):
    steps = Steps(manager)
    steps.upload("patients.patient", b"Nachname,First,DOB,Phone\nAmes,Ann,04/03/1980,9145550101\n")
    assert "Still without a column: first and last name, or the whole name" in steps.shown()
    assert steps.visitor.send(f"{steps.page}do/dry_run/").status_code == 422
    twice = steps.columns(**{"field-1": "first_name"})
    assert twice.status_code == 422
    assert b"Two columns are First name" in twice.content
    assert steps.columns(**{"field-1": "last_name", "field-4": "", "form-3": "dmy"}).status_code == 302
    steps.act("dry_run")
    steps.act("take")
    assert known() == [("Ames", "Ann", date(1980, 3, 4), "U", "", "")]


def test_refused_rows_go_out_with_reasons_are_corrected_and_come_in_again(manager, physician, stranger):
    steps = Steps(manager)
    steps.tried("patients.patient", SHEET.encode(), source="Old EHR")
    steps.act("take")
    with in_practice(actor_named("manager")):
        file = ImportFile.objects.get(is_rehearsal=False)
    download = f"{steps.page}refused/{file.pk}/csv/"
    assert physician.at(download).status_code == 403
    assert stranger.at(download).status_code == 404
    answer = manager.at(download)
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == [*SHEET.splitlines()[1].split(","), "Row", "Column", "Problem"]
    assert [(row[0], row[7], row[8]) for row in rows] == [("A-3", "5", "DOB"), ("A-4", "6", "Gender")]
    packed = manager.at(f"{steps.page}refused/{file.pk}/xlsx/")
    assert openpyxl.load_workbook(io.BytesIO(packed.content)).active["A2"].value == "A-3"
    assert manager.at(f"{steps.page}refused/{file.pk}/pdf/").status_code == 404
    rows[0][2], rows[1][3] = "12/31/1990", "F"
    again = Steps(manager)
    again.tried("patients.patient", sheets.write_csv(headers=heading, lines=rows), source="Old EHR")
    again.act("take")
    assert [one[0] for one in known()] == ["Ames", "Bell", "Cole", "Dunn"]
    with in_practice(actor_named("manager")):
        assert AuditAccess.objects.filter(action="export", what__startswith="refused rows").count() == 2


def test_the_same_sheet_twice_is_once_and_a_changed_row_changes_its_record(manager):
    steps = Steps(manager)
    steps.tried("patients.patient", SHEET.encode(), source="Old EHR")
    steps.act("take")
    again = Steps(manager)
    again.tried(
        "patients.patient", SHEET.replace("(914) 555-0101", "(914) 555-0199").encode(), source="Old EHR"
    )
    again.act("take")
    assert known() == [(*ANN[:4], "9145550199", ANN[5]), BEN]
    with in_practice(actor_named("manager")):
        file = ImportFile.objects.get(run__pk=again.page.split("/")[1], is_rehearsal=False)
        assert (file.rows_new, file.rows_changed, file.rows_known) == (0, 1, 2)


def test_who_was_here_before_is_completed_and_never_overwritten(manager):
    with in_practice(actor_named("manager")) as actor:
        patients.register(
            actor=actor, first_name="Ann", last_name="AMES", birth_date=date(1980, 3, 4), phone="9145550777"
        )
    steps = Steps(manager)
    steps.tried("patients.patient", SHEET.encode())
    steps.act("take")
    assert known()[0] == ("AMES", "Ann", date(1980, 3, 4), "F", "9145550777", "02101")
    assert "1 record was withdrawn" in steps.act("undo", reason="Wrong practice")
    assert [one[0] for one in known()] == ["AMES"], "only what the import made is taken back"


def test_an_undo_takes_back_what_was_made_and_names_what_is_used_or_changed_since(manager):
    before = known()
    steps = Steps(manager)
    sheet = SHEET.replace("13/13/1990", "12/31/1990").replace("zz", "F")
    steps.tried("patients.patient", sheet.encode())
    steps.act("take")
    assert len(known()) == 4
    with in_practice(actor_named("manager")) as actor:
        ann, ben, _, _ = Patient.objects.order_by("last_name")
        patients.update(ben, actor=actor, city="Salem")
        clinic = make_clinic(actor, name="Clinic")
        from kit import clock

        with clock.at(SEVEN):
            clinic.book(ann, starts_at=at(9), kind="fu")
    asked = manager.at(f"{steps.page}do/undo/")
    assert b"What was changed or used since stays" in asked.content
    assert manager.send(f"{steps.page}do/undo/", {}).status_code == 422, "an undo says why"
    undone = steps.act("undo", reason="Wrong practice")
    assert "2 records were withdrawn" in undone
    assert "2 records stayed" in undone
    assert "was changed since" in undone
    assert "has appointments here" in undone
    with in_practice(actor_named("manager")):
        assert Patient.objects.filter(entered_in_error=True).count() == 2
        assert Appointment.objects.count() == 1
        assert ImportRun.objects.get().state == "undone"
        assert ImportedRecord.objects.exclude(withdrawn_at=None).count() == 2
    assert len(known()) == len(before) + 2
    again = Steps(manager)
    again.tried("patients.patient", sheet.encode())
    again.act("take")
    assert len(known()) == 4, "what was taken back may come again"


def test_another_practice_and_other_roles_see_and_do_nothing(manager, front_desk, biller, stranger):
    steps = Steps(manager)
    steps.upload("patients.patient", SHEET.encode())
    for path in (steps.page, f"{steps.page}columns/", f"{steps.page}do/dry_run/"):
        assert stranger.at(path).status_code == 404
        assert stranger.send(path).status_code in (404, 405)
    for visitor in (front_desk, biller):
        assert visitor.at("imports/").status_code == 403
        assert visitor.at("imports/new/").status_code == 403
        assert visitor.at(steps.page).status_code == 403
        assert visitor.send(f"{steps.page}do/dry_run/").status_code == 403
    with in_practice(actor_named("manager")):
        assert ImportRun.objects.get().state == "draft"


def test_hostile_cells_come_back_as_words(manager):
    lines = [
        "Last,First,DOB",
        "=cmd|' /C calc'!A0,Ann,03/04/1980",
        "A\x00mes,Ann,03/04/1980",
        f"{'x' * 100_000},Ann,03/04/1980",
        "Bell,Ben,03/04/1980,extra",
        "Cole,,03/04/1980",
        "Dunn,Dee,03/04/2999",
    ]
    steps = Steps(manager)
    tried = steps.tried("patients.patient", "\n".join(lines).encode())
    for words in (
        "5 rows were refused", "that are no text", "more than 32,767 characters", "more cells than there are headings",
        "Nothing says who or what this row is", "Enter a birth date on or before today",
    ):  # fmt: skip
        assert words in tried
    done = steps.act("take")
    assert "1 record was made" in done
    for content, words in ((b"", "empty"), (b"%PDF-1.7", "neither"), (b'a,b\n"1,2\n', "quotation mark")):
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = manager.send(
            "imports/new/", {"target": "patients.patient", "file": SimpleUploadedFile("x", content)}
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_sheet_that_is_gone_from_the_store_is_said_in_words(manager, settings, tmp_path):
    steps = Steps(manager)
    steps.upload("patients.patient", SHEET.encode(), name="old.csv", source="Old EHR")
    settings.MEDIA_ROOT = tmp_path / "restored-without-its-files"
    answer = manager.at(f"{steps.page}columns/")
    assert answer.status_code == 422
    assert "The uploaded sheet is gone. Upload it again." in answer.content.decode()


def test_payers_come_in_by_name_and_are_switched_off_by_an_undo(manager):
    steps = Steps(manager)
    book = openpyxl.Workbook()
    book.active.append(["Insurance Name", "EDI ID", "Type", "Timely Filing"])
    book.active.append(["Alder Mutual", "ALD22", "PPO", 120])
    book.active.append(["State Medicaid", "SMD36", "MCD", 180])
    held = io.BytesIO()
    book.save(held)
    steps.tried("practice.payer", held.getvalue(), name="payers.xlsx")
    assert "2 records were made" in steps.act("take")
    with in_practice(actor_named("manager")):
        found = Payer.objects.order_by("name").values_list("name", "payer_id", "kind", "filing_days")
        assert list(found) == [
            ("Alder Mutual", "ALD22", "commercial", 120),
            ("State Medicaid", "SMD36", "medicaid", 180),
        ]
    steps.act("undo", reason="Twice")
    with in_practice(actor_named("manager")):
        assert set(Payer.objects.values_list("is_active", flat=True)) == {False}


@pytest.mark.skipif(not CSV_27.is_dir(), reason=f"Synthea's sample export is not at {CSV_27}")
def test_a_real_list_of_patients_comes_in_with_every_column_guessed(manager):
    content = gzip.decompress((CSV_27 / "patients.csv.gz").read_bytes())
    steps = Steps(manager)
    steps.tried("patients.patient", content, source="Synthea")
    done = steps.act("take")
    assert "27 records were made" in done
    assert "refused</h2>" not in done
    with in_practice(actor_named("manager")):
        cities = set(Patient.objects.values_list("state", flat=True))
        assert cities == {"MA"}
        assert Patient.objects.exclude(postal_code="").filter(postal_code__startswith="0").exists()
