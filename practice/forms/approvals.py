"""What is asked about approvals: a note, a limit, a stand-in."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from practice.approvals import kinds
from practice.models import Membership, Role


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.key, kind.label) for kind in kinds().values()]


class NoteForm(Form):
    """Words for whoever reads it later."""

    note = forms.CharField(
        label="Note",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history of this request. Leave patients’ names out.",
    )


class ApproveForm(NoteForm):
    """Agreeing needs no words."""

    optional = ("note",)


class LimitForm(Form):
    """Who may decide what, from which day."""

    kind = forms.ChoiceField(label="What is approved")
    step = forms.IntegerField(
        min_value=1, max_value=5, initial=1, label="Step", help_text="1 decides first, then 2, and so on"
    )
    role = forms.ModelChoiceField(
        queryset=Role.objects.none(), empty_label="Choose", label="Role that decides"
    )
    above = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        label="Only above",
        help_text="Dollars. The step is left out for this amount and less. Empty: every amount takes it",
    )
    up_to = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        label="Up to",
        help_text="Dollars. Empty: any amount",
    )
    effective_from = forms.DateField(label="In force from")
    effective_to = forms.DateField(required=False, label="Last day")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["kind"].choices = _kind_choices()  # type: ignore[attr-defined]
        self.fields["role"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]


class DelegationForm(Form):
    """Who stands in for whoever fills this in."""

    deputy = forms.ModelChoiceField(
        queryset=Membership.objects.none(), empty_label="Choose", label="Who stands in for you"
    )
    starts_on = forms.DateField(label="First day")
    ends_on = forms.DateField(label="Last day")
    kinds = forms.MultipleChoiceField(
        required=False,
        label="For what",
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means everything you may approve.",
    )
    reason = forms.CharField(
        required=False, max_length=200, label="Reason", help_text="Like: vacation. Others can read it"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["kinds"].choices = _kind_choices()  # type: ignore[attr-defined]
        others = Membership.objects.filter(practice_id=self.actor.practice_id, ended_at=None)
        self.fields["deputy"].queryset = (  # type: ignore[attr-defined]
            others.exclude(pk=self.actor.membership_id).select_related("user").order_by("user__name")
        )
