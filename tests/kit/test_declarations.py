"""A declaration that names something that is not there stops the program before its first request."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from kit import ports, registry
from kit.resource import Action, Child, Column, Filter, SavedView


def test_the_toys_are_declared_without_mistakes():
    assert registry.check_resources(None) == []


@pytest.mark.parametrize(
    "change",
    [
        {"selector": "tests.kit.toyapp.selectors.nobody"},
        {"create": "tests.kit.nowhere.add"},
        {"columns": (Column("nmae"),)},
        {"columns": ()},
        {"filters": (Filter("made_by"),)},
        {"search": ("nmae",)},
        {"default_sort": "-made_by"},
        {"status": "mood"},
        {"title": "nickname"},
        {"view_permission": ""},
        {"update_permission": ""},
        {"form": None},
        {"children": (Child("toyapp.ghost", "toy"),)},
        {"views": (SavedView(slug="x", label="X", narrow="tests.kit.toyapp.selectors.x"),)},
        {"actions": (Action(name="a", label="A", service="tests.kit.toyapp.services.mend", permission=""),)},
        {"actions": (Action(name="a", label="A", service="tests.kit.toyapp.services.x", permission="p"),)},
        {
            "actions": (
                Action(
                    name="a",
                    label="A",
                    service="tests.kit.toyapp.services.mend",
                    permission="p",
                    when="can_fly",
                ),
            )
        },
    ],
)
def test_a_name_that_stands_for_nothing_is_found(monkeypatch, change):
    wrong = replace(registry.get("toyapp.toy"), **change)
    monkeypatch.setattr(registry, "every", lambda: (wrong,))
    assert [each.id for each in registry.check_resources(None)] == ["kit.E001"] * len(
        registry.check_resources(None)
    )
    assert registry.check_resources(None)


def test_the_map_of_the_product_names_every_resource():
    out = StringIO()
    call_command("resources", stdout=out)
    assert "toyapp.toy" in out.getvalue()
    assert "break (toy.break)" in out.getvalue()
    assert "2 resources" in out.getvalue()


def test_a_port_nobody_filled_raises_instead_of_allowing(monkeypatch):
    monkeypatch.setattr(ports, "_held", {})
    with pytest.raises(ports.PortMissingError):
        ports.allowed(object(), permission="toy.view")


def test_no_permission_at_all_is_never_held():
    class Everyone:
        def may(self, permission):
            return True

    assert ports.allowed(Everyone(), permission="") is False
