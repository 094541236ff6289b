"""The form of a patient's payment; its clean values are the service's keyword arguments."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms

from billing.models import PatientPayment
from patients.forms import QUIET, AboutPatient
from practice.models import Location
from practice.selectors.places import locations
from scheduling.models import Appointment
from scheduling.selectors.appointments import visible_to as visits


class PaymentForm(AboutPatient):
    """Who pays how much, and how."""

    amount = forms.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        error_messages={"min_value": "Enter an amount above zero"},
    )
    method = forms.ChoiceField(
        choices=PatientPayment.Method.choices,
        initial=PatientPayment.Method.CARD,
        label="Paid by",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was paid"},
    )
    reference = forms.CharField(
        max_length=40,
        required=False,
        label="Check or approval number",
        widget=forms.TextInput(attrs=QUIET),
        help_text="Of the check, or from the card terminal. Never a card number",
    )
    location = forms.ModelChoiceField(
        queryset=Location.objects.none(),
        required=False,
        empty_label="Choose",
        help_text="Where the money was taken; that of the visit, when it is empty",
    )
    note = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs=QUIET))
    visit = forms.UUIDField(required=False, help_text="The visit it was taken at, by its id")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = locations(self.actor).filter(is_active=True).order_by("name")
        self.fields["location"].queryset = self.places  # type: ignore[attr-defined]

    def ask_where(self) -> None:
        """Without a visit nobody else says where the money was taken; a site alone goes without saying."""
        where = self.fields["location"]
        where.required, where.help_text = not where.widget.is_hidden, "Where the money was taken"

    def hide(self, *names: str) -> None:
        """Carry these along unseen: they are known already."""
        for name in names:
            self.fields[name].widget = forms.HiddenInput()

    def clean_visit(self) -> Appointment | None:
        """The visit, among those the actor may see."""
        key: uuid.UUID | None = self.cleaned_data["visit"]
        found = visits(self.actor).filter(pk=key).first() if key else None
        if key and found is None:
            raise forms.ValidationError("There is no such visit.")
        return found

    def clean(self) -> dict[str, Any]:
        """Without a location it is the visit's, or the only one there is."""
        given = super().clean() or {}
        if not given.get("location") and "location" not in self.errors:
            only, visit = list(self.places[:2]), given.get("visit")
            given["location"] = visit.location if visit else only[0] if len(only) == 1 else None
            if given["location"] is None:
                self.add_error("location", "Choose the location")
        return given
