"""Tokens, displays, background work and exports, for the cases every Resource has."""

import itertools

from kit.testing import Sample
from practice.models import JobRun, PracticeExport, Role
from practice.services import displays, places
from practice.services.tokens import issue_token

NUMBERS = itertools.count(1)


def _tokens(actor, count):
    role = Role.objects.get(code="front_desk")
    return [issue_token(f"Client {n}", role=role, actor=actor)[0] for n in itertools.islice(NUMBERS, count)]


def _displays(actor, count):
    site = places.add_location(actor=actor, name=f"Lobby {next(NUMBERS)}")
    return [
        displays.make(f"Wall {n}", location=site, days=30, actor=actor)[0]
        for n in itertools.islice(NUMBERS, count)
    ]


def _jobs(actor, count):
    return [
        JobRun.objects.create(
            practice_id=actor.practice_id, kind="test.sample", key=str(n), requested_by=actor.user_id
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def _exports(actor, count):
    return [
        PracticeExport.objects.create(
            practice_id=actor.practice_id, state="expired", requested_by_id=actor.membership_id
        )
        for _ in range(count)
    ]


MACHINE_SAMPLES = {
    "practice.token": Sample(make=_tokens),
    "practice.display": Sample(make=_displays),
    "practice.job": Sample(make=_jobs),
    "practice.export": Sample(make=_exports, form=lambda actor: {}),
}
