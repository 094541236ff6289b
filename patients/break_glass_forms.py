"""What break-glass asks: whose record, why, and later what the review found."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import BirthDateField, Form
from patients.models import BreakGlass, BreakGlassReview


class ReasonForm(Form):
    """Why a restricted record must be opened now."""

    reason = forms.ChoiceField(choices=[("", "Choose"), *BreakGlass.Reason.choices], label="Reason")
    words = forms.CharField(
        max_length=300,
        label="In your words",
        error_messages={"required": "Say in your words why you need it"},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The privacy officer reads this.",
    )


class KeyForm(ReasonForm):
    """The same with the key to the record: its number, or last name and birth date exactly."""

    mrn = forms.CharField(
        max_length=20,
        required=False,
        label="Record number",
        help_text="This, or the last name and the birth date.",
    )
    last_name = forms.CharField(
        max_length=60,
        required=False,
        label="Or last name, in full",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = BirthDateField(required=False, label="And birth date")
    field_order = ("mrn", "last_name", "birth_date", "reason", "words")

    def clean(self) -> dict[str, Any]:
        """One of the two ways must be whole."""
        given = super().clean() or {}
        whole = given.get("mrn") or (given.get("last_name") and given.get("birth_date"))
        if not whole and not self.errors:
            self.add_error("mrn", "Enter the record number, or the last name and the birth date")
        return given


class ReviewForm(Form):
    """What a review found."""

    outcome = forms.ChoiceField(
        choices=[("", "Choose"), *BreakGlassReview.Outcome.choices], label="What you found"
    )
    note = forms.CharField(
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed unless it was justified: what you asked, and what follows",
    )
