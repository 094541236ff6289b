"""What a production process refuses to start with; said in one sentence each, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

NEEDED_VERSION = 180000
CAST_DOMAIN = "@demo.wellrun.example"
_known: dict[str, list[str]] = {}
FACTS = """
SELECT current_setting('server_version_num')::int AS version, r.rolname AS role, r.rolsuper AS superuser,
       r.rolbypassrls AS bypasses, r.rolcreaterole OR r.rolcreatedb AS creates,
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')) AS owns
FROM pg_roles r WHERE r.rolname = current_user
"""
# The demo's people have passwords that were written to a file.
DEMO_PEOPLE = "SELECT EXISTS (SELECT FROM practice_user WHERE is_active AND email LIKE %s)"


def judge(facts: Mapping[str, Any], *, role: str) -> list[str]:
    """What is wrong with the database account of a process, in sentences; empty when nothing is.

    Row-level security holds nobody who is superuser, may bypass it, or owns the tables (SECURITY.md 1, fact 1).
    """
    found = []
    if facts["version"] < NEEDED_VERSION:
        found.append("PostgreSQL 18 or newer is needed.")
    if facts["superuser"] or facts["bypasses"]:
        found.append(f"The database role {facts['role']} is superuser or bypasses row-level security.")
    if role != "owner" and (facts["owns"] or facts["creates"]):
        found.append(f"The database role {facts['role']} owns tables or may create roles or databases.")
    return found


def refusals() -> list[str]:
    """The judgement on this process's account, asked once. Raises ``django.db.Error`` without a database."""
    if "database" not in _known:
        with connection.cursor() as cursor:
            cursor.execute(FACTS)
            names = [column.name for column in cursor.description or ()]
            facts = dict(zip(names, cursor.fetchone() or (), strict=True))
            found = judge(facts, role=settings.ROLE)
            if settings.MODE == "production" and settings.ROLE == "app":
                cursor.execute(DEMO_PEOPLE, [f"%{CAST_DOMAIN}"])
                if cursor.fetchone() == (True,):
                    found.append(
                        "This database holds demo data, whose passwords are known: use an empty one."
                    )
        if settings.ROLE in ("app", "jobs"):
            from practice import keyring  # models: not to be had before the apps are loaded

            found += keyring.refusals()
        _known["database"] = found
    return _known["database"]


def insist() -> None:
    """Called by every entry point: in production an unsafe account ends the process with ImproperlyConfigured.

    A database that is away ends nothing: /readyz asks again before the first request.
    """
    if settings.MODE != "production":
        return
    try:
        found = refusals()
    except Error:
        return
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(" ".join(found))
