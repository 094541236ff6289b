"""Forms of reschedules, recalls and the tries to reach people."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.forms import AboutPatient
from scheduling.models import ContactAttempt, Recall, RecallType


class AttemptForm(Form):
    """How somebody tried to reach the patient, and what came of it."""

    how = forms.ChoiceField(choices=ContactAttempt.How.choices, label="How")
    result = forms.ChoiceField(
        choices=[("", "Choose"), *ContactAttempt.Result.choices], label="What came of it"
    )
    note = forms.CharField(max_length=200, required=False, help_text="Whom you spoke to, or what they said")
    next_try_on = forms.DateField(
        required=False, label="Next try", help_text="MM/DD/YYYY; empty: as the rule says"
    )


class RecallForm(AboutPatient):
    """Who is due for what, and when."""

    kind = forms.ModelChoiceField(
        queryset=RecallType.objects.none(), empty_label="Choose", label="Recall type"
    )
    due_on = forms.DateField(
        required=False, label="Due", help_text="MM/DD/YYYY; empty: so many months from today as the type says"
    )
    note = forms.CharField(max_length=200, required=False, help_text="Why they should come")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        found = RecallType.objects.filter(practice_id=self.actor.practice_id, is_active=True)
        self.fields["kind"].queryset = found  # type: ignore[attr-defined]


class RecallChangeForm(Form):
    """Another day for a recall."""

    due_on = forms.DateField(label="Due")
    note = forms.CharField(max_length=200, required=False, help_text="Why they should come")

    def __init__(self, *, record: Recall | None = None, **kwargs: Any) -> None:
        super().__init__(record=record, **kwargs)
