"""SIGKILL in the middle of an import, then the same command again: the same totals as in one go."""

import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.db.models import Sum

from billing.models import Charge, LedgerEntry, OpenItem
from patients.models import Patient
from practice.models import ImportedRecord, ImportFile, ImportRun
from scheduling.models import Appointment
from tests.interop import tiny
from tests.tiers import DEEP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]
ROOT = Path(__file__).resolve().parents[2]
COPIES = 150 if DEEP else 50
KILLS = 5 if DEEP else 1


def environment():
    """The worker's account on the test database."""
    parts = urlsplit(os.environ["DATABASE_JOBS_URL"])
    url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    return {**os.environ, "WELLRUN_ROLE": "jobs", "DATABASE_JOBS_URL": url}


def start(folder):
    command = [
        sys.executable,
        str(ROOT / "manage.py"),
        "import_synthea",
        str(folder),
        "--practice",
        "harbor",
    ]
    return subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def rows_read(inside):
    with inside():
        return ImportFile.objects.aggregate(read=Sum("rows_read"))["read"] or 0


def kill_after(process, *, rows, inside):
    """Wait until so many rows are committed, then a moment more, then SIGKILL."""
    while rows_read(inside) < rows:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    time.sleep(random.Random(rows).uniform(0, 0.15))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it must die while it works"


def test_killed_and_started_again_it_ends_with_the_same_totals(tmp_path, inside, evidence):
    tables = tiny.grown(COPIES)
    folder, total = tiny.write(tmp_path / "export", tables=tables), sum(map(len, tables.values()))
    for kill in range(1, KILLS + 1):
        kill_after(start(folder), rows=total * kill // (KILLS + 2), inside=inside)
    assert 0 < rows_read(inside) < total
    last = start(folder)
    out, err = last.communicate(timeout=120)
    assert last.returncode == 0, out + err
    with inside():
        run = ImportRun.objects.get()
        assert run.state == "done"
        files = ImportFile.objects.filter(run=run)
        assert all((file.rows_read, file.rows_refused) == (file.rows_total, 0) for file in files)
        assert Patient.objects.count() == Appointment.objects.count() == 3 * COPIES
        assert Charge.objects.count() == 4 * COPIES
        assert LedgerEntry.objects.count() == 16 * COPIES, "14 rows, one adjustment and one credit each time"
        assert ImportedRecord.objects.filter(kind="transaction").count() == 14 * COPIES
        owed = LedgerEntry.objects.aggregate(total=Sum("amount"))["total"]
        evidence(kills=KILLS, rows=total, ledger=owed)
        assert owed == OpenItem.objects.aggregate(total=Sum("balance"))["total"] == Decimal("213.50") * COPIES
