"""What the complaint desk asks: few fields when it is taken, one text at every step."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from kit.forms import Form
from patients.models import Complaint, Patient
from patients.selectors import patients
from practice.models import Location, Membership


class ComplaintForm(Form):
    """Taken down in a minute; who works on it and how bad it is can follow."""

    patient = forms.CharField(
        max_length=36, required=False, label="Patient's MRN", help_text="Empty when it is not about a patient"
    )
    complainant = forms.CharField(
        max_length=120, required=False, label="Told by", help_text="When it was not the patient"
    )
    channel = forms.ChoiceField(choices=Complaint.Channel.choices, label="How it came")
    category = forms.ChoiceField(choices=Complaint.Category.choices)
    summary = forms.CharField(max_length=200, label="What it is about, in one sentence")
    details = forms.CharField(required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4}))
    is_grievance = forms.BooleanField(
        required=False,
        label="Grievance",
        help_text="Not settled on the spot: postponed, referred, or the patient asks for an answer in writing",
    )
    severity = forms.ChoiceField(choices=Complaint.Severity.choices, initial=Complaint.Severity.MEDIUM)
    location = forms.ModelChoiceField(queryset=Location.objects.all(), required=False, label="Site")
    received_on = forms.DateField(required=False, label="Received on", help_text="Empty means today")
    owner = forms.ModelChoiceField(
        queryset=Membership.objects.filter(ended_at=None).select_related("user").order_by("user__name"),
        required=False,
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        del self.fields["owner" if self.record is None else "received_on"]
        given = self.initial.get("patient")
        if given:  # an address or a record carries the key; people read and type the number
            found = _by_key(str(given), actor=self.actor)
            self.initial["patient"] = found.mrn if found else ""

    def clean_patient(self) -> Patient | None:
        """The patient with this number, among those the actor may see."""
        mrn = str(self.cleaned_data["patient"]).strip().upper()
        if not mrn:
            return None
        found = patients.visible_to(self.actor).filter(mrn=mrn).first() or _by_key(mrn, actor=self.actor)
        if found is None:
            raise forms.ValidationError("No patient has this MRN.")
        return found


def _by_key(text: str, *, actor: Any) -> Patient | None:
    try:
        key = uuid.UUID(text)
    except ValueError:
        return None
    return patients.visible_to(actor).filter(pk=key).first()


def _said(label: str, *, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=8000, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text
    )


class NoteForm(Form):
    """What was said or done."""

    note = _said("What was said or done")


class ResponseForm(Form):
    """The answer to whoever complained."""

    note = _said("Answer", help_text="Contact person, steps taken, result, and the day it was completed")


class ResolutionForm(Form):
    """What came of it."""

    resolution = _said("What came of it")
