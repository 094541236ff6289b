"""The rules key figures are made and judged with: parameters in bulk, and the practice's own day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q

from kit import clock
from practice.actor import Actor
from practice.models import Parameter, PracticeProfile
from practice.services.parameters import defaults
from reports.catalogue import KPIS, Kpi
from reports.rules.kpi import Target


def values_on(codes: Iterable[str], *, day: date) -> dict[str, Decimal]:
    """What ``parameters.value_on`` says for many codes, in one query. KeyError for an unknown code."""
    wanted = sorted(set(codes))
    own = Parameter.objects.filter(code__in=wanted, effective_from__lte=day).filter(
        Q(effective_to=None) | Q(effective_to__gte=day)
    )
    found = {row.code: Decimal(row.value) for row in own.order_by("effective_from")}
    for code in wanted:
        if code not in found:
            entries = defaults()[code]
            in_force = [entry for entry in entries if entry.effective_from <= day] or entries[-1:]
            found[code] = Decimal(in_force[0].value)
    return found


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
