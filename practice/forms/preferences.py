"""How somebody likes the product."""

from typing import Any

from django import forms

from kit.forms import Form
from practice.models.people import Theme


class PreferencesForm(Form):
    """Colours, rows and keys; the same in every practice of a person's."""

    theme: Any = forms.ChoiceField(label="Colors", choices=Theme.choices, widget=forms.RadioSelect)
    comfortable_rows: Any = forms.TypedChoiceField(
        label="Rows of lists",
        choices=[("", "Compact"), ("1", "Comfortable: taller, easier to hit")],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
    )
    single_keys = forms.BooleanField(
        label="Single-key shortcuts",
        required=False,
        help_text="j and k move, x selects, n makes a new one, ? lists them all. "
        "Switch them off if you speak to the computer, or hit keys by accident.",
    )
