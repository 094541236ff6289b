"""Each rule of ARCHITECTURE.md 3 holds in pg_catalog, and each is broken once to see that it would be noticed."""

import os
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.apps import apps
from django.db import connection

from practice.checks import is_tenant
from practice.encrypted import EncryptedField
from practice.tenancy import EDITABLE_AUDIT, AppendOnlyModel
from tests.security.schema_rules import CURRENT, OWN, RULES
from tests.security.test_every_table_is_secured_by_the_database import GLOBAL_TABLES

pytestmark = pytest.mark.django_db
# Tables whose practice_id has no foreign key, each with its reason.
KEYLESS = {
    "practice_auditchange": "written by a trigger that runs for every row; it outlives what it tells of",
    "practice_auditseal": "the chain of global rows stands under a practice of zeros",
    "practice_auditshape": "as the seal it describes",
}


@contextmanager
def as_owner():
    """A transaction of wellrun_owner that leaves nothing behind."""
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    raw = psycopg2.connect(
        host=parts.hostname, port=parts.port, user=unquote(parts.username), password=unquote(parts.password),
        dbname=connection.settings_dict["NAME"],
    )  # fmt: skip
    try:
        with raw.cursor() as cursor:
            yield cursor
    finally:
        raw.rollback()
        raw.close()


def broken(cursor, rule):
    cursor.execute(
        rule.finds,
        {"globals": sorted(GLOBAL_TABLES), "current": CURRENT, "own": OWN, "keyless": sorted(KEYLESS)},
    )
    return [found for (found,) in cursor.fetchall()]


@pytest.mark.parametrize("name", RULES)
def test_the_rule_holds_and_its_planted_violation_is_found(db, name):
    rule = RULES[name]
    with as_owner() as cursor:
        assert broken(cursor, rule) == [], rule.says
        cursor.execute(rule.plant)
        assert broken(cursor, rule) != [], f"planted, not found: {rule.plant}"


def audited():
    """(table, when, arguments) of every audit trigger in the database."""
    with as_owner() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), encode(tgargs, 'escape') "
            "FROM pg_trigger WHERE tgname = 'audit_row'"
        )
        return {table: (definition, arguments) for table, definition, arguments in cursor.fetchall()}


def test_every_table_is_audited_as_its_model_says_and_never_writes_a_secret_down(db):
    triggers, wrong = audited(), []
    for model in [one for one in apps.get_models(include_auto_created=True) if is_tenant(one)]:
        table = model._meta.db_table
        events = getattr(model, "audit", EDITABLE_AUDIT)
        definition, arguments = triggers.get(table, ("", ""))
        if bool(events) != bool(definition):
            wrong.append(f"{table}: audit is {events!r}, the trigger {definition!r}")
        wrong += [
            f"{table}: no trigger on {one}" for one in events.split(",") if one.upper() not in definition
        ]
        secrets = {field.column for field in model._meta.local_fields if isinstance(field, EncryptedField)}
        if definition and secrets - set(arguments.removesuffix("\\000").split(",")):
            wrong.append(f"{table}: {sorted(secrets)} would stand in the trail")
    assert wrong == []


def test_no_column_of_an_append_only_table_can_be_changed_by_the_app(db):
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyModel)]
    assert len(tables) > 5
    with as_owner() as cursor:
        cursor.execute(
            "SELECT t, r FROM unnest(%s) t, unnest(ARRAY['wellrun_app', 'wellrun_jobs', 'wellrun_relay']) r "
            "WHERE has_any_column_privilege(r, t::text, 'UPDATE') OR has_table_privilege(r, t::text, 'DELETE')",
            [tables],
        )
        assert cursor.fetchall() == []
        cursor.execute(f"GRANT UPDATE (request_id) ON {tables[0]} TO wellrun_app")
        cursor.execute("SELECT has_any_column_privilege('wellrun_app', %s, 'UPDATE')", [tables[0]])
        assert cursor.fetchone() == (True,)
