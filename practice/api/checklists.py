"""REST: the steps of a checklist on its day, each with the answer that stands. Answering and signing are its acts."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.problem import Problem
from practice.models.checklist import StepKind
from practice.permissions import PracticePermission
from practice.selectors import checklists as found


class StepOut(serializers.Serializer[Any]):
    """A step and its answer. ``value`` is "done", "yes", "no", a number or a text, a file's name; empty for none."""

    id = serializers.UUIDField(source="step.pk", help_text="What the act “answer” takes as its step")
    position = serializers.IntegerField(source="step.position")
    text = serializers.CharField(source="step.text")
    kind = serializers.ChoiceField(choices=StepKind.choices, source="step.kind")
    lowest = serializers.DecimalField(max_digits=10, decimal_places=2, source="step.lowest", allow_null=True)
    highest = serializers.DecimalField(
        max_digits=10, decimal_places=2, source="step.highest", allow_null=True
    )
    unit = serializers.CharField(source="step.unit")
    required = serializers.BooleanField(source="step.required")  # type: ignore[assignment]  # the field's own name
    value = serializers.CharField(source="answer.value", default="")
    outside = serializers.BooleanField(source="answer.outside", default=False)
    file = serializers.UUIDField(source="answer.file_id", default=None, allow_null=True)
    answered_by = serializers.UUIDField(source="answer.by_id", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(source="answer.created_at", default=None, allow_null=True)


class Steps(Endpoint):
    """The steps of one run."""

    @extend_schema(
        operation_id="checklist_steps_list",
        tags=["checklists"],
        responses={200: StepOut(many=True), 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The steps in their order, as they were when the checklist was made, with the answers that stand."""
        self.actor.require(PracticePermission.VIEW_CHECKLISTS)
        run = found.get_run(pk, actor=self.actor)
        answers = {key: each for key, each in found.current_answers(run).items() if each.counts}
        steps = run.version.steps.order_by("position")
        return Response(
            StepOut([{"step": each, "answer": answers.get(each.pk)} for each in steps], many=True).data
        )
