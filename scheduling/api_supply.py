"""REST of supply: open time as it stands, a draft's week, and what publishing it would change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit import clock, etags
from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.problem import Problem
from practice.audit import note_read
from practice.selectors.days import practice_today
from scheduling.models import AvailabilityBlock, ScheduleTemplate, TemplateBlock
from scheduling.permissions import SchedulingPermission
from scheduling.rules.weeks import WeekBlock, WeekError
from scheduling.selectors import access
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.preview import effect_of
from scheduling.selectors.supply import types_of
from scheduling.selectors.templates import bookable, get_template, week_of
from scheduling.services import templates

LONGEST = 31  # days of one answer
DAY = timedelta(days=1)
BLOCK = (
    "weekday", "cycle_week", "starts_at", "ends_at", "kind", "capacity", "release_hours_before", "label",
)  # fmt: skip


class WeekBlockIn(serializers.Serializer[Any]):
    """A block of a template's week, in local wall time."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 Monday … 6 Sunday")
    cycle_week = serializers.IntegerField(
        min_value=1, max_value=8, required=False, allow_null=True, default=None, help_text="null: every week"
    )
    starts_at = serializers.TimeField()
    ends_at = serializers.TimeField()
    kind = serializers.ChoiceField(choices=TemplateBlock.Kind.choices, default=TemplateBlock.Kind.OPEN.value)
    capacity = serializers.IntegerField(
        min_value=1, max_value=50, required=False, allow_null=True, default=None
    )
    release_hours_before = serializers.IntegerField(
        min_value=0, max_value=720, required=False, allow_null=True, default=None
    )
    label = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")  # type: ignore[assignment]
    types = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=40,
        default=list,
        help_text="Visit types it is kept for; none: all of them",
    )


class WeekIn(serializers.Serializer[Any]):
    """The whole week of a draft."""

    blocks = WeekBlockIn(many=True)


class WeekOut(serializers.Serializer[Any]):
    """The week of a version."""

    template = serializers.UUIDField()
    state = serializers.CharField()
    cycle_weeks = serializers.IntegerField()
    blocks = WeekBlockIn(many=True)


class AvailabilityIn(serializers.Serializer[Any]):
    """Query parameters of open time: at most 31 days of one resource, provider or location."""

    resource = serializers.UUIDField(required=False)
    provider = serializers.UUIDField(required=False)
    location = serializers.UUIDField(required=False)
    from_day = serializers.DateField(required=False)
    to_day = serializers.DateField(required=False)


class AvailabilityOut(serializers.Serializer[Any]):
    """A generated stretch of open, held or blocked time."""

    resource = serializers.UUIDField(source="resource_id")
    local_day = serializers.DateField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=TemplateBlock.Kind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    capacity = serializers.IntegerField()
    releases_at = serializers.DateTimeField(allow_null=True)
    shifted = serializers.BooleanField()
    types = serializers.ListField(child=serializers.UUIDField(), source="kept")


class HoursOut(serializers.Serializer[Any]):
    """Minutes of open time before and after."""

    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    change = serializers.IntegerField()


class EffectOut(serializers.Serializer[Any]):
    """What publishing a draft would change."""

    first = serializers.DateField()
    last = serializers.DateField()
    hours = HoursOut(many=True, source="rows")
    outside_count = serializers.IntegerField()
    outside = serializers.ListField(child=serializers.UUIDField(), source="visit_ids")


class Availability(Endpoint):
    """Open time as it stands."""

    query = AvailabilityIn

    @extend_schema(
        operation_id="availability_list",
        tags=["scheduling"],
        responses={
            200: inline_serializer("availability", {"results": AvailabilityOut(many=True)}),
            403: Problem,
            422: Problem,
        },
    )
    def get(self, request: Request) -> Response:
        """Blocks of some days, in order; held time opens for everything at ``releases_at``."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        asked = self.asked()
        wanted = {"resource": "pk", "provider": "provider_id", "location": "location_id"}
        given = {column: asked[name] for name, column in wanted.items() if name in asked}
        if not given:
            raise DomainError("Name a resource, a provider or a location.", field="resource")
        found = list(bookable(self.actor).filter(**given))
        today = clock.today(zone_of(found[0].location)) if found else clock.now().date()
        first = asked.get("from_day", today)
        last = asked.get("to_day", first + (LONGEST - 1) * DAY)
        if last < first or (last - first).days >= LONGEST:
            raise DomainError(f"Ask for 1 to {LONGEST} days.", field="to_day")
        rows = AvailabilityBlock.objects.filter(
            resource_id__in=[each.pk for each in found], local_day__gte=first, local_day__lte=last
        ).order_by("starts_at", "resource_id", "id")
        return Response({"results": AvailabilityOut(_kept(rows), many=True).data})


def _kept(rows: Iterable[AvailabilityBlock]) -> list[AvailabilityBlock]:
    """The rows, each with the visit types it is kept for."""
    found = list(rows)
    types = types_of({row.source_id for row in found if row.source_id})
    for row in found:
        row.kept = sorted(types.get(row.source_id, ()) if row.source_id else ())  # type: ignore[attr-defined]
    return found


class TemplateWeek(Endpoint):
    """The week of a version; a draft's is written as a whole."""

    contested = True

    @extend_schema(
        operation_id="template_blocks_retrieve",
        tags=["scheduling"],
        responses={200: WeekOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The blocks in the order of the week."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        return self.answer(get_template(pk, actor=self.actor))

    @extend_schema(
        operation_id="template_blocks_update",
        tags=["scheduling"],
        request=WeekIn,
        responses={
            200: WeekOut,
            403: Problem,
            404: Problem,
            409: Problem,
            412: Problem,
            422: Problem,
            428: Problem,
        },
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Write the whole week of a draft; a block that cannot be is named by its place, and nothing is kept."""
        self.actor.require(SchedulingPermission.CHANGE_TEMPLATES)
        template = get_template(pk, actor=self.actor)
        etags.check_match(request.headers.get("If-Match"), record=template, required=True)
        given = self.read(WeekIn)["blocks"]
        blocks = [WeekBlock(**{**each, "types": frozenset(each["types"])}) for each in given]
        try:
            done = templates.set_week(template, blocks=blocks, actor=self.actor)
        except WeekError as error:
            where = f"blocks.{error.row}.{error.field}"
            raise DomainError(f"Block {error.row + 1}: {error.message}", field=where) from error
        return self.answer(done)

    def answer(self, template: ScheduleTemplate) -> Response:
        """The week with the version's ETag."""
        blocks = [
            {name: getattr(block, name) for name in BLOCK} | {"types": sorted(block.types)}
            for block in week_of(template)
        ]
        row = {
            "template": template.pk,
            "state": template.state,
            "cycle_weeks": template.cycle_weeks,
            "blocks": blocks,
        }
        return Response(WeekOut(row).data, headers={"ETag": etags.etag_of(template)})


class TemplatePreview(Endpoint):
    """What publishing a draft would change."""

    @extend_schema(
        operation_id="template_preview_retrieve",
        tags=["scheduling"],
        responses={200: EffectOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Minutes gained and lost by kind of visit, and the visits that would lie outside (at most a hundred ids)."""
        self.actor.require(SchedulingPermission.CHANGE_TEMPLATES)
        effect = effect_of(get_template(pk, actor=self.actor), actor=self.actor)
        note_read(
            request._request,
            what="Visits a template displaces",
            patient_ids=[visit.patient_id for visit in effect.outside],
        )
        row = {
            "first": effect.first,
            "last": effect.last,
            "rows": effect.rows,
            "outside_count": effect.outside_count,
            "visit_ids": [visit.pk for visit in effect.outside],
        }
        return Response(EffectOut(row).data)


class AccessIn(serializers.Serializer[Any]):
    """Query parameters of third next available."""

    type = serializers.UUIDField(required=False)
    location = serializers.UUIDField(required=False)


class AccessOut(serializers.Serializer[Any]):
    """Third next available of a provider at a site, for one kind of visit."""

    resource = serializers.UUIDField(source="resource_id")
    type = serializers.UUIDField(source="type_id")
    days = serializers.IntegerField(
        allow_null=True, help_text="Calendar days from today; null: none in the days looked at"
    )


class Access(Endpoint):
    """Third next available, now."""

    query = AccessIn

    @extend_schema(
        operation_id="access_list",
        tags=["scheduling"],
        responses={
            200: inline_serializer(
                "access",
                {
                    "as_of": serializers.DateTimeField(),
                    "lookahead_days": serializers.IntegerField(),
                    "results": AccessOut(many=True),
                },
            ),
            403: Problem,
            422: Problem,
        },
    )
    def get(self, request: Request) -> Response:
        """Days to the third open slot of every provider and visit type they take; held time never counts."""
        asked = self.asked()
        rows = access.third_next(
            self.actor,
            sites=[asked["location"]] if "location" in asked else None,
            types=[asked["type"]] if "type" in asked else None,
        )
        days = access.lookahead(practice_today(self.actor))
        return Response(
            {"as_of": clock.now(), "lookahead_days": days, "results": AccessOut(rows, many=True).data}
        )
