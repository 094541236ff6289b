"""The form of an announcement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from kit.forms import ModelForm
from practice.models import Announcement, Location, Role
from practice.selectors.days import practice_today


class AnnouncementForm(ModelForm):
    """What is announced, to whom and for how long."""

    roles = forms.ModelMultipleChoiceField(
        queryset=Role.objects.none(),
        label="Roles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: everybody",
    )
    locations = forms.ModelMultipleChoiceField(
        queryset=Location.objects.none(),
        label="Locations",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them",
    )
    material = forms.BooleanField(
        label="Ask everybody to read it again",
        required=False,
        help_text="For a change that matters; a corrected word needs none",
    )

    only_later, optional = ("material",), ("from_on",)
    field_order = ("title", "text", "roles", "locations", "from_on", "until_on", "must_confirm", "material")

    class Meta:
        model = Announcement
        fields = ("title", "text", "from_on", "until_on", "must_confirm")
        labels = {
            "from_on": "First day",
            "until_on": "Last day",
            "must_confirm": "Everybody confirms having read it",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 6, "data-width": "full"})}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["from_on"].help_text = "Empty: today"
        self.fields["roles"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["locations"].queryset = self._sites()  # type: ignore[attr-defined]
        if self.actor.locations:
            self.fields["locations"].required = True
            self.fields["locations"].help_text = "Yours"
        if not self.is_bound and not self._sites().exists():
            del self.fields["locations"]  # nothing to choose from

    def _sites(self) -> QuerySet[Location]:
        """Those in use, and those it is for already; of whoever works at some, these alone."""
        already = self.record.locations if isinstance(self.record, Announcement) else []
        sites = Location.objects.filter(Q(is_active=True) | Q(pk__in=already)).order_by("name")
        return sites.filter(pk__in=self.actor.locations) if self.actor.locations else sites

    def clean(self) -> dict[str, Any]:
        """It ends on its first day or later; without a first day it begins today."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("from_on") or practice_today(self.actor), values.get("until_on")
        if last is not None and last < first and "from_on" not in self.errors:
            self.add_error("until_on", "Enter a last day that is not before the first")
        return values
