from django.db import IntegrityError

from kit.errors import Conflict, DomainError
from tests.kit.toyapp.models import Maker, State, Toy


def add(*, actor, **values):
    actor.require("toy.add")
    if values["name"].lower() == "gun":
        raise DomainError("Choose a toy that is no weapon", field="name")
    return Toy.objects.create(practice=actor.practice, **values)


def change(toy, *, actor, **values):
    actor.require("toy.change")
    if values["name"] == "Taken":
        raise Conflict("That name is taken", field="name", alternatives=["Taken 2"])
    for name, value in values.items():
        setattr(toy, name, value)
    toy.save()
    return toy


def give_away(toy, *, actor, **values):
    toy.practice = "south"
    toy.save()
    return toy


def break_it(toy, *, actor, reason):
    actor.require("toy.break")
    toy.state, toy.secret = State.BROKEN, reason
    toy.save()


def mend(toy, *, actor):
    toy.state = State.SOUND
    toy.save()


def add_maker(*, actor, name):
    if name == "Bug":
        raise IntegrityError("not one of ours")
    return Maker.objects.create(practice=actor.practice, name=name)
