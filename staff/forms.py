"""What the staff pages ask."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from staff.models import PayerEnrolment
from staff.rules import ENROLMENT_STEPS


class EndForm(Form):
    """When employment ends."""

    ended_on = forms.DateField(label="Last day")


class VerifyForm(Form):
    """Where and when a credential was checked."""

    source = forms.CharField(label="Source", max_length=120, help_text="Such as: State board web site")
    verified_on = forms.DateField(label="Checked on", required=False, help_text="Empty means today")


class RenewForm(Form):
    """The next licence or certificate in place of this one."""

    number = forms.CharField(max_length=60, required=False, help_text="Empty keeps the number")
    issued_on = forms.DateField(
        label="Valid from", required=False, help_text="Empty means from the day this one ends"
    )
    expires_on = forms.DateField(label="Expires")


class EnrolmentStateForm(Form):
    """The states that may follow, and the dates they need."""

    state = forms.ChoiceField(label="New state")
    effective_on = forms.DateField(label="Effective from", required=False)
    ends_on = forms.DateField(label="Last day", required=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        present = getattr(self.record, "state", "")
        offered: Any = self.fields["state"]
        offered.choices = [
            (step, PayerEnrolment.State(step).label) for step in ENROLMENT_STEPS.get(present, ())
        ]
