"""The rules key figures are made and judged with: dated rules in bulk, and the practice's own day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from kit import clock
from practice.actor import Actor
from practice.models import PracticeProfile
from practice.services.rules import rules
from reports.catalogue import KPIS, Kpi
from reports.rules.kpi import Target


def values_on(codes: Iterable[str], *, day: date) -> dict[str, Decimal]:
    """The numbers of many rules on a day. KeyError for an unknown code."""
    return {code: found.number for code, found in rules(codes, on=day).items()}


def targets_on(day: date, *, kpis: Iterable[Kpi] = KPIS) -> tuple[dict[str, Target], dict[str, Decimal]]:
    """The band and the scale of each key figure on a day, in one query."""
    chosen = list(kpis)
    codes = [code for kpi in chosen for code in (kpi.target_low, kpi.target_high, kpi.scale) if code]
    values = values_on(codes, day=day)
    bands = {
        kpi.code: Target(low=values.get(kpi.target_low), high=values.get(kpi.target_high)) for kpi in chosen
    }
    return bands, {kpi.code: values.get(kpi.scale, Decimal(1)) for kpi in chosen}


def practice_zone(actor: Actor) -> str:
    """The practice's own time zone."""
    found = PracticeProfile.objects.filter(practice_id=actor.practice_id).values_list("timezone", flat=True)
    return str(found.get())


def practice_today(actor: Actor) -> date:
    """Today in the practice's own time zone."""
    return clock.today(ZoneInfo(practice_zone(actor)))
