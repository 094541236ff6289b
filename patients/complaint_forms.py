"""What the complaint desk asks: few fields when it is taken, one text at every step."""

from __future__ import annotations

from django import forms

from kit.forms import Form
from patients.forms import AboutPatient
from patients.models import Complaint
from practice.models import Location, Membership


class ComplaintForm(AboutPatient):
    """Taken down in a minute; who works on it and how bad it is can follow."""

    patient = forms.CharField(
        max_length=36,
        required=False,
        label="Patient's MRN",
        help_text="Or name and birth date; empty when it is not about a patient",
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

    only_new, only_later = ("received_on",), ("owner",)


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
