"""REST endpoints of notes on records: the same selectors and services as the pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.paging import page_of
from kit.problem import Problem
from practice.audit import note_read
from practice.models import Membership, Note
from practice.permissions import PracticePermission
from practice.selectors import notes as found
from practice.selectors import records
from practice.selectors.people import members
from practice.services import notes as service
from practice.services.notes import LONGEST
from practice.services.refs import kind_of

REFUSED = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_MENTIONED = 50


class NoteOut(serializers.ModelSerializer[Note]):
    """A note as read."""

    pinned = serializers.BooleanField()
    replaced = serializers.BooleanField(help_text="A newer note corrects it")

    class Meta:
        model = Note
        fields = ("id", "text", "author", "replaces", "replaced", "pinned", "created_at")


class NoteIn(serializers.Serializer[Any]):
    """A note. Members it mentions are named by id: an @ in the text tells nobody here."""

    text = serializers.CharField(max_length=LONGEST)
    mentions = serializers.ListField(
        child=serializers.UUIDField(), max_length=MOST_MENTIONED, required=False, help_text="Members to tell"
    )
    anyway = serializers.BooleanField(
        required=False, help_text="Keep it although one of them may not see the record and is not told"
    )


class _Noting(Endpoint):
    """What the endpoints share: the record by its door, members by id, the answer."""

    def _about(self, kind: str, *, pk: uuid.UUID) -> Any:
        record = records.find(kind, pk=pk, actor=self.actor)
        if not getattr(record, "takes_notes", True):
            raise Http404
        return record

    def _given(self) -> dict[str, Any]:
        values = self.read(NoteIn)
        asked = set(values.pop("mentions", ()))
        people: list[Membership] = list(members(self.actor).filter(pk__in=asked))
        if len(people) < len(asked):
            raise DomainError("Name members of this practice.", field="mentions")
        return values | {"mentions": people}

    def _noted(self, request: Request, *, record: Any) -> None:
        shown = records.patients_of(type(record), ids=[record.pk])
        note_read(request._request, what=f"notes of {kind_of(record)}", patient_ids=shown)

    def _answer(self, request: Request, note: Note, *, record: Any, status: int = 200) -> Response:
        self._noted(request, record=record)
        return Response(NoteOut(found.of_record(record).get(pk=note.pk)).data, status=status)


class Notes(_Noting):
    """The notes of one record."""

    paged = True

    @extend_schema(
        operation_id="notes_list",
        tags=["notes"],
        responses={200: page_of("notes_page", row=NoteOut(many=True)), 404: Problem, 422: Problem},
    )
    def get(self, request: Request, kind: str, pk: uuid.UUID) -> Response:
        """Every note of a record (kind: app.model), oldest first; those corrected since are among them."""
        record = self._about(kind, pk=pk)
        answer, _ = self.page(found.of_record(record), row=NoteOut)
        self._noted(request, record=record)
        return answer

    @extend_schema(
        operation_id="notes_create", tags=["notes"], request=NoteIn, responses={201: NoteOut, **REFUSED}
    )
    def post(self, request: Request, kind: str, pk: uuid.UUID) -> Response:
        """Write a note about a record. 422 when it mentions somebody who may not see the record, unless “anyway”."""
        self.actor.require(PracticePermission.WRITE_NOTE)
        record = self._about(kind, pk=pk)
        made = service.write(record, **self._given(), actor=self.actor)
        return self._answer(request, made, record=record, status=201)


class Correct(_Noting):
    """Correcting a note."""

    @extend_schema(
        operation_id="notes_correct", tags=["notes"], request=NoteIn, responses={201: NoteOut, **REFUSED}
    )
    def post(self, request: Request, note_id: uuid.UUID) -> Response:
        """Replace a note of one's own by a newer one; the old one stays readable. 409 when it was replaced already."""
        self.actor.require(PracticePermission.WRITE_NOTE)
        given = self._given()
        note, record = found.get_note(note_id, actor=self.actor)
        newer = service.correct(note, **given, actor=self.actor)
        return self._answer(request, newer, record=record, status=201)


class Pin(_Noting):
    """Pinning a note."""

    @extend_schema(
        operation_id="notes_pin", tags=["notes"], request=None, responses={200: NoteOut, **REFUSED}
    )
    def post(self, request: Request, note_id: uuid.UUID) -> Response:
        """Keep a note on top of its record's notes. Twice is once."""
        self.actor.require(PracticePermission.PIN_NOTE)
        self.nothing()
        note, record = found.get_note(note_id, actor=self.actor)
        service.pin(note, actor=self.actor)
        return self._answer(request, note, record=record)


class Unpin(_Noting):
    """Letting a pinned note go."""

    @extend_schema(
        operation_id="notes_unpin", tags=["notes"], request=None, responses={200: NoteOut, **REFUSED}
    )
    def post(self, request: Request, note_id: uuid.UUID) -> Response:
        """Let a pinned note take its place by age again. Twice is once."""
        self.actor.require(PracticePermission.PIN_NOTE)
        self.nothing()
        note, record = found.get_note(note_id, actor=self.actor)
        service.unpin(note, actor=self.actor)
        return self._answer(request, note, record=record)
