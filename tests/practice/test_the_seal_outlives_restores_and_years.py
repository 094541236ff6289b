"""A restore begins a new epoch, old years of the log retire; the verifier accepts exactly that."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from kit.errors import DomainError
from practice import jobs
from practice.actor import system_actor
from practice.models import AuditVerification, JobRun, WorkItem
from practice.services import anchors, retention
from practice.services.epochs import start_epoch
from practice.transactions import acting_in
from practice.worker import run_waiting
from tests.cast import _switch_role, in_practice
from tests.practice.sealing import as_owner, check, harbor, read_rows, seal, superuser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path):
    settings.STATE, settings.EMAIL_FILE_PATH = tmp_path, tmp_path / "mailbox"


@pytest.fixture
def as_the_owner():
    """Django's own connection as wellrun_owner, as the commands run."""
    _switch_role("OWNER")
    yield
    _switch_role("APP")


def rewind():
    """What a restore from before the last batches leaves: they are gone, and so are their rows."""
    with superuser() as cursor, transaction.atomic():
        cursor.execute(
            "SELECT max(number) FROM practice_auditseal WHERE practice_id = %s", [str(harbor().id)]
        )
        last = cursor.fetchone()[0]
        cursor.execute("DELETE FROM practice_auditaccesspatient WHERE created_at >= (SELECT min(first_at) FROM "
                       "practice_auditsealpart p JOIN practice_auditseal s ON s.id = p.seal_id WHERE s.number = %s "
                       "AND s.practice_id = %s)", [last, str(harbor().id)])  # fmt: skip
        cursor.execute("DELETE FROM practice_auditaccess a WHERE tx >= (SELECT since FROM practice_auditseal "
                       "WHERE number = %s AND practice_id = %s)", [last, str(harbor().id)])  # fmt: skip
        for table in ("practice_auditsealpart", "practice_auditseal"):
            key = "seal_id" if table.endswith("part") else "id"
            cursor.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT id FROM practice_auditseal "
                           "WHERE number = %s AND practice_id = %s)", [last, str(harbor().id)])  # fmt: skip


def test_what_a_restore_lost_is_accepted_once_an_epoch_says_so(as_the_owner):
    for _ in range(3):
        read_rows(4)
        seal()
    rewind()
    assert any("cut" in str(finding) for finding in check().findings)
    assert start_epoch("restore of the backup of 2026-11-20") == 2
    report = check()
    assert report.findings == []
    assert report.notes == ["1 anchored batches were lost by a restore"]
    read_rows(6)
    assert seal() == 1
    assert check().findings == []
    as_owner(
        "UPDATE practice_auditaccess SET what = 'x' WHERE tx = (SELECT min(tx) FROM practice_auditaccess)"
    )
    assert len(check().findings) == 1  # what was sealed before the restore is still guarded


def test_transactions_that_are_counted_anew_do_not_mix_with_the_old_ones(as_the_owner):
    """After a restore the new server's numbers may lie inside the old ranges."""
    read_rows(3)
    seal()
    start_epoch("restore")
    with superuser() as cursor:
        cursor.execute(
            "INSERT INTO practice_auditaccess (practice_id, action, what, path, created_by, request_id, tx) "
            "VALUES (%s, 'view', 'new', '/', '', '', '7')",
            [str(harbor().id)],
        )
    seal()
    report = check()
    assert report.findings == []
    assert report.batches >= 2


def test_an_epoch_that_was_never_signed_hides_no_cut(as_the_owner):
    for _ in range(2):
        read_rows(3)
        seal()
    rewind()
    with superuser() as cursor:
        cursor.execute("SELECT * FROM start_epoch('forged')")
    findings = " ".join(str(finding) for finding in check().findings)
    assert "never anchored" in findings
    assert "cut or made anew" in findings


def test_an_epoch_needs_a_reason():
    with pytest.raises(DomainError):
        start_epoch("  ")
    assert as_owner("SELECT count(*) FROM practice_auditepoch") == [(0,)]


def test_the_app_can_neither_begin_an_epoch_nor_write_the_chain():
    for statement in (
        "SELECT * FROM start_epoch('x')",
        "INSERT INTO practice_auditepoch VALUES (2, now(), '1', 'x')",
        "DELETE FROM practice_auditseal",
        "SELECT * FROM seal_chain(gen_random_uuid())",
        "SELECT * FROM practice_auditglobal",
    ):
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_sets_the_time_author_or_transaction_of_an_entry():
    practice = harbor()
    for column, value in (
        ("created_at", "'2020-01-01'"),
        ("created_by", "'user:somebody'"),
        ("request_id", "'other'"),
        ("tx", "'12'"),
    ):
        with (
            pytest.raises(Exception, match="row-level security"),
            acting_in(practice.id, actor=system_actor(practice_id=practice.id)),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"INSERT INTO practice_auditaccess (practice_id, action, what, path, {column}) "
                f"VALUES (%s, 'view', 'x', '/', {value})",
                [str(practice.id)],
            )
    assert as_owner("SELECT count(*) FROM practice_auditaccess") == [(0,)]


def old_rows(year):
    with superuser() as cursor:
        cursor.execute(
            "WITH seen AS (INSERT INTO practice_auditaccess (practice_id, action, what, path, created_by, request_id, "
            "created_at) VALUES (%s, 'view', 'old', '/', '', '', %s) RETURNING id) "
            "INSERT INTO practice_auditaccesspatient (practice_id, access_id, patient_id, created_by, request_id, "
            "created_at) SELECT %s, id, gen_random_uuid(), '', '', %s FROM seen",
            [str(harbor().id), f"{year}-06-01", str(harbor().id), f"{year}-06-01"],
        )


def test_years_past_their_time_retire_and_nothing_else(as_the_owner, settings):
    seal()
    for year in (2018, 2019, 2024):
        old_rows(year)
        seal()
    told = StringIO()
    call_command("retire_audit", stdout=told)
    assert "harbor: 4 rows in 2 batches removed (before 2020-01-01)" in told.getvalue()
    assert as_owner("SELECT count(*) FROM practice_auditaccess") == [(1,)]
    assert as_owner(
        "SELECT count(*) FROM practice_auditchange WHERE table_name LIKE 'practice_auditaccess%%'"
    ) == [(0,)]
    report = check()
    assert report.findings == []
    assert report.retired == 4
    seal()  # the retirement itself
    assert check().findings == []
    call_command("retire_audit", stdout=StringIO())  # a second run finds nothing to do
    assert check().retired == 4


def test_a_forged_retirement_of_a_younger_year_is_found(as_the_owner):
    old_rows(2024)
    seal()
    with superuser() as cursor:
        cursor.execute("DELETE FROM practice_auditaccess")
        cursor.execute("DELETE FROM practice_auditaccesspatient")
        cursor.execute(
            "INSERT INTO practice_auditretirement (practice_id, part_id, years_kept, rows, digest) "
            "SELECT practice_id, id, 1, rows, digest FROM practice_auditsealpart WHERE table_name LIKE '%%access%%'"
        )
    assert {finding.what for finding in check().findings} == {"rows are missing that must still be kept"}


def test_nothing_retires_from_a_chain_that_does_not_verify(as_the_owner):
    old_rows(2018)
    seal()
    as_owner("UPDATE practice_auditaccess SET what = 'other'")
    with pytest.raises(CommandError, match="nothing was removed"):
        call_command("retire_audit", stdout=StringIO())
    assert as_owner("SELECT count(*) FROM practice_auditaccess") == [(1,)]


def test_no_practice_may_keep_its_log_shorter_than_the_law():
    assert retention.shipped_years() == 6
    assert retention.kept_since(2026, years=2) == retention.kept_since(2026)


def test_the_command_prints_findings_and_fails(as_the_owner):
    read_rows(3)
    seal()
    told = StringIO()
    call_command("verify_audit", stdout=told)
    harbor_line, _, global_line = told.getvalue().splitlines()
    assert harbor_line.endswith("untouched")
    assert global_line.startswith("global: ")
    as_owner("DELETE FROM practice_auditaccesspatient")
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", practice="harbor", json=True, stdout=told)
    (report,) = json.loads(told.getvalue())
    assert report["findings"][0]["table"] == "practice_auditaccesspatient"
    with pytest.raises(SystemExit):
        call_command("verify_audit", practice="summit", head="ab" * 32, stdout=StringIO())


def test_the_chain_of_people_is_verified_too(as_the_owner):
    seal()
    assert anchors.path_of("global").exists()
    as_owner(
        "UPDATE practice_auditglobal SET action = 'D' WHERE id = (SELECT min(id::text)::uuid FROM practice_auditglobal)"
    )
    with pytest.raises(SystemExit):
        call_command("verify_audit", stdout=StringIO())


def test_the_nightly_check_tells_what_it_found_and_mails_the_head(settings, mailoutbox):
    read_rows(3)
    seal()
    practice = harbor()
    actor = system_actor(practice_id=practice.id)

    def checked(key):
        with acting_in(practice.id, actor=actor):
            jobs.enqueue("practice.verify_audit", actor=actor, key=key)
        run_waiting(practice_id=practice.id)
        with in_practice(actor):
            assert JobRun.objects.get(key=key).state == "done"
            newest = AuditVerification.objects.order_by("-created_at").first()
            return newest, WorkItem.objects.filter(kind="audit.broken", state="open").count()

    clean, items = checked("2026-11-20")
    assert (clean.findings, items) == (0, 0)
    readers = {message.to[0] for message in mailoutbox}
    assert readers == {"owner@harbor.example", "manager@harbor.example"}
    assert clean.head in mailoutbox[0].body
    as_owner("UPDATE practice_auditaccess SET what = 'forged' WHERE practice_id = %s", practice.id)
    broken, items = checked("2026-11-21")
    assert (broken.findings, items) == (1, 1)
    assert "practice_auditaccess" in broken.first_finding
