"""A form that names the record it is about, as an address names it: ``app.model:id`` in a field nobody sees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404

from practice.selectors import records


def record_field(*, required: bool = True) -> forms.CharField:
    """The field ``about`` of a form that is an ``AboutRecord``."""
    return forms.CharField(
        label="About",
        max_length=120,
        required=required,
        widget=forms.HiddenInput,
        help_text="A record as app.model:id",
    )


class AboutRecord:
    """What such a form does with the name; it is mixed into a form with a ``record_field`` called ``about``."""

    actor: Any
    initial: Any
    cleaned_data: Any

    def clean_about(self) -> Any:
        """The record itself, None for none. Raises ValidationError for what may not be seen."""
        return self._named(self.cleaned_data["about"])

    def stands_where(self) -> str:
        """On whose page it will stand, when the address names a record that may be seen; else ''."""
        try:
            about = self._named(str(self.initial.get("about") or ""))
        except forms.ValidationError:
            return ""
        return f"It will stand on the page of {about}" if about is not None else ""

    def _named(self, name: str) -> Any:
        """What may not be seen is as good as unknown."""
        if not name:
            return None
        try:
            return records.find_named(name, actor=self.actor)
        except Http404:
            raise forms.ValidationError("Choose a record that you may see.") from None
