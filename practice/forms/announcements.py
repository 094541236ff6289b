"""The form of an announcement."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import ModelForm
from practice.models import Announcement, Location, Role


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

    class Meta:
        model = Announcement
        fields = ("title", "text", "from_on", "until_on", "must_confirm")
        labels = {"from_on": "First day", "until_on": "Last day", "must_confirm": "Everybody confirms it"}
        widgets = {"text": forms.Textarea(attrs={"rows": 6, "data-width": "full"})}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["from_on"].required = False
        self.fields["from_on"].help_text = "Empty: today"
        self.fields["roles"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]
        sites = Location.objects.filter(is_active=True).order_by("name")
        self.fields["locations"].queryset = sites  # type: ignore[attr-defined]
        if self.record is None:
            del self.fields["material"]
