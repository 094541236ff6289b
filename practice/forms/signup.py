"""Forms of sign-up and of the practice's own facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from kit.forms import Form
from practice.forms.people import NewPersonForm
from practice.models import Practice, PracticeProfile
from practice.role_rules import short_name

# The zones of the states and territories, as people know them (IANA names; 49 CFR part 71 sets the zones).
TIME_ZONES = (
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix, no daylight saving)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
    ("Pacific/Guam", "Chamorro (Guam)"),
    ("Pacific/Pago_Pago", "Samoa (Pago Pago)"),
)
SHAPE = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "Use small letters, digits and single dashes, like main-street"
)


class PracticeForm(Form):
    """A new practice: its name, its address here, its zone."""

    practice = forms.CharField(max_length=120, label="Name of the practice")
    slug = forms.CharField(
        max_length=40,
        min_length=2,
        required=False,
        validators=[SHAPE],
        label="Address",
        help_text="Comes after /p/ in every link. Left empty, it is made from the name. It stays for good.",
        widget=forms.TextInput(attrs={"data-suggest-from": "id_practice", "autocapitalize": "none"}),
    )
    timezone = forms.ChoiceField(choices=TIME_ZONES, label="Time zone")

    def clean(self) -> dict[str, Any]:
        """An address that is free; the one made from the name gets a number when it is not."""
        values = super().clean() or self.cleaned_data
        slug = values.get("slug", "")
        if not slug and values.get("practice") and "slug" not in self.errors:
            near = short_name(values["practice"], taken=())
            taken = set(Practice.objects.filter(slug__startswith=near[:20]).values_list("slug", flat=True))
            values["slug"] = short_name(values["practice"], taken=taken)
        elif slug and Practice.objects.filter(slug=slug).exists():
            self.add_error("slug", "This address is taken. Choose another.")
        return values


class FounderForm(NewPersonForm, PracticeForm):
    """A new person with a new practice, the e-mail known from a mailed link."""

    field_order: tuple[str, ...] = ("name", "password", "practice", "slug", "timezone")


class FirstFounderForm(FounderForm):
    """The very first person: nobody could have mailed a link yet."""

    field_order = ("name", "address", "password", "practice", "slug", "timezone")

    address = forms.EmailField(
        max_length=254, label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class AddressForm(Form):
    """Where to mail the link."""

    email = forms.EmailField(
        max_length=254, label="Work email", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class FactsForm(Form):
    """How the practice works: what the guided set-up asks first."""

    name = forms.CharField(max_length=120, label="Name of the practice")
    timezone = forms.ChoiceField(choices=TIME_ZONES, label="Time zone")
    night_hour = forms.IntegerField(
        min_value=0,
        max_value=23,
        label="Hour of the night",
        help_text="Figures are rolled up at this hour, 0 to 23, when nobody works",
    )
    idle_minutes = forms.IntegerField(
        min_value=5,
        max_value=60,
        label="Minutes until sign-out",
        help_text="After so many minutes without activity, 5 to 60",
    )
    books_basis = forms.ChoiceField(
        choices=PracticeProfile.Basis.choices,
        label="Books are kept on",
        help_text="Ask your accountant: accrual counts money when it is earned, cash when it moves",
    )
