"""Backup, restore into an empty database, and the drill that proves the copy; each refusal leaves nothing."""

import json
import os
import resource
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from cryptography.fernet import Fernet

from kit import clock
from kit.errors import DomainError
from practice.actor import system_actor
from practice.models import BillingEntity, Location, Practice
from practice.sealing import CannotOpen
from practice.services import anchors, attachments, backups
from practice.services.archives import read_archive
from practice.services.restores import restore
from practice.transactions import acting_in
from tests.cast import owner_cursor

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
SECRET = "the plan nobody may read"


@pytest.fixture
def house(settings, tmp_path):
    """Both practices with files, a sealed column and an audit anchor; everything on disk below tmp_path."""
    settings.STATE, settings.MEDIA_ROOT = tmp_path / "state", tmp_path / "media"
    anchors.write("harbor", kind="note")
    for practice in Practice.objects.all():
        actor = system_actor(practice_id=practice.id)
        with acting_in(practice.id, actor=actor):
            place = Location.objects.create(practice=practice, name="Main")
            for number in range(3):
                attachments.store(f"{SECRET} {number}".encode(), name="p.txt", record=place, actor=actor)
            BillingEntity.objects.create(
                practice=practice, legal_name="Canary Legal Name", tax_id="123456789"
            )
    return settings


@pytest.fixture
def empty():
    """An empty database on the test cluster, and what a process needs to use it."""
    name = f"wellrun_restore_{uuid.uuid4().hex[:8]}"
    with owner_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield name
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(*words, database, role, folder, **more):
    env = {**os.environ, "WELLRUN_ROLE": role, "WELLRUN_STATE": str(folder), **more}
    env["WELLRUN_MEDIA"] = str(folder / "media")
    for name in ("OWNER", "APP", "JOBS", "RELAY"):
        parts = urlsplit(os.environ[f"DATABASE_{name}_URL"])
        env[f"DATABASE_{name}_URL"] = urlunsplit(parts._replace(path=f"/{database}"))
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.deep
def test_a_drill_restores_the_backup_into_an_empty_cluster_and_proves_it(house, tmp_path, empty, evidence):
    made = backups.make(tmp_path / "backups")
    assert made["verified"]
    assert made["files"] == 6
    assert backups.recorded()["last_backup"] == made
    copy, manifest = tmp_path / "copy", tmp_path / "manifest.json"
    file = made["file"]

    done = manage("restore", file, "--manifest", str(manifest), database=empty, role="owner", folder=copy)
    assert done.returncode == 0, done.stderr
    kept = (house.STATE / "anchors" / "harbor.jsonl").read_text()
    assert (copy / "anchors" / "harbor.jsonl").read_text().startswith(kept)  # the new epoch follows
    result = tmp_path / "result.json"
    done = manage("drill", str(manifest), "--result", str(result), database=empty, role="app", folder=copy)
    told = json.loads(result.read_text())
    assert told["failed"] == [], done.stdout
    assert (done.returncode, told["passed"]) == (0, True)
    assert "6 files, each with the SHA-256" in done.stdout
    evidence(rows=made["rows"], files=6, backup_seconds=made["seconds"], drill_seconds=told["seconds"])

    # A copy that lost a file and a row does not pass, and says what is wrong.
    next(path for path in (copy / "media").rglob("*") if path.is_file()).unlink()
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    _execute(urlunsplit(parts._replace(path=f"/{empty}")), "DELETE FROM practice_billingentity")
    done = manage("drill", str(manifest), "--result", str(result), database=empty, role="app", folder=copy)
    assert done.returncode == 1
    failed = json.loads(result.read_text())["failed"]
    assert {"Row counts as in the manifest", "Stored files open with the keys"} <= set(failed)

    # What is not empty any more is not restored over.
    done = manage("restore", file, database=empty, role="owner", folder=tmp_path / "other")
    assert done.returncode == 1
    assert "into an empty one only" in done.stderr
    assert not (tmp_path / "other" / "media").exists()


def _execute(url, statement):
    import psycopg2

    raw = psycopg2.connect(url)
    with raw, raw.cursor() as cursor:
        cursor.execute(statement)
    raw.close()


def test_the_file_shows_nothing_and_holds_no_key(house, tmp_path):
    made = Path(backups.make(tmp_path / "backups")["file"])
    content = made.read_bytes()
    for hidden in (SECRET, "Canary Legal Name", "PGDMP", "practice_billingentity", "harbor"):
        assert hidden.encode() not in content
    inside = []
    key = house.BACKUP_KEY
    read_archive(made, keys=[key], sink_for=lambda name: inside.append)
    plain = b"".join(inside)
    for hidden in (SECRET, "123456789", house.FILE_KEYS[0], house.PHI_KEYS[0], house.INDEX_KEY, key):
        assert hidden.encode() not in plain
    assert (made.stat().st_mode & 0o777) == 0o600
    with pytest.raises(CannotOpen):
        read_archive(made, keys=[Fernet.generate_key().decode()])


def test_every_row_of_every_table_is_counted_in_the_manifest(house, tmp_path):
    manifest = read_archive(Path(backups.make(tmp_path)["file"]), keys=[house.BACKUP_KEY])
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert len(manifest["tables"]) == cursor.fetchone()[0]
    assert manifest["tables"]["practice_attachment"] == 6
    assert manifest["migrations"]["practice"] >= "0002_functions"
    assert manifest["product"]["version"]


def test_a_damaged_or_foreign_file_is_refused_before_anything_is_touched(house, tmp_path, settings):
    made = Path(backups.make(tmp_path / "backups")["file"])
    whole = made.read_bytes()
    # The database of the tests is not empty, so a restore that got past the proof would say so instead.
    settings.MEDIA_ROOT = tmp_path / "fresh"
    with pytest.raises(DomainError, match="into an empty one only"):
        restore(made)
    for broken in (whole[:-1], whole[: len(whole) // 2], whole[:1000] + b"!" + whole[1001:], b"", b"PK"):
        bad = tmp_path / "bad.wellrun-backup"
        bad.write_bytes(broken)
        with pytest.raises(CannotOpen):
            read_archive(bad, keys=[settings.BACKUP_KEY])
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("key", ["", "short", "data"])
def test_without_a_key_of_its_own_there_is_no_backup(house, tmp_path, key):
    house.BACKUP_KEY = house.FILE_KEYS[0] if key == "data" else key
    with pytest.raises(DomainError, match="BACKUP_KEY"):
        backups.make(tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


def test_a_backup_is_never_overwritten_and_old_ones_go_by_number(house, tmp_path):
    from datetime import UTC, datetime, timedelta

    moment = datetime(2026, 11, 22, 3, tzinfo=UTC)
    (tmp_path / "wellrun-notes.txt").write_text("not ours")
    for hour in range(3):
        with clock.at(moment + timedelta(hours=hour)):
            made = backups.make(tmp_path, keep=2)
    assert made["removed"] == ["wellrun-20261122T030000Z.wellrun-backup"]
    before = Path(made["file"]).read_bytes()
    with clock.at(moment + timedelta(hours=2)), pytest.raises(DomainError, match="not overwritten"):
        backups.make(tmp_path, keep=2)
    assert Path(made["file"]).read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("wellrun-*")) == [
        "wellrun-20261122T040000Z.wellrun-backup",
        "wellrun-20261122T050000Z.wellrun-backup",
        "wellrun-notes.txt",
    ]


def test_a_full_disk_is_said_in_words_and_leaves_no_half_file(house, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))  # the same refusal as a full disk: EFBIG
    try:
        with pytest.raises(DomainError, match="is full: the backup was not made"):
            backups.make(tmp_path / "backups")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list((tmp_path / "backups").iterdir()) == []
    assert backups.recorded() == {}


def test_a_folder_that_cannot_be_written_is_named(house, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DomainError, match="cannot be written"):
        backups.make(tmp_path / "file" / "below")


def test_a_table_that_is_being_altered_stops_the_backup_and_leaves_nothing(house, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "LOCK_WAIT", "300ms")
    with owner_cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE practice_location IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DomainError, match="being altered"):
            backups.make(tmp_path / "backups")
        cursor.execute("ROLLBACK")
    assert list((tmp_path / "backups").iterdir()) == []
