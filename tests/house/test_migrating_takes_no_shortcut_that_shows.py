"""Our ``migrate`` keeps a rendered model when only a constraint or index is added; operations see the same."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from practice.migrating import rendering_little


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
