"""REST endpoints of work items: the same selectors and services as the pages."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.paging import page_of
from kit.problem import Problem
from practice.audit import note_read
from practice.models import Location, Membership, Role, WorkItem
from practice.permissions import PracticePermission
from practice.selectors import work as found
from practice.selectors.people import members
from practice.services import work_desk
from practice.views.work import patients_in

REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ItemOut(serializers.ModelSerializer[WorkItem]):
    """An item of work as read."""

    about_kind = serializers.CharField(source="ref.kind", default="")
    about_id = serializers.UUIDField(source="ref.record_id", default=None, allow_null=True)

    class Meta:
        model = WorkItem
        fields = (
            "id", "kind", "title", "reason", "state", "due_on", "amount", "chance", "owner", "role", "location",
            "about_kind", "about_id", "snoozed_until", "snooze_reason", "snooze_count", "escalated_to", "closed_at",
            "outcome", "created_at", "updated_at",
        )  # fmt: skip


class Asked(serializers.Serializer[Any]):
    """Query parameters of the list."""

    state = serializers.ChoiceField(choices=WorkItem.State.choices, required=False)
    kind = serializers.CharField(max_length=60, required=False)
    location = serializers.UUIDField(required=False)
    owner = serializers.UUIDField(required=False)
    updated_since = serializers.DateTimeField(required=False)


class ReminderIn(serializers.Serializer[Any]):
    """A reminder; without an owner or a role it is the caller's own."""

    title = serializers.CharField(max_length=200)
    due_on = serializers.DateField(required=False, allow_null=True)
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    location = serializers.UUIDField(required=False, allow_null=True)
    owner = serializers.UUIDField(required=False, allow_null=True)
    role = serializers.UUIDField(required=False, allow_null=True)


class AssignIn(serializers.Serializer[Any]):
    """A person or a role."""

    owner = serializers.UUIDField(required=False, allow_null=True)
    role = serializers.UUIDField(required=False, allow_null=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class SnoozeIn(serializers.Serializer[Any]):
    """Until when, and why."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class DoneIn(serializers.Serializer[Any]):
    """How it ended."""

    outcome = serializers.CharField(max_length=200, required=False, allow_blank=True)


def _member(given: uuid.UUID | None, *, endpoint: Endpoint) -> Membership | None:
    if given is None:
        return None
    member = members(endpoint.actor).filter(pk=given).first()
    if member is None:
        raise DomainError("Name a member of this practice.", field="owner")
    return member


def _role(given: uuid.UUID | None) -> Role | None:
    if given is None:
        return None
    role = Role.objects.filter(pk=given).first()
    if role is None:
        raise DomainError("Name a role of this practice.", field="role")
    return role


def _location(given: uuid.UUID | None, *, endpoint: Endpoint) -> Location | None:
    if given is None:
        return None
    site = Location.objects.filter(pk=given).first() if endpoint.actor.sees_location(given) else None
    if site is None:
        raise DomainError("Name a location of this practice.", field="location")
    return site


class Items(Endpoint):
    """The list of work, and new reminders."""

    query = Asked
    paged = True

    @extend_schema(
        operation_id="work_items_list",
        tags=["work"],
        responses={200: page_of("work_items_page", row=ItemOut(many=True)), 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Items the caller may open, oldest first: everybody's with the permission to see them."""
        self.actor.require(PracticePermission.VIEW_WORK)
        names = {"state": "state", "kind": "kind", "location": "location_id", "owner": "owner_id",
                 "updated_since": "updated_at__gte"}  # fmt: skip
        given = {names[key]: value for key, value in self.asked().items()}
        rows = found.visible_to(self.actor).filter(**given).select_related("ref", "subject")
        answer, shown = self.page(rows, row=ItemOut)
        note_read(request._request, what="My work", patient_ids=patients_in(shown))
        return answer

    @extend_schema(
        operation_id="work_items_create",
        tags=["work"],
        request=ReminderIn,
        responses={201: ItemOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Make a reminder. Send an Idempotency-Key, so that a repeat makes one."""
        self.actor.require(PracticePermission.DO_WORK)
        values = self.read(ReminderIn)
        values["owner"] = _member(values.get("owner"), endpoint=self)
        values["role"] = _role(values.get("role"))
        values["location"] = _location(values.get("location"), endpoint=self)
        if values["owner"] or values["role"]:
            self.actor.require(PracticePermission.ASSIGN_WORK)
        made = work_desk.add(**values, actor=self.actor)
        return Response(ItemOut(made).data, status=201)


class OneItem(Endpoint):
    """One item."""

    @extend_schema(
        operation_id="work_items_retrieve",
        tags=["work"],
        responses={200: ItemOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """An item of work."""
        self.actor.require(PracticePermission.VIEW_WORK)
        item = found.get_item(pk, actor=self.actor)
        note_read(request._request, what="Work item", patient_ids=patients_in([item]))
        return Response(ItemOut(item).data)


class _Acting(Endpoint):
    """An act on one item; the answer is the item as it stands then."""

    def _found(self, pk: uuid.UUID) -> WorkItem:
        return found.get_item(pk, actor=self.actor)

    def _answer(self, request: Request, item: WorkItem) -> Response:
        note_read(request._request, what="Work item", patient_ids=patients_in([item]))
        again = WorkItem.objects.select_related("ref").get(pk=item.pk)
        return Response(ItemOut(again).data)


class Assign(_Acting):
    """Handing an item over."""

    @extend_schema(
        operation_id="work_items_assign", tags=["work"], request=AssignIn, responses={200: ItemOut, **REFUSED}
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Hand an item to a person or into a role's queue."""
        self.actor.require(PracticePermission.ASSIGN_WORK)
        values = self.read(AssignIn)
        item = self._found(pk)
        owner, role = _member(values.get("owner"), endpoint=self), _role(values.get("role"))
        work_desk.assign([item], to=owner, role=role, note=values.get("note", ""), actor=self.actor)
        return self._answer(request, item)


class Snooze(_Acting):
    """Putting an item off."""

    @extend_schema(
        operation_id="work_items_snooze", tags=["work"], request=SnoozeIn, responses={200: ItemOut, **REFUSED}
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Put an item out of sight until a day, with the reason."""
        self.actor.require(PracticePermission.DO_WORK)
        values = self.read(SnoozeIn)
        item = self._found(pk)
        work_desk.snooze([item], **values, actor=self.actor)
        return self._answer(request, item)


class Done(_Acting):
    """Finishing an item."""

    @extend_schema(
        operation_id="work_items_done", tags=["work"], request=DoneIn, responses={200: ItemOut, **REFUSED}
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Finish an item whose kind a person may finish; 409 for those that end where they come from."""
        self.actor.require(PracticePermission.DO_WORK)
        values = self.read(DoneIn)
        item = self._found(pk)
        work_desk.done([item], outcome=values.get("outcome", ""), actor=self.actor)
        return self._answer(request, item)
