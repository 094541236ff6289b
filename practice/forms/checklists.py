"""Forms of checklists: a row of the editor, a step's answer, the signature."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms

from kit.forms import Form
from practice.models import ChecklistRun, ChecklistStep
from practice.models.checklist import StepKind
from practice.rules.checklist_text import Step, measured
from practice.selectors.checklists import all_answers
from practice.services import checklist_runs

WIDE = {"data-width": "full"}
SPARE = 4


class StepRow(Form):
    """One step in the editor. An empty text means that there is no such step."""

    position = forms.IntegerField(min_value=1, max_value=999, required=False, label="Place in the order")
    text = forms.CharField(
        max_length=200, required=False, label="What to do", widget=forms.TextInput(attrs=WIDE)
    )
    kind = forms.ChoiceField(
        choices=StepKind.choices, required=False, label="Answered by", initial=StepKind.TICK.value
    )
    lowest = forms.DecimalField(max_digits=10, decimal_places=2, required=False, label="Lowest allowed")
    highest = forms.DecimalField(max_digits=10, decimal_places=2, required=False, label="Highest allowed")
    unit = forms.CharField(max_length=12, required=False, label="Unit", help_text="Such as °F")
    required = forms.BooleanField(required=False, initial=True, label="Must be answered before signing")

    def step(self) -> Step | None:
        """What the row says, None for an empty one."""
        given = self.cleaned_data
        if not given.get("text"):
            return None
        return Step(
            text=given["text"],
            kind=given["kind"] or StepKind.TICK.value,
            lowest=given["lowest"],
            highest=given["highest"],
            unit=given["unit"],
            required=given["required"],
        )


StepRows: Any = forms.formset_factory(StepRow, extra=SPARE, max_num=64, absolute_max=80, validate_max=True)


class StepsForm(Form):
    """All steps as text, for the API."""

    steps = forms.CharField(
        max_length=20_000,
        label="Steps",
        widget=forms.Textarea(attrs={"rows": 12, **WIDE}),
        help_text="One a line, such as “tick: Unlock the door” or “number: Refrigerator [36..46 °F]”",
    )


class AnswerForm(Form):
    """The answer of one step; files are attached on the page."""

    step = forms.ModelChoiceField(queryset=ChecklistStep.objects.none(), label="Step")
    value = forms.CharField(
        max_length=500,
        required=False,
        label="Answer",
        help_text="done, yes, no, a number or a text. Empty: taken back",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.record, ChecklistRun):
            steps = ChecklistStep.objects.filter(version_id=self.record.version_id).order_by("position")
            self.fields["step"].queryset = steps  # type: ignore[attr-defined]


class SignForm(Form):
    """Who signs."""

    signed_name = forms.CharField(
        max_length=120,
        label="Your name",
        required=False,
        help_text="Left empty, you sign by proving again that it is you",
    )


def answer_field(step: ChecklistStep) -> forms.Field:
    """The field a step is answered by on the page of a run."""
    label = step.text
    hint = step.limits
    if step.kind == StepKind.TICK:
        return forms.BooleanField(label=label, required=False, help_text="" if step.required else "Optional")
    if step.kind == StepKind.YES_NO:
        return forms.ChoiceField(
            label=label, required=False, choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
        )
    if step.kind == StepKind.NUMBER:
        return forms.DecimalField(
            label=label, required=False, max_digits=10, decimal_places=2, help_text=hint
        )
    if step.kind == StepKind.FILE:
        return forms.FileField(label=label, required=False, help_text="A photo or a PDF")
    return forms.CharField(label=label, required=False, max_length=500, widget=forms.TextInput(attrs=WIDE))


class RunForm(Form):
    """Every step of a run, and the signature: one page, saved as often as one likes.

    Beside each step the page carries the answer that it showed (``seen-1``). What was left as it was seen is no answer
    of this person's, so that two at one checklist do not undo each other's ticks.
    """

    signed_name = SignForm.base_fields["signed_name"]

    def __init__(self, *, run: ChecklistRun, answers: dict[Any, Any], **kwargs: Any) -> None:
        self.steps = list(run.version.steps.order_by("position"))
        self.run = run
        self.given: list[tuple[ChecklistStep, dict[str, Any]]] = []
        self.left: set[uuid.UUID] = set()  # steps that were valid and as they were seen
        self.overtaken: set[uuid.UUID] = set()  # steps that somebody else has answered in between
        initial = {name_of(step): _initial(step, answers=answers) for step in self.steps}
        super().__init__(initial=initial, **kwargs)
        for step in self.steps:
            self.fields[name_of(step)] = answer_field(step)
        self._settle(actor=self.actor, record=None)

    def clean(self) -> dict[str, Any]:
        """Tell what was answered from what was left as it was seen."""
        cleaned = super().clean() or self.cleaned_data
        ever = {str(each.pk): each.value for each in all_answers(self.run)}
        for step in self.steps:
            if name_of(step) in cleaned:
                given = self._given(step, value=cleaned[name_of(step)])
                if given is None or given.get("value") == ever.get(self.seen(step), ""):
                    self.left.add(step.pk)
                else:
                    self.given.append((step, given))
        return cleaned

    def _given(self, step: ChecklistStep, *, value: Any) -> dict[str, Any] | None:
        """What ``checklist_runs.answer`` is to be asked; a file that was not chosen is no answer."""
        over = {"over": self.seen(step)}
        if step.kind == StepKind.FILE:
            if value:
                return {"file": (value.name, value.read()), **over}
            return {"value": checklist_runs.TAKEN_BACK, **over} if self.data.get(removal_of(step)) else None
        if step.kind == StepKind.TICK:
            return {"value": checklist_runs.DONE if value else checklist_runs.TAKEN_BACK, **over}
        if isinstance(value, Decimal):
            return {"value": measured(value + 0), **over}
        return {"value": value or "", **over}

    def mark(self) -> None:
        """Before it is shown: only what may be left out at the signature is called optional."""
        self.use_required_attribute = False
        for step in self.steps:
            self.fields[name_of(step)].required = step.required

    def seen(self, step: ChecklistStep) -> str:
        """The id of the answer that the page showed, '' for none."""
        return str(self.data.get(seen_of(step), ""))

    def catch_up(self, answers: dict[Any, Any]) -> None:
        """Before it is shown again: what this person left alone shows what others have answered since, and the page
        says which answer it shows. What they answered stays as they typed it.
        """
        given: Any = self.data
        data = given.copy()
        for step in self.steps:
            now = answers.get(step.pk)
            if step.pk in self.left:
                data.pop(name_of(step), None)
                if shown := _initial(step, answers=answers):
                    data[name_of(step)] = shown
            if step.pk in self.left | self.overtaken:
                data[seen_of(step)] = str(now.pk) if now else ""
        self.data = data


def name_of(step: ChecklistStep) -> str:
    """The name of a step's field."""
    return f"step-{step.position}"


def seen_of(step: ChecklistStep) -> str:
    """The name of the field that says which answer the page showed."""
    return f"seen-{step.position}"


def removal_of(step: ChecklistStep) -> str:
    """The name of the box that takes a file back."""
    return f"remove-{step.position}"


def _initial(step: ChecklistStep, *, answers: dict[Any, Any]) -> Any:
    answer = answers.get(step.pk)
    if answer is None or step.kind == StepKind.FILE:
        return None
    return answer.value == checklist_runs.DONE if step.kind == StepKind.TICK else answer.value
