"""Zero downtime: the gate on migrations passes ours, and finds each thing that would stop the release before it."""

import csv

import pytest
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from practice import migration_rules
from practice.migration_rules import BASELINE, baseline, judged, objections, squawks
from practice.tenancy import PracticeField, TenantTable

pytestmark = pytest.mark.django_db


def planted(*operations):
    made = migrations.Migration("9999_planted", "practice")
    made.operations = list(operations)
    return made


def table(**options):
    fields = [("id", models.UUIDField(primary_key=True)), ("practice", PracticeField())]
    return migrations.CreateModel("Planted", fields, options=options)


def judge(*operations):
    """Objections to operations on the tables as they stand now."""
    migration = planted(*operations)
    state = MigrationLoader(connection).project_state()
    return objections(migration) + squawks(migration_rules.sql_of(migration, state=state))


def test_no_migration_since_the_baseline_stops_a_running_release():
    assert {name: words for name, words in judged(house=settings.HOUSE).items() if words} == {}


def test_a_migration_that_the_baseline_does_not_name_meets_the_gates_objections(monkeypatch):
    class Planting(MigrationLoader):
        def load_disk(self):
            super().load_disk()
            one = planted(migrations.RenameField("location", "city", "town"))
            one.dependencies = sorted(key for key in self.disk_migrations if key[0] == "practice")
            self.disk_migrations["practice", one.name] = one

    monkeypatch.setattr(migration_rules, "MigrationLoader", Planting)
    objected = judged(house=settings.HOUSE)["practice.9999_planted"]
    assert any(words.startswith("renaming-column") for words in objected)
    named = baseline() | {("practice", "9999_planted")}
    monkeypatch.setattr(migration_rules, "baseline", lambda: named)
    assert "practice.9999_planted" not in judged(house=settings.HOUSE)


def test_the_baseline_names_only_what_exists_each_with_its_reason():
    known = set(MigrationLoader(connection).disk_migrations)
    with BASELINE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["app"], row["name"]) for row in rows} <= known
    assert all(row["reason"] for row in rows)


def test_a_tenants_table_closed_from_its_first_moment_passes():
    closed = table(constraints=[TenantTable(name="practice_planted_tenant")])
    assert objections(planted(closed)) == []


def test_a_nullable_column_passes():
    assert judge(migrations.AddField("location", "planted", models.TextField(null=True))) == []


@pytest.mark.parametrize(
    ("operations", "word"),
    [
        ([table()], "starts open"),
        ([table(), migrations.AddConstraint("Planted", TenantTable(name="x"))], "put TenantTable into"),
        ([migrations.RunPython(migrations.RunPython.noop)], "cannot be undone"),
        ([migrations.RunSQL("SELECT 1")], "cannot be undone"),
        ([migrations.AddIndex("location", models.Index(fields=["city"], name="x"))], "AddIndexConcurrently"),
    ],
    ids=["open table", "closed later", "python without reverse", "sql without reverse", "blocking index"],
)
def test_our_own_rules_find(operations, word):
    assert any(word in words for words in objections(planted(*operations)))


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (migrations.RenameField("location", "city", "town"), "renaming-column"),
        (migrations.RemoveField("location", "city"), "ban-drop-column"),
        (migrations.DeleteModel("Draft"), "ban-drop-table"),
        (migrations.AddField("location", "planted", models.TextField(default="x")), "ban-drop-default"),
        (migrations.AlterField("location", "city", models.BigIntegerField()), "changing-column-type"),
    ],
    ids=["rename", "column dropped", "table dropped", "default only in Python", "type changed"],
)
def test_squawk_finds(operation, rule):
    assert any(words.startswith(rule) for words in judge(operation))


def test_an_index_made_concurrently_passes():
    index = models.Index(fields=["city"], name="x")
    assert objections(planted(AddIndexConcurrently("location", index))) == []
