"""What people are asked when they make, hand over or put off work."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from practice.models import Location, Membership, Role
from practice.selectors.people import members


class _People(Form):
    """A receiver: a person or a role."""

    to = forms.ModelChoiceField(
        queryset=Membership.objects.none(), label="Person", empty_label="Nobody in particular", required=False
    )
    role = forms.ModelChoiceField(
        queryset=Role.objects.none(),
        label="Role",
        empty_label="No role",
        required=False,
        help_text="Everybody with that role may take it",
    )

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        self.fields["to"].queryset = members(actor).order_by("user__name", "pk")  # type: ignore[attr-defined]
        self.fields["role"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]


class AssignForm(_People):
    """To whom, and a word about it."""

    note = forms.CharField(max_length=300, required=False, label="Note", help_text="Kept in its history")
    field_order = ("to", "role", "note")


class SnoozeForm(Form):
    """Until when, and why."""

    until = forms.DateField(label="Back on")
    reason = forms.CharField(max_length=200, label="Why it can wait")


class NoteForm(Form):
    """A word that is kept."""

    note = forms.CharField(max_length=300, label="Note", widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(max_length=300, label="Reason")


class OutcomeForm(Form):
    """How it ended."""

    outcome = forms.CharField(max_length=200, required=False, label="What came of it")


class ReminderForm(_People):
    """A reminder, for oneself unless it is handed to somebody."""

    title = forms.CharField(max_length=200, label="What is to be done")
    due_on = forms.DateField(required=False, label="Due")
    amount = forms.DecimalField(max_digits=12, decimal_places=2, required=False, label="Money at stake")
    reason = forms.CharField(max_length=300, required=False, label="Why")
    location = forms.ModelChoiceField(
        queryset=Location.objects.none(),
        required=False,
        empty_label="All locations",
        help_text="Who works elsewhere does not see it",
    )
    field_order = ("title", "due_on", "amount", "reason", "location", "to", "role")

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        sites = Location.objects.filter(is_active=True).order_by("name")
        if actor.locations:
            sites = sites.filter(pk__in=actor.locations)
        self.fields["location"].queryset = sites  # type: ignore[attr-defined]
        if not actor.may("practice.assign_work"):
            del self.fields["to"], self.fields["role"]
        else:
            self.fields["to"].empty_label = "Me"  # type: ignore[attr-defined]


class HandOverForm(_People):
    """Who gets everything that somebody has."""

    field_order = ("to", "role")
