"""Forms of the wait list and its offers."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.forms import AboutPatient
from patients.models.contact import Channel
from practice.models import Location
from scheduling.models import Appointment, AppointmentType, WaitlistEntry, WaitlistOffer
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.rules.weeks import DAYS
from scheduling.selectors.appointments import visible_to
from staff.models import Provider

ANY = "None chosen: any of them"


class WaitingForm(AboutPatient):
    """What somebody waits for, with whom, where and when."""

    type = forms.ModelChoiceField(
        queryset=AppointmentType.objects.none(), empty_label="Choose", label="Visit type"
    )
    priority = forms.TypedChoiceField(
        choices=WaitlistEntry.Priority.choices,
        coerce=int,
        initial=WaitlistEntry.Priority.ROUTINE,
        empty_value=None,
        required=False,
    )
    earliest = forms.DateField(
        required=False, label="Not before", help_text="MM/DD/YYYY; today, when it is empty"
    )
    latest = forms.DateField(
        required=False, label="Until", help_text="MM/DD/YYYY; empty: as long as the rule says"
    )
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(DAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Days of the week",
        help_text=ANY,
    )
    starts_from = forms.TimeField(required=False, label="Time of day from", help_text="As 8:30 AM")
    ends_by = forms.TimeField(required=False, label="Over by", help_text="As 12:00 PM")
    notice_hours = forms.IntegerField(
        min_value=0,
        max_value=336,
        required=False,
        initial=2,
        label="Hours of notice",
        help_text="How long before the visit the patient must know",
    )
    providers = forms.ModelMultipleChoiceField(
        queryset=Provider.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, help_text=ANY
    )
    locations = forms.ModelMultipleChoiceField(
        queryset=Location.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, help_text=ANY
    )
    note = forms.CharField(max_length=300, required=False, help_text="For whoever calls")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, model in (("type", AppointmentType), ("providers", Provider), ("locations", Location)):
            found = model.objects.filter(practice_id=self.actor.practice_id, is_active=True)  # type: ignore[attr-defined]
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        if isinstance(self.record, WaitlistEntry):
            self.fields["patient"].disabled = self.fields["type"].disabled = True
            self.fields["providers"].initial = [each.provider_id for each in self.record.with_providers.all()]
            self.fields["locations"].initial = [each.location_id for each in self.record.at_locations.all()]

    def clean_priority(self) -> int:
        """Routine, when nobody said."""
        return self.cleaned_data["priority"] or WaitlistEntry.Priority.ROUTINE

    def clean_notice_hours(self) -> int:
        """Two hours, when nobody said."""
        given: int | None = self.cleaned_data["notice_hours"]
        return 2 if given is None else given


class TellForm(Form):
    """How the patient was told of an offer."""

    told = forms.ChoiceField(
        choices=[("", "Choose"), *WaitlistOffer.Told.choices[1:]], label="How they were told"
    )
    note = forms.CharField(max_length=200, required=False, help_text="Whom you spoke to, or what you left")


class SendForm(Form):
    """Which message tells the patient of an offer."""

    told = forms.ChoiceField(choices=Channel.choices, label="Send", widget=forms.RadioSelect)


class DeclineForm(Form):
    """What the patient said."""

    note = forms.CharField(max_length=200, required=False, label="What they said")


class VisitForm(Form):
    """Which visit is what somebody waited for."""

    visit = forms.ModelChoiceField(queryset=Appointment.objects.none(), empty_label="Choose", label="Visit")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        mine = visible_to(self.actor).filter(status__in=BEFORE_ARRIVAL)
        if self.record is not None:
            mine = mine.filter(patient_id=self.record.patient_id)  # type: ignore[attr-defined]
        self.fields["visit"].queryset = mine.select_related("patient").order_by("starts_at")  # type: ignore[attr-defined]
