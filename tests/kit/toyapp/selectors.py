from tests.kit.toyapp.models import Maker, State, Toy


def toys(actor):
    return Toy.objects.filter(practice=actor.practice)


def makers(actor):
    return Maker.objects.filter(practice=actor.practice)


def unsound(queryset, *, actor):
    return queryset.exclude(state=State.SOUND)
