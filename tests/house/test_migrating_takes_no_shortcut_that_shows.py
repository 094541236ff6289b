"""Our ``migrate`` keeps rendered models when a model, constraint or index is added; operations see the same."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from practice.migrating import OLDER_BUILD, rendering_little
from tests.cast import owner_cursor


def state_with(*, quick):
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=9))]
    state.add_model(ModelState("toy", "Thing", fields))
    before = state.apps.get_model("toy", "thing")
    old = state.clone()
    rule = models.CheckConstraint(condition=~models.Q(name=""), name="thing_has_a_name")
    index = models.Index(fields=["name"], name="things_by_name")

    def add():
        state.add_constraint("toy", "thing", rule)
        state.add_index("toy", "thing", index)

    if quick:
        with rendering_little():
            add()
    else:
        add()
    return before, old, state


def told(state):
    meta = state.apps.get_model("toy", "thing")._meta
    model = state.models["toy", "thing"]
    return (
        [each.name for each in meta.constraints],
        [each.name for each in meta.indexes],
        [each.name for each in model.options["constraints"]],
        [each.name for each in model.options["indexes"]],
    )


def test_an_added_constraint_and_index_are_seen_as_if_the_model_were_rendered_anew():
    _, old, slow = state_with(quick=False)
    before, quick_old, quick = state_with(quick=True)
    assert told(quick) == told(slow) == (["thing_has_a_name"], ["things_by_name"]) * 2
    assert quick.apps.get_model("toy", "thing") is before
    assert not quick_old.models["toy", "thing"].options.get("constraints")
    assert not old.models["toy", "thing"].options.get("constraints")
    assert ProjectState._append_option.__module__ == "django.db.migrations.state"


def toys(*, quick):
    """Two tables that lead to a third, the second made when all are rendered, then a column of the third renamed."""
    key = ("id", models.AutoField(primary_key=True))
    state = ProjectState()
    state.add_model(ModelState("toy", "Box", [key, ("name", models.CharField(max_length=9))]))
    first = state.apps.get_model("toy", "box")

    def add():
        for name in ("Ball", "Doll"):
            box = models.ForeignKey("toy.Box", models.CASCADE, related_name=f"{name.lower()}s")
            state.add_model(ModelState("toy", name, [key, ("box", box)]))

    if quick:
        with rendering_little():
            add()
    else:
        add()
    return first, state


def led(state):
    box = state.apps.get_model("toy", "box")
    back = sorted(one.related_model.__name__ for one in box._meta.related_objects)
    leads = [state.apps.get_model("toy", name)._meta.get_field("box").remote_field.model is box
             for name in ("ball", "doll")]  # fmt: skip
    return [field.name for field in box._meta.local_fields], back, leads


def test_a_new_model_is_seen_as_if_all_that_it_leads_to_were_rendered_anew():
    _, slow = toys(quick=False)
    first, quick = toys(quick=True)
    assert quick.apps.get_model("toy", "box") is first
    assert led(quick) == led(slow) == (["id", "name"], ["Ball", "Doll"], [True, True])
    for state in (slow, quick):
        state.rename_field("toy", "box", "name", "label")
    assert led(quick) == led(slow) == (["id", "label"], ["Ball", "Doll"], [True, True])


@pytest.mark.django_db
def test_tables_of_an_older_build_are_refused_in_words_with_the_way_to_start_over():
    known = set(MigrationRecorder(connection).applied_migrations())
    with owner_cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", OLDER_BUILD
        )
        try:
            with pytest.raises(CommandError, match=r"older build.*\./run demo --reset"):
                call_command("migrate", interactive=False, verbosity=0)
            assert set(MigrationRecorder(connection).applied_migrations()) == known | {OLDER_BUILD}
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", OLDER_BUILD)
