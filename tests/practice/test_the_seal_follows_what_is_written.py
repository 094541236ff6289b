"""The seal: everything append-only, in batches, at most a minute behind, whoever commits when."""

import threading
import time
from random import Random

import pytest
from django.db import connection

from practice.actor import system_actor
from practice.chain import seal_due
from practice.models import AuditSeal, AuditSealPart
from practice.selectors import seal as seals
from practice.transactions import acting_in
from tests.practice.sealing import as_owner, check, harbor, read_rows, relay, seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path):
    settings.STATE = tmp_path


def sealed_rows(table):
    found = as_owner(
        "SELECT coalesce(sum(p.rows), 0) FROM practice_auditsealpart p WHERE p.practice_id = %s AND p.table_name = %s",
        harbor().id,
        table,
    )
    return int(found[0][0])


def test_what_is_committed_is_sealed_once_and_verifies():
    read_rows(20)
    assert seal() > 0
    read_rows(5, patients=2)
    assert seal() == 1
    assert seal() == 0
    report = check()
    assert report.findings == []
    assert sealed_rows("practice_auditaccess") == 25
    assert sealed_rows("practice_auditaccesspatient") == 30
    assert report.anchored == report.batches == 2


def test_a_late_commit_falls_into_no_crack():
    """A transaction that began first and commits last is sealed after it, and nothing of it is lost."""
    practice = harbor()
    started, may_end = threading.Event(), threading.Event()

    def late():
        with (
            acting_in(practice.id, actor=system_actor(practice_id=practice.id)),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO practice_auditaccess (practice_id, action, what, path) VALUES (%s, 'view', 'late', '/')",
                [str(practice.id)],
            )
            started.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    started.wait(20)
    read_rows(3)
    seal()
    before = sealed_rows("practice_auditaccess")
    may_end.set()
    thread.join()
    seal()
    assert before == 0  # what came after the late one waits for it
    assert sealed_rows("practice_auditaccess") == 4
    assert check().findings == []


def test_concurrent_writers_of_random_length_are_sealed_to_the_last_row(evidence):
    practice, random = harbor(), Random(7)
    written, stop = [], threading.Event()

    def write(seed):
        mine = Random(seed)
        try:
            for _ in range(25):
                actor = system_actor(practice_id=practice.id)
                rows = mine.randint(1, 5)
                try:
                    with acting_in(practice.id, actor=actor), connection.cursor() as cursor:
                        for _ in range(rows):
                            cursor.execute(
                                "INSERT INTO practice_auditaccess (practice_id, action, what, path) "
                                "VALUES (%s, 'view', 'x', '/')",
                                [str(practice.id)],
                            )
                            time.sleep(mine.random() * 0.02)
                        if mine.random() < 0.1:
                            raise InterruptedError
                except InterruptedError:
                    continue
                written.append(rows)
        finally:
            connection.close()

    def keep_sealing():
        raw = relay()
        while not stop.wait(0.02):
            seal_due(raw)
        raw.close()

    threads = [threading.Thread(target=write, args=[random.random()]) for _ in range(6)]
    sealer = threading.Thread(target=keep_sealing)
    for thread in [sealer, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    sealer.join()
    seal()
    report = check()
    assert report.findings == []
    assert sealed_rows("practice_auditaccess") == sum(written)
    assert report.batches > 2
    evidence(rows=sum(written), batches=report.batches, missed=0)


def test_each_practice_has_its_own_chain_and_sees_no_other(stranger):
    read_rows(4)
    seal()
    summit = as_owner("SELECT id FROM practice_practice WHERE slug = 'summit'")[0][0]
    with acting_in(summit, actor=system_actor(practice_id=summit)):
        assert set(AuditSeal.objects.values_list("practice_id", flat=True)) <= {summit}
        assert set(AuditSealPart.objects.values_list("practice_id", flat=True)) <= {summit}
    assert check("summit").findings == []


def test_the_age_of_what_is_not_sealed_is_told():
    with acting_in(harbor().id, actor=system_actor(practice_id=harbor().id)):
        seal_before = seals.seconds_behind(everywhere=False)
    seal()
    read_rows(1)
    time.sleep(0.2)
    with acting_in(harbor().id, actor=system_actor(practice_id=harbor().id)):
        behind = seals.seconds_behind(everywhere=False)
    assert 0.2 <= behind < 60
    assert seals.seconds_behind() >= 0.2
    seal()
    with acting_in(harbor().id, actor=system_actor(practice_id=harbor().id)):
        assert seals.seconds_behind(everywhere=False) == 0
    assert seal_before >= 0


def test_a_column_that_is_added_later_breaks_no_older_digest():
    read_rows(3)
    seal()
    as_owner("ALTER TABLE practice_auditaccess ADD COLUMN later text DEFAULT 'x'")
    try:
        read_rows(2)
        seal()
        assert check().findings == []
        as_owner(
            "UPDATE practice_auditaccess SET later = 'y' WHERE tx = (SELECT max(tx) FROM practice_auditaccess)"
        )
        assert [finding.table for finding in check().findings] == ["practice_auditaccess"]
    finally:
        as_owner("ALTER TABLE practice_auditaccess DROP COLUMN later")


def test_the_digest_depends_on_no_session_setting():
    read_rows(3)
    raw = relay()
    with raw.cursor() as cursor:
        cursor.execute("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'; SET extra_float_digits = 0")
        cursor.execute("SELECT count(*) FROM seal_chain(%s)", [str(harbor().id)])
        assert cursor.fetchone()[0] == 1
    raw.close()
    assert list(check(anchored=False).findings) == []


def test_a_new_append_only_table_joins_the_seal_by_itself():
    as_owner(
        "CREATE TABLE practice_later (id uuid DEFAULT uuidv7(), practice_id uuid NOT NULL, note text, "
        "created_at timestamptz DEFAULT now(), tx xid8 DEFAULT pg_current_xact_id())"
    )
    try:
        as_owner("INSERT INTO practice_later (practice_id, note) VALUES (%s, 'a')", harbor().id)
        seal()
        assert sealed_rows("practice_later") == 1
    finally:
        as_owner("DROP TABLE practice_later")
