"""Forms of visit series."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.forms import AboutPatient
from practice.models import Location
from scheduling.models import AppointmentType, VisitSeries
from scheduling.services.series import MOST_APART, MOST_VISITS
from staff.models import Provider


class SeriesForm(AboutPatient):
    """Which visits, with whom, where, from when on and how often."""

    type = forms.ModelChoiceField(
        queryset=AppointmentType.objects.none(), empty_label="Choose", label="Visit type"
    )
    provider = forms.ModelChoiceField(queryset=Provider.objects.none(), empty_label="Choose")
    location = forms.ModelChoiceField(queryset=Location.objects.none(), empty_label="Choose")
    starts_on = forms.DateField(label="First day")
    starts_at = forms.TimeField(label="Time of day", help_text="As 2:10 PM; the same on every day")
    every = forms.IntegerField(min_value=1, max_value=MOST_APART, initial=1, label="Every")
    unit = forms.ChoiceField(choices=VisitSeries.Unit.choices, label="Weeks or months")
    count = forms.IntegerField(min_value=2, max_value=MOST_VISITS, initial=6, label="Visits in all")
    reason = forms.CharField(max_length=200, required=False, label="Reason for the visits")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, model in (("type", AppointmentType), ("provider", Provider), ("location", Location)):
            found = model.objects.filter(practice_id=self.actor.practice_id, is_active=True)  # type: ignore[attr-defined]
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        here: Any = self.fields["location"]
        if self.actor.locations:
            here.queryset = here.queryset.filter(pk__in=self.actor.locations)


class MoveRestForm(Form):
    """Another time of day for the rest, or some days later or earlier."""

    starts_at = forms.TimeField(required=False, label="Time of day", help_text="Empty: as it is")
    days_later = forms.IntegerField(
        min_value=-27, max_value=27, required=False, label="Days later", help_text="-1: a day earlier"
    )

    def clean_days_later(self) -> int:
        """None, when nobody said."""
        return self.cleaned_data["days_later"] or 0
