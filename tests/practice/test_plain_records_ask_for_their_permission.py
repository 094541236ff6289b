"""The services of records without rules of their own: the permission first, then the locked row."""

import pytest

from kit.errors import Forbidden
from practice.models import Vendor
from practice.services import places


def test_who_may_not_adds_and_changes_nothing(acting):
    with acting("owner") as actor:
        vendor = places.add_vendor(actor=actor, name="Larkspur")
    with acting("front_desk") as actor:
        with pytest.raises(Forbidden):
            places.add_vendor(actor=actor, name="Copperline")
        with pytest.raises(Forbidden):
            places.change_vendor(vendor, actor=actor, name="Copperline")
    with acting("owner"):
        assert list(Vendor.objects.values_list("name", flat=True)) == ["Larkspur"]


def test_a_change_keeps_what_somebody_else_has_written_meanwhile(acting):
    with acting("owner") as actor:
        stale = places.add_vendor(actor=actor, name="Larkspur")
        places.change_vendor(stale, actor=actor, phone="9145550131")
        changed = places.change_vendor(stale, actor=actor, notes="Net 30")
        assert (changed.phone, changed.notes) == ("9145550131", "Net 30")


def test_a_record_of_another_practice_is_not_there_to_change(acting):
    with acting("stranger") as actor:
        theirs = places.add_vendor(actor=actor, name="Larkspur")
    with acting("owner") as actor, pytest.raises(Vendor.DoesNotExist):
        places.change_vendor(theirs, actor=actor, name="Ours")
    with acting("stranger"):
        assert Vendor.objects.get().name == "Larkspur"
