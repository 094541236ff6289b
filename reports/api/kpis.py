"""REST: the catalogue of key figures, and their values with what they are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.problem import Problem
from practice.audit import note_read
from reports.catalogue import KPIS, Kpi
from reports.permissions import ReportPermission
from reports.rules import kpi as rules
from reports.selectors import kpis
from reports.selectors.kpis import Figure
from reports.selectors.targets import practice_today

DAYS = 366
MONTHS = 120
BY = ("total", "month", "day")


class KpiOut(serializers.Serializer[Any]):
    """A definition."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(choices=["days", "minutes", "percent", "count"])
    direction = serializers.ChoiceField(choices=["lower", "higher", "none"])
    formula = serializers.CharField()
    date_basis = serializers.CharField()
    exclusions = serializers.CharField()
    rolls_up = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the catalogue's word
    definition_version = serializers.IntegerField(source="version")
    numerator = serializers.CharField(source="numerator.name")
    denominator = serializers.SerializerMethodField()

    def get_denominator(self, kpi: Kpi) -> str | None:
        """What is divided by; null for a count."""
        return kpi.denominator.name if kpi.denominator else None


class FigureOut(serializers.Serializer[Any]):
    """A value of some days. A null value is n/a: there was nothing to divide by. Percent 8.6 means 8.6 %."""

    first = serializers.DateField()
    last = serializers.DateField()
    numerator = serializers.DecimalField(max_digits=20, decimal_places=4)
    denominator = serializers.DecimalField(max_digits=20, decimal_places=4, allow_null=True)
    value = serializers.SerializerMethodField(method_name="worth")

    def worth(self, figure: Figure) -> str | None:
        """In the figure's unit, four decimals."""
        return None if figure.value is None else f"{figure.value:.4f}"


class ValuesOut(serializers.Serializer[Any]):
    """One key figure's values, all made with one definition."""

    code = serializers.CharField()
    unit = serializers.CharField()
    definition_version = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    covers_up_to = serializers.DateField(allow_null=True)
    location = serializers.UUIDField(allow_null=True)
    values = FigureOut(many=True)  # type: ignore[assignment]  # a plain word for the list


# Which days and site. Made by hand: ``from`` is no name Python lets a class have.
AskIn: type[serializers.Serializer[Any]] = type(
    "AskIn",
    (serializers.Serializer,),
    {
        "from": serializers.DateField(
            required=False, source="first", help_text="First day; without it the last whole month"
        ),
        "to": serializers.DateField(required=False, source="last", help_text="Last day"),
        "by": serializers.ChoiceField(
            choices=BY, default="total", help_text="One value, or one for each month or day"
        ),
        "location": serializers.UUIDField(
            required=False, help_text="A site's id; without it all you may see"
        ),
    },
)


class Catalogue(Endpoint):
    """The key figures there are."""

    @extend_schema(
        operation_id="kpis_list", tags=["reports"], responses={200: KpiOut(many=True), 403: Problem}
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every definition: formula, date basis, exclusions, source and version."""
        self.actor.require(ReportPermission.VIEW_KPI)
        return Response(KpiOut(KPIS, many=True).data)


class Values(Endpoint):
    """The values of one key figure."""

    query = AskIn

    @extend_schema(
        operation_id="kpis_values", tags=["reports"], responses={200: ValuesOut, 404: Problem, 422: Problem}
    )
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Numerator, denominator and value of a period: at most 366 days by day, 120 months by month."""
        actor = self.actor
        actor.require(ReportPermission.VIEW_KPI)
        kpi = kpis.get_kpi(code)
        asked = self.asked()
        fresh = kpis.freshness(actor, today=practice_today(actor))
        upto = fresh.day or practice_today(actor)
        last_whole = rules.shift(upto.replace(day=1), months=-1)
        first = asked.get("first") or last_whole
        last = asked.get("last") or rules.month_end(first)
        location = kpis.get_location(str(asked.get("location", "")), actor=actor)
        found = _values(actor, kpi=kpi, first=first, last=last, by=asked["by"], location=location)
        note_read(request._request, what=f"KPI {kpi.code}")
        body = {
            "code": kpi.code,
            "unit": kpi.unit,
            "definition_version": kpi.version,
            "as_of": fresh.run.finished_at if fresh.run else None,
            "covers_up_to": fresh.day,
            "location": location,
            "values": found,
        }
        return Response(ValuesOut(body).data)


def _values(actor: Any, *, kpi: Kpi, first: date, last: date, by: str, location: Any) -> list[Figure]:
    """The figures asked for. Raises DomainError when there would be too many."""
    if first > last:
        raise DomainError("Give a last day that is not before the first", field="to")
    if by == "total":
        return [kpis.period(actor, kpi=kpi, first=first, last=last, location=location)]
    if by == "day":
        if (last - first).days >= DAYS:
            raise DomainError(f"Ask for at most {DAYS} days at once", field="to")
        return kpis.days(actor, kpi=kpi, first=first, last=last, location=location)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count > MONTHS:
        raise DomainError(f"Ask for at most {MONTHS} months at once", field="to")
    starts = rules.trailing(rules.month_start(last), count=count)
    return kpis.months(actor, starts=starts, upto=last, location=location, kpis=[kpi])[kpi.code]
