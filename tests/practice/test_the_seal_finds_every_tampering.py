"""Whatever a superuser changes, removes, swaps, slips in or cuts off: the verifier names it."""

import os
import time
from collections import Counter
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from practice.services import anchors
from practice.services.chains import covered
from practice.services.verification import verify
from tests.practice.sealing import as_owner, check, harbor, read_rows, seal, superuser
from tests.security.two_practices import tell
from tests.tiers import DEEP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]
TAMPERINGS = int(os.environ.get("WELLRUN_TAMPERINGS", "0")) or (1_000 if DEEP else 36)
ROWS = 1_000_000 if DEEP else 20_000
# How to make another value of a type; the result must differ, or another column is tried.
OTHER = {
    "uuid": "uuidv7()",
    "timestamp with time zone": "coalesce({c}, now()) + interval '1 second'",
    "date": "coalesce({c}, current_date) + 1",
    "boolean": "NOT coalesce({c}, false)",
    "jsonb": "coalesce({c}, '{{}}'::jsonb) || '{{\"forged\": 1}}'::jsonb",
    "inet": "'203.0.113.9'::inet",
    "xid8": "({c}::text::bigint + 1)::text::xid8",
}
NUMBERS = ("integer", "bigint", "smallint", "numeric")


class Forger:
    """Tampers with one practice's sealed rows, at random, in ways that leave valid rows behind."""

    def __init__(self, cursor, practice, seed):
        self.cursor, self.practice, self.random = cursor, str(practice.id), Random(seed)
        self.tables = {}
        for name, tenant, _clock, _columns in covered(cursor):
            if not tenant:
                continue
            found = self.ask(f"SELECT id FROM {name} WHERE practice_id = %s ORDER BY id", self.practice)
            if len(found) > 3:
                kinds = self.ask(
                    "SELECT quote_ident(column_name), data_type FROM information_schema.columns WHERE table_name = %s "
                    "AND table_schema = 'public' AND is_generated = 'NEVER' ORDER BY ordinal_position",
                    name,
                )
                self.tables[name] = ([key for (key,) in found], dict(kinds))

    def ask(self, sql, *values):
        self.cursor.execute(sql, values)
        return self.cursor.fetchall()

    def do(self, sql, *values):
        self.cursor.execute(sql, values)
        return self.cursor.rowcount

    def pick(self):
        name = self.random.choice(sorted(self.tables))
        keys, kinds = self.tables[name]
        return name, keys, kinds

    def change(self):
        name, keys, kinds = self.pick()
        column = self.random.choice(sorted(kinds))
        kind = kinds[column]
        other = OTHER.get(
            kind, "coalesce({c}, 0) + 1" if kind in NUMBERS else "left('x' || coalesce({c}, ''), 6)"
        )
        value = other.format(c=column)
        return name, self.do(
            f"UPDATE {name} SET {column} = {value} WHERE id = %s AND {column} IS DISTINCT FROM {value}",
            self.random.choice(keys),
        )

    def delete(self):
        name, keys, _ = self.pick()
        return name, self.do(f"DELETE FROM {name} WHERE id = ANY(%s::uuid[])", self.random.sample(keys, 2))

    def swap(self):
        """Two rows of a table exchange everything but their ids."""
        name, keys, kinds = self.pick()
        names = ", ".join(column for column in kinds if column not in ("id", "practice_id", "tx"))
        one, other = self.random.sample(keys, 2)
        return name, self.do(
            f"UPDATE {name} t SET ({names}) = (SELECT {names} FROM {name} o WHERE o.id = "
            f"CASE WHEN t.id = %s THEN %s::uuid ELSE %s::uuid END) WHERE t.id IN (%s, %s) AND "
            f"(SELECT count(DISTINCT ROW({names})::text) FROM {name} WHERE id IN (%s, %s)) = 2",
            one, other, one, one, other, one, other,
        )  # fmt: skip

    def insert(self):
        name, keys, kinds = self.pick()
        names = ", ".join(column for column in kinds if column != "id")
        return name, self.do(
            f"INSERT INTO {name} (id, {names}) SELECT uuidv7(), {names} FROM {name} WHERE id = %s",
            self.random.choice(keys),
        )

    def cut(self):
        last = self.random.randint(1, 3)
        sealed = (
            "SELECT id FROM practice_auditseal WHERE practice_id = %s AND number > "
            "(SELECT max(number) - %s FROM practice_auditseal WHERE practice_id = %s)"
        )
        values = (self.practice, last, self.practice)
        self.do(f"DELETE FROM practice_auditsealpart WHERE seal_id IN ({sealed})", *values)
        return "", self.do(f"DELETE FROM practice_auditseal WHERE id IN ({sealed})", *values)

    def rebuild(self):
        """Cut, change a row, and seal anew: a chain that is whole in itself."""
        self.cut()
        name, changed = self.change()
        self.ask(
            "SELECT * FROM seal_batch(%s, pg_snapshot_xmax(pg_current_snapshot()), 'infinity')", self.practice
        )
        return name, changed

    def relink(self):
        """What a batch says is changed, in the chain itself."""
        column = self.random.choice(["rows", "number", "at", "since", "epoch"])
        value = {"at": "at + interval '1 second'", "since": "'1'::xid8"}.get(column, f"{column} + 1000")
        return "", self.do(
            f"UPDATE practice_auditseal SET {column} = {value} WHERE practice_id = %s AND number = "
            "(SELECT 1 + floor(random() * max(number)) FROM practice_auditseal WHERE practice_id = %s) "
            f"AND {column} IS DISTINCT FROM {value}", self.practice, self.practice,
        )  # fmt: skip


KINDS = ("change", "delete", "swap", "insert", "cut", "rebuild", "relink")


@pytest.fixture
def sealed(settings, tmp_path):
    """A practice that has lived: its story told, reads logged, all sealed in a handful of batches."""
    settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING = tmp_path / "m", tmp_path / "o", tmp_path / "i"
    settings.STATE = tmp_path
    tell("harbor", number=1)
    for _ in range(5):
        seal()
        read_rows(60, patients=2)
    seal()
    assert check().findings == []
    return harbor()


@pytest.fixture
def read(settings, tmp_path):
    """Three sealed batches of page views."""
    settings.STATE = tmp_path
    for _ in range(3):
        read_rows(5)
        seal()
    return harbor()


def test_every_tampering_with_sealed_rows_is_found(sealed, evidence):
    done, missed, tables = Counter(), [], set()
    seed, began = 20261122, time.monotonic()
    with superuser() as cursor:
        forger = Forger(cursor, sealed, seed)
        kept = len(forger.tables)
        while sum(done.values()) < TAMPERINGS:
            kind = KINDS[sum(done.values()) % len(KINDS)]
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        table, touched = getattr(forger, kind)()
                except DatabaseError:
                    touched = 0  # a CHECK or a unique key refused that value: another one is tried
                if touched:
                    done[kind] += 1
                    tables.add(table)
                    report = verify(practice_id=sealed.id, slug="harbor")
                    if not report.findings:
                        missed.append((kind, table))
                transaction.set_rollback(True)
        assert verify(practice_id=sealed.id, slug="harbor").findings == []  # and nothing was left behind
    assert missed == []
    assert {"billing_ledgerentry", "practice_auditaccess", "practice_auditchange"} <= tables or not DEEP
    evidence(
        tamperings=dict(done), found=sum(done.values()), missed=0, tables=kept, seed=seed,
        rows=report.rows, seconds=round(time.monotonic() - began, 1),
    )  # fmt: skip


def test_a_finding_names_table_batch_and_time(read):
    key, at = as_owner(
        "SELECT id, created_at FROM practice_auditaccess WHERE practice_id = %s ORDER BY tx DESC LIMIT 1",
        read.id,
    )[0]
    as_owner("UPDATE practice_auditaccess SET what = 'nothing' WHERE id = %s", key)
    (finding,) = check().findings
    assert finding.table == "practice_auditaccess"
    assert finding.batch == check().batches
    assert finding.first_at <= at <= finding.last_at
    assert "changed" in finding.what


def test_a_line_taken_out_of_the_anchor_file_is_found(read):
    path = anchors.path_of("harbor")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:1], *lines[2:]]))
    assert any("not what was signed" in str(finding) for finding in check().findings)
    path.unlink()
    assert any("no anchor file" in str(finding) for finding in check().findings)


def test_a_row_of_a_transaction_that_never_was_is_found(read):
    as_owner("UPDATE practice_auditaccess SET tx = '4611686018427387904' WHERE practice_id = %s", read.id)
    assert any("never were" in finding.what for finding in check().findings)


def test_many_rows_are_verified_in_time(settings, tmp_path, evidence):
    settings.STATE = tmp_path
    size, sealing = ROWS // 20, 0.0
    for _ in range(10):
        read_rows(size)
        began = time.monotonic()
        seal()
        sealing += time.monotonic() - began
    connection.close()
    report = check()
    assert report.findings == []
    assert report.rows >= ROWS
    assert report.seconds < 60
    evidence(rows=report.rows, batches=report.batches, verify_seconds=round(report.seconds, 2),
             seal_seconds=round(sealing, 2))  # fmt: skip
