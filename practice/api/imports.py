"""REST endpoints of imports beside the Resource's own: columns, progress, refused rows.

Upload, dry run, import and undo are the Resource's: ``POST imports/``, then ``dry_run/``, ``take/``, ``undo/`` of one.
"""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.paging import page_of
from kit.problem import Problem
from practice.audit import note_read
from practice.models import ImportFile, ImportRefusal, ImportRun, SheetColumn, SheetValue
from practice.permissions import PracticePermission
from practice.selectors import imports as found
from practice.services import sheet_mappings
from practice.services.sheet_mappings import Choice

REFUSED = {403: Problem, 404: Problem, 422: Problem}


class MeaningOut(serializers.ModelSerializer[SheetValue]):
    """A word of the sheet and what it means."""

    class Meta:
        model = SheetValue
        fields = ("text", "count", "code")


class SheetColumnOut(serializers.ModelSerializer[SheetColumn]):
    """A column: what it holds and what it becomes."""

    meanings = MeaningOut(many=True, read_only=True)

    class Meta:
        model = SheetColumn
        fields = (
            "position", "heading", "field", "date_form", "rows", "filled", "distinct", "looks", "notes", "samples",
            "meanings",
        )  # fmt: skip


class SheetColumnIn(serializers.Serializer[Any]):
    """What a column becomes; an empty field leaves it out."""

    position = serializers.IntegerField(min_value=1, max_value=200)
    field = serializers.CharField(max_length=60, allow_blank=True)
    date_form = serializers.CharField(max_length=6, allow_blank=True, required=False)
    meanings = serializers.DictField(
        child=serializers.CharField(max_length=60, allow_blank=True), required=False, help_text="Word: code"
    )


class SheetColumnsIn(serializers.Serializer[Any]):
    """The choices; columns that are not named stay as they are."""

    columns = SheetColumnIn(many=True)
    keep_as = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="Remember them for this source system"
    )


class ImportFileOut(serializers.ModelSerializer[ImportFile]):
    """What became of the rows of one file."""

    class Meta:
        model = ImportFile
        fields = (
            "id", "name", "is_rehearsal", "rows_total", "rows_read", "rows_new", "rows_changed", "rows_known",
            "rows_refused", "is_finished",
        )  # fmt: skip


class ImportProgressOut(serializers.Serializer[Any]):
    """Where an import stands."""

    state = serializers.ChoiceField(choices=ImportRun.State.choices)
    percent = serializers.IntegerField()
    is_moving = serializers.BooleanField()
    error = serializers.CharField()
    files = ImportFileOut(many=True)


class ImportRefusalOut(serializers.ModelSerializer[ImportRefusal]):
    """A row that was not taken."""

    file = serializers.CharField(source="file.name")

    class Meta:
        model = ImportRefusal
        fields = ("id", "file", "row_number", "field", "message", "row")


class Columns(Endpoint):
    """The columns of a sheet."""

    def _run(self, pk: uuid.UUID) -> ImportRun:
        self.actor.require(PracticePermission.VIEW_IMPORTS)
        return found.get_run(pk, actor=self.actor)

    def _answer(self, run: ImportRun, *, request: Request) -> Response:
        note_read(request._request, what="Columns of an import")
        return Response(SheetColumnOut(found.columns_of(run), many=True).data)

    @extend_schema(
        operation_id="practice_import_columns",
        tags=["practice"],
        responses={200: SheetColumnOut(many=True), 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What each column holds, and what it becomes."""
        return self._answer(self._run(pk), request=request)

    @extend_schema(
        operation_id="practice_import_choose",
        tags=["practice"],
        request=SheetColumnsIn,
        responses={200: SheetColumnOut(many=True), **REFUSED, 409: Problem},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Say what columns become. A dry run must follow."""
        self.actor.require(PracticePermission.RUN_IMPORTS)
        run = self._run(pk)
        given = self.read(SheetColumnsIn)
        choices = [Choice(**each) for each in given["columns"]]
        chosen = sheet_mappings.choose(
            run, choices=choices, keep_as=given.get("keep_as", ""), actor=self.actor
        )
        return self._answer(chosen, request=request)


class Progress(Endpoint):
    """How far an import has come."""

    @extend_schema(
        operation_id="practice_import_progress",
        tags=["practice"],
        responses={200: ImportProgressOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """State, percent and counts; of the dry run until the import has begun."""
        self.actor.require(PracticePermission.VIEW_IMPORTS)
        run = found.get_run(pk, actor=self.actor)
        state = found.progress(run)
        told = {
            "state": run.state,
            "percent": state["percent"],
            "is_moving": state["moving"],
            "error": run.error,
            "files": state["files"],
        }
        return Response(ImportProgressOut(told).data)


class Refused(Endpoint):
    """Rows that were not taken."""

    paged = True

    @extend_schema(
        operation_id="practice_import_refused",
        tags=["practice"],
        responses={
            200: page_of("import_refusals_page", row=ImportRefusalOut(many=True)),
            403: Problem,
            404: Problem,
        },
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Refused rows with their reasons, and as they came: of the dry run until the import has begun."""
        self.actor.require(PracticePermission.RUN_IMPORTS)
        run = found.get_run(pk, actor=self.actor)
        answer, _ = self.page(found.refusals(run), row=ImportRefusalOut)
        note_read(request._request, what=f"refused rows of {run.label}", action="export")
        return answer
