"""Forms of Settings, Your data."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from practice.models import Practice
from practice.permissions import PracticePermission
from practice.services.closing import phrase_of


class ExportForm(Form):
    """Whether sealed values come along; asked only of those who may have them."""

    sealed_values = forms.BooleanField(
        required=False,
        label="Include SSNs, tax ids and other sealed values, readable",
        help_text="Without this, those columns are empty. The choice is written into the audit.",
    )

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        if not actor.may(PracticePermission.EXPORT_SEALED):
            del self.fields["sealed_values"]


class ApprovalForm(Form):
    """The phrase, typed."""

    phrase = forms.CharField(
        max_length=60, label="Type the phrase", widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *, practice: Practice, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["phrase"].help_text = f"“{phrase_of(practice)}”, word for word"


class CloseForm(ApprovalForm):
    """Why, and the phrase."""

    reason = forms.CharField(max_length=300, label="Why", help_text="It stands on the certificate")
    field_order = ("reason", "phrase")
