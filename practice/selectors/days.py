"""Which day it is for the practice as a whole; a visit asks its site's own zone instead."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from kit import clock
from practice import memo
from practice.actor import Actor
from practice.models import PracticeProfile

ZONE = "practice's zone"


def practice_zone(actor: Actor) -> ZoneInfo:
    """The practice's own time zone, asked once a transaction."""
    zones = PracticeProfile.objects.values_list("timezone", flat=True)
    return ZoneInfo(memo.remember(ZONE, lambda: zones.get(practice_id=actor.practice_id)))


def practice_today(actor: Actor) -> date:
    """Today in the practice's own time zone."""
    return clock.today(practice_zone(actor))
