"""REST: the rules with what is in force on a day, every value one ever had, and deadlines counted without writing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.problem import Problem
from kit.states import STATES
from practice.forms.rules import EARLIEST, LATEST, ROLLS, UNITS
from practice.permissions import PracticePermission
from practice.rules import units
from practice.rules.deadlines import LONGEST, Due
from practice.selectors import places
from practice.selectors import rules as found
from practice.selectors.rules import Listed, Told
from practice.views.deadlines import counted


class RuleOut(serializers.Serializer[Any]):
    """A rule as it stands on a day. ``value`` is text as people enter it; ``unit`` says how to read it."""

    code = serializers.CharField(source="definition.code")
    title = serializers.CharField(source="definition.title")
    area = serializers.CharField(source="definition.area")
    unit = serializers.ChoiceField(choices=[each.value for each in units.Unit], source="definition.unit")
    value = serializers.SerializerMethodField(method_name="stored")
    words = serializers.CharField(source="shown.words")
    own = serializers.BooleanField(source="rule.entry.own")
    jurisdiction = serializers.CharField(
        source="rule.entry.state", help_text="A state, or empty for everywhere"
    )
    effective_from = serializers.DateField(source="rule.entry.effective_from")
    effective_to = serializers.DateField(source="rule.entry.effective_to", allow_null=True)
    citation = serializers.CharField(source="rule.entry.citation")
    verified_on = serializers.DateField(source="shown.checked_on", allow_null=True)
    changes_on = serializers.SerializerMethodField()

    def stored(self, row: Listed) -> str:
        """The value as it is stored."""
        return units.written(row.rule.value)

    def get_changes_on(self, row: Listed) -> str | None:
        """The first day of the next planned change; null when none is."""
        return row.next.first.isoformat() if row.next and row.next.first else None


class ValueOut(serializers.Serializer[Any]):
    """A value and the days on which it is in force."""

    value = serializers.SerializerMethodField(method_name="stored")
    words = serializers.CharField(source="shown.words")
    first = serializers.DateField(source="period.first", allow_null=True)
    last = serializers.DateField(source="period.last", allow_null=True)
    own = serializers.BooleanField(source="shown.entry.own")
    jurisdiction = serializers.CharField(source="shown.entry.state")
    citation = serializers.CharField(source="shown.entry.citation")
    reason = serializers.SerializerMethodField()
    verified_on = serializers.DateField(source="shown.checked_on", allow_null=True)
    verified_by = serializers.SerializerMethodField()

    def stored(self, told: Told) -> str:
        """The value as it is stored."""
        return units.written(told.shown.entry.value)

    def get_reason(self, told: Told) -> str:
        """Why the practice set it; empty for a shipped value."""
        return told.shown.row.reason if told.shown.row else ""

    def get_verified_by(self, told: Told) -> str:
        """Who compared it with its source; empty for nobody."""
        return told.shown.checked_by if told.shown.checked_on else ""


class RuleIn(serializers.Serializer[Any]):
    """Which day and state."""

    on = serializers.DateField(required=False, help_text="The day; without it today")
    state = serializers.ChoiceField(choices=list(STATES), required=False, help_text="A state’s two letters")


class StateIn(serializers.Serializer[Any]):
    """Which state."""

    state = serializers.ChoiceField(choices=list(STATES), required=False, help_text="A state’s two letters")


class DeadlineIn(serializers.Serializer[Any]):
    """What is counted from where."""

    start = serializers.DateField(help_text="The day that sets the clock going")
    length = serializers.IntegerField(min_value=0, max_value=LONGEST)
    unit = serializers.ChoiceField(choices=[value.value for value, _ in UNITS])
    direction = serializers.ChoiceField(choices=["after", "before"], default="after")
    location = serializers.UUIDField(
        required=False, help_text="Whose closed days count, beside the practice’s"
    )
    roll = serializers.ChoiceField(choices=[value.value for value, _ in ROLLS], default="stay")
    by_law = serializers.BooleanField(default=False, help_text="Skip weekends and federal holidays only")
    count_start = serializers.BooleanField(default=False)
    month_end = serializers.BooleanField(default=False)


class SkippedOut(serializers.Serializer[Any]):
    """A day that did not count."""

    day = serializers.DateField()
    why = serializers.CharField()


class DueOut(serializers.Serializer[Any]):
    """When it is due, which days did not count, and where it would be without moving off a closed day."""

    due = serializers.DateField(source="day")
    skipped = SkippedOut(many=True)
    rolled_from = serializers.DateField(allow_null=True)


class Catalogue(Endpoint):
    """The rules there are."""

    query = RuleIn

    @extend_schema(
        operation_id="rules_list", tags=["practice"], responses={200: RuleOut(many=True), 403: Problem}
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every rule with its value of a day, whose it is, its source, and the next planned change."""
        self.actor.require(PracticePermission.VIEW_RULES)
        asked = self.asked()
        rows = found.listed(self.actor, on=asked.get("on"), jurisdiction=asked.get("state", ""))
        return Response(RuleOut(rows, many=True).data)


class History(Endpoint):
    """One rule through time."""

    query = StateIn

    @extend_schema(
        operation_id="rules_history",
        tags=["practice"],
        responses={200: ValueOut(many=True), 403: Problem, 404: Problem},
    )
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Every value that ever was or will be in force, newest first, each with its source and who checked it."""
        self.actor.require(PracticePermission.VIEW_RULES)
        known = found.get_definition(code, actor=self.actor)
        told = found.history(known, jurisdiction=self.asked().get("state", ""))
        return Response(ValueOut(told, many=True).data)


class Deadline(Endpoint):
    """A deadline to try out."""

    query = DeadlineIn

    @extend_schema(
        operation_id="deadlines_count", tags=["practice"], responses={200: DueOut, 403: Problem, 422: Problem}
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """When something would be due, and every day that does not count. Nothing is written."""
        self.actor.require(PracticePermission.VIEW_RULES)
        asked = self.asked()
        if not EARLIEST <= asked["start"] <= LATEST:
            raise DomainError("Enter a day between 1970 and 2200.", field="start")
        if site := asked.get("location"):
            asked["location"] = places.locations(self.actor).filter(pk=site).first()
            if asked["location"] is None:
                raise DomainError("Choose a location you work at.", field="location")
        due: Due = counted(asked)
        return Response(DueOut(due).data)
