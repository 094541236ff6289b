"""Forms of remittances and denials."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from billing.services.denials import DISPOSITIONS, LEAVE
from kit.forms import Form


class UploadForm(Form):
    """An 835 file."""

    file = forms.FileField(
        label="Remittance file",
        help_text="An X12 835 file, at most 20 MB. It is read and judged; no money moves until it is posted.",
    )


class MatchForm(Form):
    """Our claim number for a claim nobody found."""

    control_number = forms.CharField(label="Our claim number", max_length=17)


class ReleaseForm(Form):
    """Why a payment in quarantine is one of its own."""

    reason = forms.CharField(label="How do you know that this is another payment?", max_length=300)


class NoteForm(Form):
    """What was done on a denial."""

    note = forms.CharField(label="What was done", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class WinForm(Form):
    """What a won denial brings, in dollars."""

    recovered = forms.DecimalField(
        label="Amount won", max_digits=12, decimal_places=2, min_value=Decimal("0.01")
    )
    note = forms.CharField(label="Note", max_length=300, required=False)


class LoseForm(Form):
    """What happens to an amount that is given up."""

    disposition = forms.ChoiceField(
        label="What happens to the rest",
        choices=list(DISPOSITIONS.items()),
        initial=LEAVE,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Why it is given up", max_length=240, widget=forms.Textarea(attrs={"rows": 3})
    )
