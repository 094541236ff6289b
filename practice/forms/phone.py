"""Forms of the message pad: five answers take a call down."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form, ModelForm
from practice.forms.about import AboutRecord, record_field
from practice.models import CallAttempt, Membership, PhoneMessage, Role
from practice.selectors.people import members
from practice.selectors.phone import receivers


def _offered(actor: Any) -> list[Any]:
    """Roles first, then people."""
    roles = [(f"role:{each.pk}", each.name) for each in receivers(actor)]
    people = [(f"member:{each.pk}", each.name) for each in members(actor).order_by("user__name", "pk")]
    return [("Roles", roles), ("People", people)]


def _receiver(chosen: str, *, actor: Any) -> Membership | Role | None:
    kind, _, key = chosen.partition(":")
    if kind == "member":
        return members(actor).filter(pk=key).first()
    return receivers(actor).filter(pk=key).first() if kind == "role" else None


class TakeForm(AboutRecord, ModelForm):
    """Who called, their number, what about, the message, and who calls back."""

    about = record_field(required=False)
    to = forms.ChoiceField(label="Who calls back", required=False)

    class Meta:
        model = PhoneMessage
        fields = ("caller", "phone", "category", "text", "urgency")
        labels = {"caller": "Caller", "phone": "Number to call back", "text": "Message"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "data-width": "full"})}

    optional = ("category", "urgency")
    field_order = ("caller", "phone", "category", "text", "to", "urgency", "about")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        first = [] if self.record else [("", "As the category says")]
        self.fields["to"].choices = [*first, *_offered(self.actor)]  # type: ignore[attr-defined]
        if self.record is None and "urgency" not in self.data:
            del self.fields["urgency"]  # the category sets it; it can be changed afterwards
        self.fields["text"].help_text = self.stands_where()

    def clean_to(self) -> Membership | Role | None:
        return _receiver(self.cleaned_data["to"], actor=self.actor)

    def clean_category(self) -> str:
        return str(self.cleaned_data["category"] or self.instance.category)


class CallBackForm(Form):
    """What came of a call."""

    result = forms.ChoiceField(label="Result", choices=CallAttempt.Result.choices)
    note = forms.CharField(label="Note", max_length=300, required=False)
    outcome = forms.CharField(
        label="What came of it", max_length=300, required=False, help_text="Filled in, it closes the message"
    )


class CloseForm(Form):
    """How it ended."""

    outcome = forms.CharField(
        label="What came of it", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class RouteForm(Form):
    """Who calls back instead."""

    to = forms.ChoiceField(label="Who calls back")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["to"].choices = [("", "Choose"), *_offered(self.actor)]  # type: ignore[attr-defined]

    def clean_to(self) -> Membership | Role | None:
        return _receiver(self.cleaned_data["to"], actor=self.actor)
