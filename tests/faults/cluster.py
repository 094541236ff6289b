"""A PostgreSQL of the test's own, kept as a real one is (fsync on, the product's limits), that may be crashed."""

from __future__ import annotations

import contextlib
import os
import subprocess
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from django.db import connection

from practice.launch import schema
from practice.launch.binaries import postgres_programs
from practice.launch.paths import remove, service_account, throwaway_state
from practice.launch.services import Services
from tests import cast
from tests.faults.product import ROLES


@contextlib.contextmanager
def own_cluster():
    """(services, the roles' addresses): a migrated database with the cast in it; this process works there too."""
    state = replace(throwaway_state("demo"), throwaway=False)
    try:
        with Services(state=state) as services:
            found = services.environment(role="owner")
            addresses = {f"DATABASE_{role}_URL": found[f"DATABASE_{role}_URL"] for role in ROLES}
            env = {**os.environ, **addresses, "WELLRUN_ROLE": "owner"}
            schema.fill(services, database="wellrun", env=env)
            with standing_on(addresses):
                cast.build()
                yield services, addresses
    finally:
        remove(state)


@contextlib.contextmanager
def standing_on(addresses):
    """Point this process's Django at another server, and back."""
    parts, before = urlsplit(addresses["DATABASE_APP_URL"]), dict(connection.settings_dict)
    kept = {name: os.environ[name] for name in addresses}
    connection.close()
    connection.settings_dict.update(
        NAME=parts.path.lstrip("/"), HOST=parts.hostname, PORT=str(parts.port),
        USER=unquote(parts.username), PASSWORD=unquote(parts.password),
    )  # fmt: skip
    os.environ.update(addresses)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
        os.environ.update(kept)


def restart_at_once(services):
    """``pg_ctl restart -m immediate``: every backend dies where it stands; returns when the server answers again."""
    account = service_account()
    subprocess.run(
        [postgres_programs() / "pg_ctl", "-D", services.cluster.data, "-w", "-m", "immediate", "restart"],
        cwd=services.home,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
