"""What a migration may do while the release before it still serves (SECURITY.md 3.7; docs/operating.md, "Upgrades").

squawk judges the SQL of each migration that is not in the baseline; our own rules judge its operations.
"""

from __future__ import annotations

import csv
import json
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddIndex, CreateModel, RunPython, RunSQL

from practice.migrating import rendering_little
from practice.tenancy import PracticeField, TenantTable

BASELINE = Path(__file__).parent / "data" / "migration_baseline.csv"
# Matters of taste, or said once elsewhere: the owner's role has its lock_timeout (practice/launch/provision.py).
NOT_ASKED = (
    "prefer-text-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "require-timeout-settings",
    "require-concurrent-index-creation",  # asked by our own rule, which knows a table that is new
    "ban-create-domain-with-constraint",
)


def baseline() -> set[tuple[str, str]]:
    """Migrations that met no running release: each with its reason in the file."""
    with BASELINE.open(encoding="utf-8", newline="") as file:
        return {(row["app"], row["name"]) for row in csv.DictReader(file)}


def judged(*, house: Iterable[str]) -> dict[str, list[str]]:
    """Objections to each of the house's migrations that the baseline does not name; needs a database."""
    loader, passed, apps = MigrationLoader(connection), baseline(), set(house)
    found = {}
    for key in sorted(loader.disk_migrations or ()):
        if key[0] in apps and key not in passed:
            migration = loader.graph.nodes[key]
            with rendering_little():
                sql = sql_of(migration, state=loader.project_state(key, at_end=False))
            found[".".join(key)] = objections(migration) + squawks(sql, in_transaction=migration.atomic)
    return found


def sql_of(migration: Migration, *, state: Any) -> str:
    """The SQL that ``migrate`` would run from a state on; nothing runs, so where it may not run does not matter."""
    for operation in migration.operations:
        if isinstance(operation, NotInTransactionMixin):
            operation._ensure_not_in_transaction = lambda editor: None  # type: ignore[method-assign, assignment]
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    return "\n".join(editor.collected_sql or ())


def objections(migration: Migration) -> list[str]:
    """Our own rules: a tenant's table is closed from its first moment, data moves both ways, indexes do not block."""
    found, made = [], set()
    for operation in migration.operations:
        if isinstance(operation, CreateModel):
            made.add(operation.name_lower)
            found += _open_table(operation)
        elif isinstance(operation, RunPython | RunSQL) and not operation.reversible:
            found.append(f"{type(operation).__name__} cannot be undone: give it its reverse.")
        elif isinstance(operation, AddConstraint) and isinstance(operation.constraint, TenantTable):
            found.append(f"{operation.model_name}: put TenantTable into CreateModel's constraints.")
        elif type(operation) is AddIndex and operation.model_name.lower() not in made:
            found.append(f"{operation.model_name}: an index on a table in use needs AddIndexConcurrently.")
    return found


def _open_table(operation: CreateModel) -> list[str]:
    tenant = any(isinstance(field, PracticeField) for _, field in operation.fields)
    rules = operation.options.get("constraints", ())
    if tenant and not any(isinstance(rule, TenantTable) for rule in rules):
        return [f"{operation.name}: CreateModel's constraints lack TenantTable, so the table starts open."]
    return []


def squawks(sql: str, *, in_transaction: bool = True) -> list[str]:
    """squawk's objections to a migration's SQL, as ``rule: message``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migration.sql"
        path.write_text(sql, encoding="utf-8")
        done = subprocess.run(  # noqa: S603 (our own SQL, in a file)
            ["squawk", *(["--assume-in-transaction"] if in_transaction else []),  # noqa: S607
             "--pg-version=18.0", "--reporter=json", f"--exclude={','.join(NOT_ASKED)}", str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return [f"{one['rule_name']}: {one['message']}" for one in json.loads(done.stdout or "[]")]
