"""What the tests of the seal share: committed rows of several tables, the sealer, the verifier, and a hand as owner."""

import json
import os
import time
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg2
from django.conf import settings
from django.db import connection

from practice.actor import system_actor
from practice.chain import seal_due
from practice.launch.postgres import ADMIN
from practice.models import Practice
from practice.services.verification import verify
from practice.transactions import acting_in
from tests.cast import owner_cursor


def relay():
    """A connection of the sealer's role."""
    url = settings.DATABASE_RELAY_URL.rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    raw = psycopg2.connect(url)
    raw.autocommit = True
    return raw


def harbor():
    return Practice.objects.get(slug="harbor")


# What no batch holds yet, although nobody writes here any more.
LEFT = """
SELECT seal_oldest(true) IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL)
"""


def seal():
    """Seal what can be sealed now; how many batches.

    A transaction of another worker's database that ends at this very moment holds the horizon back: once more then.
    """
    raw = relay()
    try:
        made = seal_due(raw)
        for _ in range(20):
            if not as_owner(LEFT)[0][0]:
                break
            time.sleep(0.02)
            made += seal_due(raw)
        return made
    finally:
        raw.close()


def check(slug="harbor", **options):
    """Verify a practice's chain as the app's role."""
    practice = Practice.objects.get(slug=slug)
    with acting_in(practice.id, actor=system_actor(practice_id=practice.id), read_only=True):
        return verify(practice_id=practice.id, slug=slug, **options)


def read_rows(count, *, practice=None, patients=1):
    """``count`` page views with their patients, in one committed transaction of the app's role."""
    practice = practice or harbor()
    with acting_in(practice.id, actor=system_actor(practice_id=practice.id)), connection.cursor() as cursor:
        cursor.execute(
            "WITH seen AS (INSERT INTO practice_auditaccess (practice_id, action, what, path) "
            "SELECT %s, 'view', 'Patient ' || n, '/p/harbor/' FROM generate_series(1, %s) n RETURNING id) "
            "INSERT INTO practice_auditaccesspatient (practice_id, access_id, patient_id) "
            "SELECT %s, id, gen_random_uuid() FROM seen, generate_series(1, %s)",
            [str(practice.id), count, str(practice.id), patients],
        )


def as_owner(sql, *values):
    """One committed statement of the tables' owner; its rows, if it has any."""
    with owner_cursor() as cursor:
        cursor.execute(sql, [str(value) if isinstance(value, UUID) else value for value in values])
        return cursor.fetchall() if cursor.description else []


@contextmanager
def superuser():
    """Django's own connection as the server's superuser, past every policy, trigger and key."""
    state = Path(os.environ["WELLRUN_STATE"])
    secrets = json.loads((state / "secrets.json").read_text())
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=ADMIN, PASSWORD=secrets["admin_password"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield cursor
    finally:
        connection.close()
        connection.settings_dict.update(USER=kept["USER"], PASSWORD=kept["PASSWORD"])
