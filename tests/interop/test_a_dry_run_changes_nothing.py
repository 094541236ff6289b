"""A dry run counts what would happen, also what would be refused, and leaves nothing behind."""

import pytest
from django.apps import apps

from practice.checks import is_tenant
from practice.models import ImportFile, ImportRefusal
from tests.interop import tiny

pytestmark = pytest.mark.django_db(transaction=True)
OWN = {
    "practice.importrun",
    "practice.importfile",
    "practice.importrefusal",
    "practice.auditchange",
    "practice.auditaccess",
}


def rows():
    """How many rows each table of the practice has, but for the dry run's own report."""
    models = [model for model in apps.get_models() if is_tenant(model) and model._meta.label_lower not in OWN]
    return {model._meta.label_lower: model.objects.count() for model in models}


def test_counts_are_those_of_the_real_run_and_nothing_is_written(run_import, export, inside):
    tables = tiny.tables()
    tables["claims_transactions"][7]["PAYMENTS"] = "five"
    folder = export(tables)
    with inside():
        before = rows()
    rehearsal = run_import(folder, is_dry_run=True)
    with inside():
        assert rows() == before
        assert rehearsal.state == "tried"
        told = list(
            ImportFile.objects.filter(run=rehearsal).values_list(
                "name", "rows_new", "rows_known", "rows_refused"
            )
        )
        assert ImportRefusal.objects.get(file__run=rehearsal).field == "PAYMENTS"
    real = run_import(folder)
    with inside():
        done = list(
            ImportFile.objects.filter(run=real).values_list("name", "rows_new", "rows_known", "rows_refused")
        )
        assert told == done
        assert rows() != before


def test_after_an_import_a_dry_run_finds_nothing_new(run_import, export, inside):
    folder = export()
    run_import(folder)
    with inside():
        before = rows()
    rehearsal = run_import(folder, is_dry_run=True)
    with inside():
        assert rows() == before
        assert set(ImportFile.objects.filter(run=rehearsal).values_list("rows_new", "rows_refused")) == {
            (0, 0)
        }
