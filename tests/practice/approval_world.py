"""A kind of approval that only the tests have: agreeing to a room renames it. Its subject is a plain record."""

from decimal import Decimal

import pytest

from practice import approvals as registry
from practice.approvals import ApprovalKind
from practice.models import Location, Room

KIND = "test.room"
done: list[str] = []


def snapshot(room):
    return {"Room": room.name}


def carry_out(room, *, request, actor):
    if room.name == "Fails":
        raise ZeroDivisionError
    Room.objects.filter(pk=room.pk).update(name=f"{room.name} approved")
    done.append(f"approved {request.number}")


def give_up(room, *, request, actor):
    done.append(f"{request.state} {request.number}")


ROOM = ApprovalKind(
    key=KIND,
    label="Room",
    subject="practice.Room",
    ask_permission="practice.view_approvals",
    decide_permission="billing.approve_write_off",
    snapshot=f"{__name__}.snapshot",
    on_approve=f"{__name__}.carry_out",
    on_refuse=f"{__name__}.give_up",
)


def rooms(actor):
    """Everybody sees every room."""
    return Room.objects.all()


@pytest.fixture
def kind(monkeypatch, settings):
    """The kind declared, its records visible to all, and an empty list of what happened."""
    settings.RECORD_SELECTORS = settings.RECORD_SELECTORS | {"practice.Room": f"{__name__}.rooms"}
    known = registry.kinds() | {KIND: ROOM}
    for module in ("practice.approvals", "practice.selectors.approvals", "practice.forms.approvals"):
        monkeypatch.setattr(f"{module}.kinds", lambda: known)
    done.clear()
    return ROOM


def make_room(actor, name="North"):
    """A room to be decided about."""
    site, _ = Location.objects.get_or_create(practice_id=actor.practice_id, name="Main")
    return Room.objects.create(practice_id=actor.practice_id, location=site, name=name)


AMOUNT = Decimal("250.00")


def token(row):
    """A token as the middleware would find it."""
    from practice.selectors.people import token_actor
    from tests.cast import actor_named, in_practice

    with in_practice(actor_named("owner")):
        return token_actor(token_id=row.pk, practice=row.practice, request_id="test-token")
