"""A database with today's tables for tests to copy: migrated once for a set of migrations, kept as a dump.

Migrating takes ten seconds of one core, restoring the dump two. The dump's name is the hash of all that a
migration is made of, so a changed migration always runs. Product databases are never filled like this.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from practice.launch.binaries import postgres_programs
from practice.launch.console import LaunchError
from practice.launch.environment import python, tool_environment
from practice.launch.paths import ROOT
from practice.launch.services import Services

CACHE = ROOT / ".wellrun" / "cache"
TEMPLATE = "wellrun_template"
KEPT_DUMPS = 24
# What a migration is made of besides itself: functions, policies and triggers come from these modules.
SOURCES = ("*/migrations/*.py", "*/*sql.py", "practice/tenancy.py", "kit/ids.py", "pyproject.toml")


def fingerprint() -> str:
    """One name for the whole of what makes the schema."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)}):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:20]


def template(services: Services, *, env: dict[str, str]) -> str:
    """Make the template database in a throw-away cluster; returns its name. ``env`` is that of the owner's role."""
    _psql(services, "postgres", f"CREATE DATABASE {TEMPLATE} OWNER wellrun_owner")
    fill(services, database=TEMPLATE, env=env)
    return TEMPLATE


def fill(services: Services, *, database: str, env: dict[str, str]) -> None:
    """Give an empty database of the cluster today's tables: from the kept dump, else by migrating and keeping one."""
    dump = CACHE / f"schema-{fingerprint()}.dump"
    if dump.exists():
        _tool(services, "pg_restore", database, "--exit-on-error", "--no-comments", str(dump))
        return
    owner = in_database(env["DATABASE_OWNER_URL"], database=database)
    done = subprocess.run(
        [python(), "manage.py", "migrate", "--no-input", "-v", "0"],
        cwd=ROOT,
        env={**env, "WELLRUN_ROLE": "owner", "DATABASE_OWNER_URL": owner},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LaunchError(f"The migrations failed:\n{done.stderr[-4000:]}")
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = dump.with_suffix(f".{os.getpid()}")
    _tool(services, "pg_dump", database, "--format=custom", "--compress=1", f"--file={fresh}")
    fresh.replace(dump)
    for old in sorted(CACHE.glob("schema-*.dump"), key=lambda path: path.stat().st_mtime)[:-KEPT_DUMPS]:
        old.unlink(missing_ok=True)


def in_database(url: str, *, database: str) -> str:
    """The same address with another database as its path."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _psql(services: Services, database: str, statement: str) -> None:
    _tool(services, "psql", database, "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement)


def _tool(services: Services, program: str, database: str, *words: str) -> None:
    address = urlsplit(services.endpoints.admin_url)
    done = subprocess.run(
        [
            str(Path(postgres_programs()) / program),
            f"--host={address.hostname}",
            f"--port={address.port}",
            f"--username={address.username}",
            f"--dbname={database}",
            *words,
        ],
        env={**tool_environment(), "PGPASSWORD": address.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LaunchError(f"{program} on the tests' database failed: {done.stderr.strip()[-2000:]}")
