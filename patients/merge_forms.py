"""What a merge asks."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from patients.around_forms import by_number
from patients.models import Patient


class MergeForm(Form):
    """Which record is kept, which goes, and why they are one person."""

    kept = forms.CharField(max_length=36, label="MRN of the record that stays")
    gone = forms.CharField(
        max_length=36, label="MRN of the record that goes", help_text="It leads to the other one"
    )
    reason = forms.CharField(
        max_length=200,
        label="Why they are one person",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept with the merge",
    )
    take = forms.CharField(
        max_length=600,
        required=False,
        label="Values to take from the record that goes",
        help_text="Names of fields",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("kept", "gone"):
            if given := self.initial.get(name):  # people read and type the number
                self.initial[name] = getattr(by_number(str(given), actor=self.actor), "mrn", "")

    def clean_kept(self) -> Patient | None:
        """The record that stays."""
        return by_number(str(self.cleaned_data["kept"]), actor=self.actor)

    def clean_gone(self) -> Patient | None:
        """The record that goes."""
        return by_number(str(self.cleaned_data["gone"]), actor=self.actor)
