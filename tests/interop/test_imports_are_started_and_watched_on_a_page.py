"""The import page: who may open it, starting from a folder or an upload, progress, refused rows as CSV."""

import csv
import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from patients.models import Patient
from practice.models import AuditAccess, ImportFile, ImportRun, JobRun
from practice.worker import run_waiting
from tests.cast import actor_named, in_practice
from tests.interop import tiny

LIST, NEW = "imports/", "interop/imports/new/"


def archive(tables):
    """A ZIP of the tables in a folder, as an export is usually packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, table in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, fieldnames=list(table[0]))
            writer.writeheader()
            writer.writerows(table)
            file.writestr(f"output/csv/{name}.csv", text.getvalue())
    return packed.getvalue()


def upload(content, *, name="export.zip"):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def runs():
    with in_practice(actor_named("manager")):
        return list(ImportRun.objects.all())


@pytest.fixture
def offered(tmp_path, settings):
    """A folder that the page offers."""
    settings.IMPORT_FOLDERS = [tmp_path / "import"]
    return tiny.write(tmp_path / "import" / "march", tables=tiny.tables())


@pytest.mark.parametrize("role", ["physician", "front_desk", "biller"])
@pytest.mark.parametrize("path", [LIST, NEW])
def test_other_roles_may_not_see_imports(role, path, request):
    assert request.getfixturevalue(role).at(path).status_code == 403


def test_nobody_is_asked_to_sign_in(nobody):
    assert nobody.at(LIST).status_code == 302


def test_a_role_without_the_permission_starts_nothing(biller, offered):
    assert biller.send(NEW, {"folder": str(offered)}).status_code == 403
    assert runs() == []


def test_the_empty_list_says_what_to_do(manager):
    page = manager.at(LIST)
    assert page.status_code == 200
    assert b"No imports yet" in page.content
    assert b"Nothing is taken before a dry run" in page.content
    assert b"Synthea export" in manager.at("imports/new/").content


def test_only_offered_folders_are_taken(manager, offered, tmp_path):
    secret = tiny.write(tmp_path / "elsewhere", tables=tiny.tables())
    for given in (str(secret), "/etc", f"{offered}/../../elsewhere", ""):
        page = manager.send(NEW, {"folder": given})
        assert page.status_code == 422, given
    assert runs() == []


def test_what_is_no_archive_is_refused_with_words(manager, settings, tmp_path):
    settings.IMPORT_FOLDERS = []
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("patients.csv", b"0" * 60_000_000)
    cases = {
        b"no archive": b"one file ending in .csv",
        b"PK\x03\x04 broken": b"cannot be read",
        archive({"shoes": [{"size": "41"}]}): b"None of Synthea",
        bomb.getvalue(): b"unpacks to too much",
    }
    for content, words in cases.items():
        page = manager.send(NEW, {"upload": upload(content, name="x.zip")})
        assert page.status_code == 422
        assert words in page.content
    zeros = gzip.compress(b"0" * 200_000_000, compresslevel=1)
    assert (
        b"unpacks to too much" in manager.send(NEW, {"upload": upload(zeros, name="patients.csv.gz")}).content
    )
    assert runs() == []


@pytest.mark.django_db(transaction=True)
def test_a_folder_is_imported_by_a_job_and_shown(manager, stranger, offered):
    answer = manager.send(NEW, {"folder": str(offered)})
    assert answer.status_code == 302
    address = answer["Location"].removeprefix("/p/harbor/")
    waiting = manager.at(address)
    assert b'hx-trigger="every 2s"' in waiting.content
    (run,) = runs()
    assert run_waiting(practice_id=run.practice_id) >= 1
    page = manager.at(address)
    assert page.status_code == 200
    assert b'hx-trigger="every 2s"' not in page.content
    assert b"3 codes without a billable code" in page.content
    part = manager.get(answer["Location"], headers={"HX-Request": "true"})
    assert part.content.startswith(b"<section")
    assert part["HX-Refresh"] == "true", "what was polled shows its result"
    assert b"claims_transactions.csv" in part.content
    assert stranger.at(address).status_code == 404
    assert b"march" in manager.at(LIST).content
    assert b"march" not in stranger.at(LIST).content
    with in_practice(actor_named("stranger")):
        assert Patient.objects.count() == ImportRun.objects.count() == ImportFile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_kept_encrypted_and_its_refused_rows_come_back_as_csv(
    manager, physician, stranger, settings
):
    settings.IMPORT_FOLDERS = []
    tables = tiny.tables()
    tables["patients"][0] |= {"BIRTHDATE": "soon", "ADDRESS": "=cmd|' /C calc'!A0"}
    answer = manager.send(NEW, {"upload": upload(archive(tables))})
    assert answer.status_code == 302
    (run,) = runs()
    stored = [
        path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file() and b"Ben3" in path.read_bytes()
    ]
    assert stored == []
    run_waiting(practice_id=run.practice_id)
    with in_practice(actor_named("manager")):
        assert JobRun.objects.get(kind="practice.import").state == "done"
        assert {one.last_name for one in Patient.objects.all()} == {"Bell4", "Cole6"}
        file = ImportFile.objects.get(run=run, name="patients.csv")
    page = manager.at(f"imports/{run.pk}/")
    assert b"BIRTHDATE" in page.content
    download = f"imports/{run.pk}/refused/{file.pk}/csv/"
    sheet = manager.at(download)
    assert sheet["Content-Disposition"] == 'attachment; filename="refused-patients.csv"'
    heading, row = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    told = dict(zip(heading, row, strict=True))
    assert (told["Id"], told["LAST"], told["Row"], told["Column"]) == ("a1", "Ames2", "2", "BIRTHDATE")
    assert told["ADDRESS"].startswith("'="), "text never becomes a formula"
    with in_practice(actor_named("manager")):
        assert AuditAccess.objects.filter(action="export", what="refused rows of patients.csv").count() == 1
    assert physician.at(download).status_code == 403
    assert stranger.at(download).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_is_gone_fails_with_words(manager, offered):
    answer = manager.send(NEW, {"folder": str(offered)})
    for path in offered.iterdir():
        path.unlink()
    offered.rmdir()
    (run,) = runs()
    run_waiting(practice_id=run.practice_id)
    page = manager.get(answer["Location"])
    assert b"is not there" in page.content
    (run,) = runs()
    assert run.state == "failed"
