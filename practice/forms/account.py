"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)


class _Worded:
    """Labels and messages that say what to enter; no placeholder in place of a label."""

    words: dict[str, str] = {}
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.words.items():
            field = self.fields[name]
            field.label = label
            field.error_messages["required"] = f"Enter {label[:1].lower()}{label[1:]}"
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = "At least 12 characters; not a common word, nor your name or email."


class NewEmailForm(_Worded, AddEmailForm):  # type: ignore[misc]
    """The address to change to. Whether somebody else has it is never said here, only to whoever reads its mail."""

    words = {"email": "The new email"}


class PasswordChange(_Worded, ChangePasswordForm):  # type: ignore[misc]
    """A new password, with the present one as proof."""

    words = {
        "oldpassword": "Your present password",
        "password1": "The new password",
        "password2": "The new password again",
    }


class FirstPassword(_Worded, SetPasswordForm):  # type: ignore[misc]
    """A password for somebody who signed in without one so far."""

    words = {"password1": "A password", "password2": "The password again"}


class ResetRequest(_Worded, ResetPasswordForm):  # type: ignore[misc]
    """Where the link goes."""

    words = {"email": "Your work email"}


class ResetPassword(_Worded, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, with the mailed link as proof."""

    words = {"password1": "The new password", "password2": "The new password again"}
