"""Roles, their limits and the database; run inside the virtual environment with an administrator's address.

`python -m practice.launch.provision` reads a JSON request on standard input, or with --from-environment
takes it from the variables of a deployment. Safe to repeat.
The privileges on tables are the first migration's business, not ours.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

DATABASE = "wellrun"
NEEDED_VERSION = 180000
ROLES = {
    "wellrun_owner": "LOGIN CREATEDB NOCREATEROLE",
    "wellrun_app": "LOGIN NOCREATEDB NOCREATEROLE",
    "wellrun_jobs": "LOGIN NOCREATEDB NOCREATEROLE",
    "wellrun_relay": "LOGIN NOCREATEDB NOCREATEROLE",
}
# What a new role never is. Only a superuser may even say so, hence it is said only where it must change.
MIGHTY_ROLES = (
    "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolreplication)"
)
# statement, lock, idle in transaction, transaction: a web request must never hold locks for minutes.
LIMITS = {
    "wellrun_owner": ("0", "2s", "10min", "0"),  # a migration that would block the others gives up at once
    "wellrun_app": ("15s", "5s", "30s", "60s"),
    "wellrun_jobs": ("10min", "10s", "60s", "15min"),
    "wellrun_relay": ("30s", "5s", "30s", "60s"),
}
# psycopg2 writes values into its statements: neither they nor the rows in an error's words may reach the server's log.
SILENCE = {
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# One test is one transaction, browser and PDF work included: only the single statement keeps its limit.
TEST_LIMITS = {
    **LIMITS,
    "wellrun_app": ("15s", "5s", "10min", "10min"),
    "wellrun_owner": (
        "0",
        "30s",
        "10min",
        "0",
    ),  # it empties tables behind tests that have just let go of them
}
LIMIT_NAMES = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
)
# How the planner thinks. A random page costs hardly more than the next one on today's disks: by the default of 4 a page
# deep in a list reads and sorts the whole tenant instead of its index. Compiling a statement costs more than ours take.
PLANNER = {"random_page_cost": "1.1", "jit": "off"}


def role_statements(*, limits: dict[str, tuple[str, str, str, str]]) -> list[str]:
    """SQL for the four roles' attributes, limits and membership (passwords are set apart)."""
    found = []
    for role, attributes in ROLES.items():
        found.append(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
            f"THEN CREATE ROLE {role}; END IF; END $$"
        )
        found.append(f"ALTER ROLE {role} {attributes}")
        found += [
            f"ALTER ROLE {role} SET {n} = '{v}'" for n, v in zip(LIMIT_NAMES, limits[role], strict=True)
        ]
        found.append(f"ALTER ROLE {role} SET timezone = 'UTC'")
        found += [f"ALTER ROLE {role} SET {name} = '{value}'" for name, value in PLANNER.items()]
    found.append("GRANT wellrun_app TO wellrun_jobs WITH INHERIT TRUE, SET FALSE")
    return found


def database_statements() -> list[str]:
    """SQL run in the database itself: nobody but the roles gets in, nobody but the owner makes tables."""
    others = "wellrun_app, wellrun_jobs, wellrun_relay"
    return [
        "ALTER SCHEMA public OWNER TO wellrun_owner",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {others}",
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO wellrun_owner, {others}",
    ]


def provision(request: dict[str, Any]) -> None:
    """Carry out a request: `admin_url`, `passwords` by role, `embedded`, `test`.

    Raises RuntimeError for a server that is too old or an address that may not create roles.
    """
    psycopg2 = importlib.import_module("psycopg2")
    admin_url = request["admin_url"]
    with _Connected(psycopg2, url=admin_url) as cursor:
        cursor.execute("SHOW server_version_num")
        if int(cursor.fetchone()[0]) < NEEDED_VERSION:
            raise RuntimeError("PostgreSQL 18 or newer is needed (uuidv7(), transaction_timeout).")
        cursor.execute(
            "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles WHERE rolname = current_user"
        )
        if not cursor.fetchone()[0]:
            raise RuntimeError("DATABASE_URL must name a role that may create roles and databases.")
        for statement in role_statements(limits=TEST_LIMITS if request.get("test") else LIMITS):
            cursor.execute(statement)
        if request.get("test"):  # tests put the cast back without keys and triggers asking (tests/cast.py)
            cursor.execute("GRANT SET ON PARAMETER session_replication_role TO wellrun_owner")
        _humble(cursor)
        _silence(cursor)
        for role, password in request["passwords"].items():
            cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [password])
        _create_database(cursor)
        if request.get("embedded"):  # on our own server nothing else lives: close its other databases
            cursor.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
            cursor.execute("GRANT CONNECT ON DATABASE postgres TO wellrun_owner")
    with _Connected(psycopg2, url=in_database(admin_url)) as cursor:
        for statement in database_statements():
            cursor.execute(statement)


def in_database(url: str) -> str:
    """The same address with our database as its path."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))


def _humble(cursor: Any) -> None:
    """Take superuser, row-security bypass and replication from roles that somebody gave them to."""
    cursor.execute(MIGHTY_ROLES, [list(ROLES)])
    for (role,) in cursor.fetchall():
        cursor.execute(f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOREPLICATION")


def _silence(cursor: Any) -> None:
    """Keep statements of our roles out of the server's log. Without the right to say so (a managed server) nothing
    is done here: docs/operating.md names the lines for its own settings, and /statusz says whether they hold.
    """
    cursor.execute(
        "SELECT name FROM unnest(%s) name WHERE has_parameter_privilege(current_user, name, 'SET')",
        [list(SILENCE)],
    )
    allowed = [name for (name,) in cursor.fetchall()]
    for role in ROLES:
        for name in allowed:
            cursor.execute(f"ALTER ROLE {role} SET {name} = '{SILENCE[name]}'")


def _create_database(cursor: Any) -> None:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [DATABASE])
    if cursor.fetchone()[0]:
        return
    # A creator that is no superuser must be a member of the role it gives the database to.
    cursor.execute("SELECT NOT pg_has_role(current_user, 'wellrun_owner', 'SET')")
    if cursor.fetchone()[0]:
        cursor.execute("GRANT wellrun_owner TO CURRENT_USER")
    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER wellrun_owner ENCODING 'UTF8' TEMPLATE template0")


class _Connected:
    """An autocommit cursor: CREATE DATABASE refuses to run in a transaction."""

    def __init__(self, psycopg2: Any, *, url: str) -> None:
        self._connection = psycopg2.connect(url, connect_timeout=10)
        self._connection.autocommit = True

    def __enter__(self) -> Any:
        return self._connection.cursor()

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def version(url: str) -> str:
    """The server's version, such as `18.1`."""
    with _Connected(importlib.import_module("psycopg2"), url=url) as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]


def from_environment(surroundings: Mapping[str, str]) -> dict[str, Any]:
    """A request out of DATABASE_URL (the administrator's) and the four roles' addresses."""
    urls = {role: surroundings[f"DATABASE_{role.removeprefix('wellrun_').upper()}_URL"] for role in ROLES}
    passwords = {role: unquote(urlsplit(url).password or "") for role, url in urls.items()}
    return {"admin_url": surroundings["DATABASE_URL"], "passwords": passwords}


def main() -> int:
    """Carry out the request on standard input, or --from-environment; one line on standard error if refused."""
    ours = sys.argv[1:] == ["--from-environment"]
    request = from_environment(os.environ) if ours else json.load(sys.stdin)
    try:
        if "ask_version" in request:
            sys.stdout.write(version(request["ask_version"]))
        else:
            provision(request)
    except (RuntimeError, OSError, importlib.import_module("psycopg2").Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
