"""What a person gives to start an import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms

from practice.services import import_files


class ImportForm(forms.Form):
    """A folder of the server or an uploaded archive, for real or as a dry run."""

    folder = forms.ChoiceField(
        label="Folder on the server", required=False, help_text="Put larger exports into the import folder"
    )
    upload = forms.FileField(
        label="Or upload",
        required=False,
        help_text="A ZIP of CSV files, or one .csv or .csv.gz, at most 50 MB",
    )
    is_dry_run = forms.BooleanField(
        label="Dry run",
        required=False,
        initial=True,
        help_text="Counts what would happen and changes nothing",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(path), path.name) for path in import_files.allowed_folders()]
        self.fields["folder"].choices = [("", "None"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        given = super().clean() or {}
        if not self.errors and bool(given.get("folder")) == bool(given.get("upload")):
            self.add_error("folder", "Choose a folder or upload a file, one of the two.")
        return given

    @property
    def path(self) -> Path:
        """The chosen folder."""
        return Path(self.cleaned_data["folder"])
