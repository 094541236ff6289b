"""What a person gives to bring a sheet in, and what a program sends."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from kit.sheet_target import SheetTarget
from practice import sheet_registry


class SheetForm(Form):
    """A sheet as a program sends it."""

    target = forms.CharField(
        max_length=60, help_text="What it brings in: patients.patient, practice.payer, …"
    )
    name = forms.CharField(max_length=120, label="File name")
    content = forms.CharField(help_text="The file in base64, at most 700 kB; upload larger ones on the page")
    source = forms.CharField(
        max_length=80, required=False, help_text="The system it comes from: its columns are remembered"
    )
    options = forms.CharField(
        max_length=200, required=False, help_text="Answers to the target's own questions: year=2027"
    )


class UploadForm(Form):
    """A sheet as a person uploads it; the target's own questions stand beside it."""

    target = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="Sheet", help_text="CSV, TSV or Excel (.xlsx), at most 20 MB and 20,000 rows"
    )
    source = forms.CharField(
        max_length=80,
        required=False,
        label="Comes from",
        help_text="Name the system, so that what you say about its columns is known next time",
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )


class ReadingForm(Form):
    """Which worksheet is read, and where its headings stand."""

    worksheet = forms.ChoiceField(required=False)
    heading_row = forms.IntegerField(min_value=1, max_value=1_000, label="Headings in row")

    def __init__(self, *, worksheets: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if len(worksheets) > 1:
            self.fields["worksheet"].choices = [(name, name) for name in worksheets]  # type: ignore[attr-defined]
        else:
            del self.fields["worksheet"]


class KeepForm(Form):
    """Whether the choices are kept for the next sheet."""

    keep_as = forms.CharField(
        max_length=80,
        required=False,
        label="Remember these columns for",
        help_text="The system the sheet comes from. Leave it empty to use them this time only.",
    )


def options_form(target: SheetTarget, *, actor: Any, data: Any = None) -> Form | None:
    """The target's own questions, None when it has none."""
    return target.load(target.options)(data=data, actor=actor) if target.options else None


def named_target(name: str) -> SheetTarget | None:
    """The target of one sheet by that name."""
    found = sheet_registry.find(name)
    return found if isinstance(found, SheetTarget) else None
