"""Forms of the tenant's own pages."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from kit.forms import Form, ModelForm
from practice.models import Location, Parameter, Role
from practice.selectors import places
from practice.services.displays import LONGEST_DAYS
from practice.services.parameters import defaults


class ParameterForm(ModelForm):
    """A practice's own value of a shipped rule; the choice shows default and source."""

    code = forms.ChoiceField(label="Rule")

    class Meta:
        model = Parameter
        fields = ("code", "value", "effective_from", "effective_to", "note")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (code, f"{code} (default {entries[0].value} {entries[0].unit}; {entries[0].citation})")
            for code, entries in sorted(defaults().items())
        ]

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"].strip()
        try:
            Decimal(value)
        except InvalidOperation:
            raise forms.ValidationError("Enter a number.") from None
        return value


class TokenForm(Form):
    """What an API client is called, what it may do, how long."""

    name = forms.CharField(max_length=80, label="Name of the client", help_text="Which system uses it")
    role = forms.ModelChoiceField(queryset=Role.objects.none(), label="Acts with the permissions of")
    days = forms.IntegerField(min_value=1, max_value=365, initial=90, label="Valid for days")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["role"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]


class NameForm(Form):
    """What a person is called."""

    name = forms.CharField(max_length=120, label="Your name", help_text="As your colleagues see it")


class DisplayForm(Form):
    """Where a screen hangs, what it shows, how long."""

    name = forms.CharField(max_length=80, label="Where it hangs", help_text="Waiting room, left of the desk")
    location = forms.ModelChoiceField(queryset=Location.objects.none(), empty_label="Choose")
    days = forms.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, initial=365, label="Valid for days", help_text="1 to 730"
    )

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        active = places.locations(actor).filter(is_active=True).order_by("name")
        self.fields["location"].queryset = active  # type: ignore[attr-defined]
