"""Forms of people and roles: what may be chosen is what the actor may see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from kit.forms import Form
from practice.models import Location, Role, User
from practice.permissions import all_permissions


class MemberForm(Form):
    """The roles and sites of a member."""

    roles = forms.ModelMultipleChoiceField(
        queryset=Role.objects.order_by("name"),
        label="Roles",
        widget=forms.CheckboxSelectMultiple,
        help_text="The person may do what all of them together allow.",
        error_messages={"required": "Choose at least one role"},
    )
    locations = forms.ModelMultipleChoiceField(
        queryset=Location.objects.order_by("name"),
        label="Sites",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means all sites, future ones too.",
    )


class InvitationForm(MemberForm):
    """Whom to invite, as what, for which sites."""

    email = forms.EmailField(label="Email", max_length=254)
    name = forms.CharField(label="Name", max_length=120, required=False, help_text="Shown in the mail")
    field_order = ("email", "name", "roles", "locations")


class RoleForm(Form):
    """A role's words and its permissions by name."""

    name = forms.CharField(max_length=80, label="Name")
    description = forms.CharField(max_length=200, required=False, label="What it is for")
    escalates_to = forms.ModelChoiceField(
        queryset=Role.objects.order_by("name"),
        required=False,
        label="Escalates to",
        empty_label="Nobody",
        help_text="Who gets work that is overdue with this role",
    )
    requires_mfa = forms.BooleanField(
        required=False,
        label="Requires a second factor",
        help_text="Holders sign in with an authenticator app or a passkey as well",
    )
    grants = forms.MultipleChoiceField(required=False, label="What this role can do")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choices = [(value, permission.sentence) for value, permission in all_permissions().items()]
        self.fields["grants"].choices = choices  # type: ignore[attr-defined]


class NewPersonForm(Form):
    """Who somebody is, and the password they choose."""

    name = forms.CharField(
        max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. A few words in a row are easy to keep in mind.",
    )

    def __init__(self, *, email: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password is judged with name and address in view."""
        values = super().clean() or self.cleaned_data
        person = User(email=self.email or values.get("address", ""), name=values.get("name", ""))
        try:
            validate_password(values.get("password", ""), user=person)
        except forms.ValidationError as error:
            if values.get("password"):
                self.add_error("password", error)
        return values
