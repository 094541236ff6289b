"""A form with a field of every kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kit.forms import Form

SITES = (("main", "Main Street"), ("river", "Riverside"))
WRONG = {"name": "", "born": "soon", "phone": "(207) 555-0148", "amount": "many", "site": "moon", "days": []}


class EveryField(Form):
    """Text, date, telephone, money, choices of each kind, long text, tick, file, password, and one that is fixed."""

    name = forms.CharField(max_length=80, label="Full name", help_text="As it stands on the insurance card")
    born = forms.DateField(label="Date of birth")
    phone = forms.CharField(max_length=20, required=False)
    amount = forms.DecimalField(max_digits=12, decimal_places=2, label="Amount")
    site = forms.ChoiceField(choices=(("", "Choose"), *SITES))
    contact = forms.ChoiceField(
        choices=(("mail", "Mail"), ("phone", "Telephone")),
        widget=forms.RadioSelect,
        label="Best way to reach",
    )
    days = forms.MultipleChoiceField(
        choices=(("mon", "Monday"), ("tue", "Tuesday")), widget=forms.CheckboxSelectMultiple, label="Days"
    )
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agrees = forms.BooleanField(label="Agrees to text messages", required=False)
    card = forms.FileField(label="Insurance card", help_text="A picture or PDF, up to 5 MB", required=False)
    secret = forms.CharField(widget=forms.PasswordInput, label="Portal password", required=False)
    mrn = forms.CharField(label="Record number", disabled=True, required=False, initial="100482")


def filled() -> EveryField:
    """As it looks when it opens."""
    given = {
        "name": "Rosa Alvarez",
        "born": date(1984, 5, 9),
        "site": "main",
        "contact": "mail",
        "days": ["mon"],
    }
    return EveryField(initial={**given, "mrn": "100482"}, auto_id="id_ok_%s")


def refused() -> EveryField:
    """As it comes back with 422."""
    form = EveryField(data=WRONG, initial={"mrn": "100482"})
    form.is_valid()
    return form


class Why(Form):
    """What an action asks for."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history of this record.",
    )


def why() -> Why:
    """The question of an action."""
    return Why()


def page(*, resource: Any, form: Form) -> dict[str, Any]:
    """The context of ``kit/form.html``."""
    from kit.views.edits import grouped

    return {
        "resource": resource,
        "form": form,
        "groups": grouped(form, resource=resource),
        "heading": f"New {resource.singular}",
        "problem": form.is_bound,
        "nonce": "sample",
        "list_url": "#",
        "back_url": "#",
    }
