"""Keep the access of a day: once a night, replaced when it is taken again."""

from __future__ import annotations

from django.db import transaction

from kit import clock
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.rules import rule
from scheduling.models import AccessDay
from scheduling.rules.weeks import DAYS
from scheduling.selectors import access


@transaction.atomic
def take(*, actor: Actor) -> int:
    """Write today's third next available of every provider and type; returns how many rows. Replaces the day's."""
    today = practice_today(actor)
    found = access.third_next(actor)
    sampled = DAYS[today.weekday()] == str(rule("access.sample_day", on=today).value)
    AccessDay.objects.filter(practice_id=actor.practice_id, day=today).delete()
    made = AccessDay.objects.bulk_create(
        AccessDay(
            practice_id=actor.practice_id,
            day=today,
            resource_id=each.resource_id,
            type_id=each.type_id,
            days=each.days,
            lookahead=access.lookahead(today),
            sampled=sampled,
            taken_at=clock.now(),
        )
        for each in found
    )
    return len(made)
