"""The export of a practice, read back by a parser of its own and compared with the database."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import Http404
from psycopg2 import sql

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice import export_format
from practice.actor import system_actor
from practice.management.commands.export_format_page import PAGE
from practice.models import AuditAccess, JobRun, Location, Practice, PracticeExport
from practice.services import attachments, exports
from practice.worker import run_waiting
from tests.cast import actor_named, in_practice, owner_cursor
from tests.security.two_practices import CANARY, mark, tell
from tests.tiers import DEEP

pytestmark = pytest.mark.django_db(transaction=True)


def columns_in_database():
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
            "AND NOT a.attisdropped AND NOT c.relispartition"
        )
        found = {}
        for table, column in cursor.fetchall():
            found.setdefault(table, set()).add(column)
    return found


@pytest.mark.django_db
def test_every_table_of_a_practice_is_in_the_format_or_left_out_with_a_reason():
    known = {table.name: {column.name for column in table.columns} for table in export_format.tables()}
    for name, columns in columns_in_database().items():
        if "practice_id" not in columns or name in export_format.LEFT_OUT or name == "practice_tokenlookup":
            continue
        assert known[name] == columns, name
    for name in export_format.SHARED:
        assert known[name] == set(export_format.SHARED[name])


@pytest.mark.django_db
def test_the_page_of_the_format_is_what_the_models_say():
    assert PAGE.read_text(encoding="utf-8") == export_format.page(), "run ./run manage export_format_page"


@pytest.mark.django_db
def test_no_hash_of_a_password_or_token_has_a_place_in_it():
    for table in export_format.tables():
        for column in table.columns:
            if column.name in ("password", "token_hash", "secret_hash"):
                assert column.withheld == export_format.NEVER, f"{table.name}.{column.name}"


def parsed(content):
    """RFC 4180 by the standard library's reader, strict."""
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


@pytest.fixture
def house(settings, tmp_path):
    settings.STATE, settings.MEDIA_ROOT = tmp_path / "state", tmp_path / "media"
    settings.OUTGOING, settings.INCOMING = tmp_path / "o", tmp_path / "i"
    return settings


def export(settings, *, sealed_values=False):
    owner = actor_named("owner")
    with in_practice(owner):
        made = exports.order(sealed_values=sealed_values, actor=owner)
    run_waiting(practice_id=owner.practice_id)
    with in_practice(owner):
        row, chunks = exports.content(made.pk, actor=owner)
        return row, b"".join(chunks)


def furnish_summit():
    """Summit with the canary in every text: a whole story under --deep, else what stands there plus a file."""
    if DEEP:
        tell("summit", number=2)
    stranger = actor_named("stranger")
    with in_practice(stranger):
        place = Location.objects.create(practice_id=stranger.practice_id, name="Theirs")
        attachments.store(f"{CANARY} words".encode(), name=f"{CANARY}.txt", record=place, actor=stranger)
        note_everything(stranger)
    assert mark("summit") > 3


def note_everything(actor):
    exports.log_export(sealed_values=True, actor=actor)


@pytest.mark.deep
def test_an_export_holds_every_row_and_cent_of_the_practice_and_nothing_of_another(house, evidence):
    tell("harbor", number=1)
    furnish_summit()
    owner = actor_named("owner")
    nasty = 'Say "ah",\r\nthen wait; =1+1'
    with in_practice(owner):
        place = Location.objects.create(practice_id=owner.practice_id, name=nasty[:120])
        kept = attachments.store(b"plain words", name="../plan, final.txt", record=place, actor=owner)
    row, content = export(house)
    assert (len(content), hashlib.sha256(content).hexdigest()) == (row.size, row.sha256)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        infos = archive.infolist()
        assert sum(one.compress_size for one in infos) < sum(one.file_size for one in infos) / 2
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest, schema = json.loads(parts["manifest.json"]), json.loads(parts["schema.json"])
    assert not any(CANARY.encode() in part for part in parts.values())
    assert manifest["missing"] == []
    for name, facts in manifest["files"].items():
        assert facts == {"bytes": len(parts[name]), "sha256": hashlib.sha256(parts[name]).hexdigest()}, name
    assert set(parts) == {*manifest["files"], "manifest.json"}
    assert parts[f"attachments/{kept.pk}/plan, final.txt"] == b"plain words"
    money, filled = 0, 0
    for table in export_format.tables():
        rows = parsed(parts[f"data/{table.name}.csv"])
        assert len(rows) == manifest["rows"][table.name]
        said = schema["tables"][table.name]["columns"]
        assert not rows or list(rows[0]) == [column["name"] for column in said]
        filled += bool(rows)
        money += compare(table, rows=rows, practice=owner.practice_id)
    evidence(rows=row.rows, tables=row.tables, money_columns=money, zip_bytes=row.size, leaks=0)
    assert filled > 40
    assert money > 5
    places = {row["name"]: row for row in parsed(parts["data/practice_location.csv"])}
    assert places[nasty]["id"] == str(place.pk)
    patients = parsed(parts["data/patients_patient.csv"])
    assert {row["ssn"] for row in patients} == {""}
    assert {row["email"] for row in parsed(parts["data/practice_user.csv"])} >= {"owner@harbor.example"}
    with in_practice(owner):
        logged = AuditAccess.objects.get(action="export", what="everything of the practice")
        assert logged.patients.count() == len(patients) > 0


# Written while the export was under way, so the database holds more now.
MOVING = {"practice_auditaccess", "practice_auditaccesspatient", "practice_auditchange", "practice_jobrun"}


def compare(table, *, rows, practice):
    """Rows and money of a CSV against the database; returns how many money columns had a sum."""
    if table.name in MOVING or table.name.startswith("practice_auditse"):
        return 0
    sums = 0
    with owner_cursor() as cursor:
        where = sql.SQL(table.where)
        name = sql.Identifier(table.name)
        cursor.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE ").format(name) + where, {"practice": str(practice)}
        )
        assert cursor.fetchone()[0] == len(rows), table.name
        for column in table.columns:
            if column.type != "decimal number":
                continue
            query = sql.SQL("SELECT coalesce(sum({}), 0) FROM {} WHERE ").format(
                sql.Identifier(column.name), name
            )
            cursor.execute(query + where, {"practice": str(practice)})
            total = cursor.fetchone()[0]
            assert sum(Decimal(row[column.name] or 0) for row in rows) == total, f"{table.name}.{column.name}"
            sums += total != 0
    return sums


def test_sealed_values_come_only_when_asked_for_and_readable(house):
    from practice.models import BillingEntity

    owner = actor_named("owner")
    with in_practice(owner):
        entity = BillingEntity.objects.create(
            practice_id=owner.practice_id, legal_name='A "quoted", name', tax_id="123456789"
        )
    for asked, expected in ((False, ""), (True, "123456789")):
        _, content = export(house, sealed_values=asked)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            row = parsed(archive.read("data/practice_billingentity.csv"))[0]
            schema = json.loads(archive.read("schema.json"))
        assert (row["id"], row["tax_id"], row["legal_name"]) == (str(entity.pk), expected, 'A "quoted", name')
        columns = {c["name"]: c for c in schema["tables"]["practice_billingentity"]["columns"]}
        assert columns["tax_id"].get("withheld", False) is not asked
    with in_practice(owner):
        assert AuditAccess.objects.filter(what="everything of the practice with sealed values").count() == 1


def test_the_file_lies_sealed_and_goes_when_its_days_are_over(house):
    owner = actor_named("owner")
    row, _ = export(house)
    on_disk = [path for path in house.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(on_disk) == 1
    assert b"README.txt" not in on_disk[0].read_bytes()
    with clock.at(row.expires_at - timedelta(minutes=1)), in_practice(owner):
        assert exports.expire(actor=owner) == 0
        assert exports.content(row.pk, actor=owner)
    with clock.at(row.expires_at + timedelta(seconds=1)), in_practice(owner):
        with pytest.raises(Http404):
            exports.content(row.pk, actor=owner)
        assert exports.expire(actor=owner) == 1
        assert PracticeExport.objects.get(pk=row.pk).state == "expired"
    assert not on_disk[0].exists()


@pytest.mark.parametrize("who", ["manager", "physician", "front_desk", "biller"])
def test_only_owners_export_and_nobody_else_fetches_one(house, who):
    row, _ = export(house)
    actor = actor_named(who)
    with in_practice(actor):
        with pytest.raises(Forbidden):
            exports.order(sealed_values=False, actor=actor)
        with pytest.raises(Http404):
            exports.content(row.pk, actor=actor)
        assert PracticeExport.objects.count() == 1


def test_another_practices_owner_finds_no_such_export(house):
    row, _ = export(house)
    stranger = actor_named("stranger")
    with in_practice(stranger), pytest.raises(Http404):
        exports.content(row.pk, actor=stranger)


def test_one_export_at_a_time(house):
    owner = actor_named("owner")
    with in_practice(owner):
        exports.order(sealed_values=False, actor=owner)
        with pytest.raises(Conflict):
            exports.order(sealed_values=False, actor=owner)
        assert JobRun.objects.filter(kind=exports.KIND).count() == 1


def test_an_export_that_was_killed_is_made_anew(house, monkeypatch):
    owner = actor_named("owner")
    with in_practice(owner):
        made = exports.order(sealed_values=False, actor=owner)
    whole = exports.write_zip

    def dies(out, **words):
        out.write(b"half a ZIP")
        raise KeyboardInterrupt

    monkeypatch.setattr(exports, "write_zip", dies)
    with pytest.raises(KeyboardInterrupt):
        run_waiting(practice_id=owner.practice_id)
    monkeypatch.setattr(exports, "write_zip", whole)
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_jobrun SET state = 'queued', lease_until = NULL")
    run_waiting(practice_id=owner.practice_id)
    with in_practice(owner):
        _, chunks = exports.content(made.pk, actor=owner)
        assert zipfile.ZipFile(io.BytesIO(b"".join(chunks))).testzip() is None


def test_the_operators_command_writes_the_same_and_overwrites_nothing(house, tmp_path, capsys):
    call_command("export_practice", "harbor", to=str(tmp_path / "out"))
    path = Path(capsys.readouterr().out.strip().splitlines()[-2].split("\r")[-1])
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("manifest.json"))["practice"]["slug"] == "harbor"
    assert path.stat().st_mode & 0o777 == 0o600
    practice = Practice.objects.get(slug="harbor")
    actor = system_actor(practice_id=practice.id)
    (tmp_path / "file").write_text("")
    with pytest.raises(DomainError, match="cannot be written"):
        exports.export_to(
            tmp_path / "file",
            practice=practice,
            sealed_values=False,
            actor=actor,
            tell=lambda done, total, note: None,
        )
    with in_practice(actor):
        assert AuditAccess.objects.filter(action="export").count() == 1
    assert connection.settings_dict["NAME"]
