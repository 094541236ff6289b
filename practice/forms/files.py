"""Forms about files of records."""

from django import forms

from kit.forms import Form


class AttachForm(Form):
    """A file and what it is."""

    file = forms.FileField(help_text="PDF, PNG, JPEG, ZIP or plain text, at most 10 MB")
    note = forms.CharField(
        max_length=200,
        required=False,
        label="What it is",
        help_text="Like: signed lease, page 2 of the letter",
    )


class WithdrawForm(Form):
    """Why a file does not belong here."""

    reason = forms.CharField(
        max_length=200,
        label="Reason",
        help_text="Kept with the file. It stays readable and is no longer listed",
        error_messages={"required": "Say why the file is withdrawn"},
    )
