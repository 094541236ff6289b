"""A published version as the form that people fill in, and the marks of its page.

No cookie and no session: the page carries a signed token of its link, its version and its moment. It is what a CSRF
token is elsewhere (nobody can make one without the link's address, and there is no sign-in to abuse), it tells a page
that is sent twice, and how long somebody took to fill it in.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing

from kit import clock
from kit.forms import Form
from practice.identifiers import digits
from practice.models import FormField, FormVersion, PublicLink
from practice.services.submissions import new_nonce

Kind = FormField.Kind
SALT = "practice.public_form"
TRAP, TOKEN = "comment_2", "page"  # what nobody sees and nobody fills in; what the page is
PREFIX = "q"  # of every question's name on the page, so that none is taken for one of ours
FEWEST_SECONDS, MOST_HOURS = 3, 24
QUICK = "That was quicker than anybody types. Look over your answers, then send them again."
STALE = "This page was open for very long. Look over your answers, then send them again."
TRAPPED = "Leave the last field, which asks you to leave it empty, empty."


@dataclass(frozen=True, kw_only=True, slots=True)
class PageMark:
    """What a page's token says: which version was on it, which page it was, and how old it is in seconds."""

    version_id: uuid.UUID
    nonce: str
    age: int


def mark_page(link: PublicLink, *, version: FormVersion, nonce: str = "") -> str:
    """The token of a page of this link; with the nonce of an earlier one it stays the same page."""
    said = {
        "l": link.pk.hex,
        "v": version.pk.hex,
        "n": nonce or new_nonce(),
        "t": int(clock.now().timestamp()),
    }
    return signing.dumps(said, salt=SALT)


def read_mark(token: str, *, link: PublicLink) -> PageMark | None:
    """What a token says; None for one that we did not make, or made for another link."""
    try:
        said = signing.loads(token, salt=SALT)
        if said["l"] != link.pk.hex:
            return None
        age = int(clock.now().timestamp()) - int(said["t"])
        return PageMark(version_id=uuid.UUID(said["v"]), nonce=str(said["n"]), age=age)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


class AnswerForm(Form):
    """What every public form has beside its questions. Fields are added from the version."""

    version: FormVersion
    mark: PageMark | None = None

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The headings with their bound fields."""
        return [
            {"title": section.title, "fields": [self[field.key] for field in section.fields.all()]}
            for section in self.version.sections.all()
        ]

    def clean(self) -> dict[str, Any]:
        """Programs fill in everything at once, and what nobody sees."""
        values = super().clean() or self.cleaned_data
        if self.data.get(TRAP):
            raise forms.ValidationError(TRAPPED)
        if self.mark is not None and self.mark.age < FEWEST_SECONDS:
            raise forms.ValidationError(QUICK)
        if self.mark is None or self.mark.age > MOST_HOURS * 3600:
            raise forms.ValidationError(STALE)
        return values

    @property
    def answers(self) -> dict[str, Any]:
        """Clean values by short name, without the files."""
        return {key: value for key, value in self.cleaned_data.items() if key not in self._file_keys}

    @property
    def uploads(self) -> dict[str, Any]:
        """The files that were sent, by short name."""
        return {key: value for key, value in self.cleaned_data.items() if key in self._file_keys and value}

    @property
    def _file_keys(self) -> set[str]:
        return {key for key, field in self.fields.items() if isinstance(field, forms.FileField)}


def form_of(version: FormVersion) -> type[AnswerForm]:
    """The form class of a version: one Django field a question."""
    made = {field.key: _field(field) for section in version.sections.all() for field in section.fields.all()}
    return type("PublicAnswerForm", (AnswerForm,), {"version": version, **made})


def _field(asked: FormField) -> forms.Field:
    common: dict[str, Any] = {
        "label": asked.label,
        "required": asked.is_required,
        "help_text": asked.help_text,
        "error_messages": {"required": f"Answer “{asked.label}”"},
    }
    return FIELDS[Kind(asked.kind)](asked, common)


def _line(asked: FormField, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=200, **common)


def _lines(asked: FormField, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": 5}), **common)


def _choice(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] |= {"invalid_choice": f"{asked.label}: choose one of the answers"}
    choices = [(choice.label, choice.label) for choice in asked.choices.all()]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)


def _yes_no(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] |= {"invalid_choice": f"{asked.label}: choose yes or no"}
    return forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        **common,
    )


def _date(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] |= {"invalid": f"{asked.label}: enter a date like 03/04/2026"}
    common["help_text"] = " ".join(filter(None, (asked.help_text, "MM/DD/YYYY")))
    return forms.DateField(**common)


def _number(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] |= {"invalid": f"{asked.label}: enter a number"}
    return forms.DecimalField(max_digits=12, decimal_places=4, **common)


class PhoneField(forms.CharField):
    """Ten digits, however they are typed."""

    def clean(self, value: Any) -> str:
        """Ten digits, or nothing when it may be empty."""
        typed = str(super().clean(value) or "")
        found = digits(typed).removeprefix("+")
        found = found[1:] if len(found) == 11 and found.startswith("1") else found
        if typed and not (len(found) == 10 and found.isascii() and found.isdigit()):
            raise forms.ValidationError(f"{self.label}: enter ten digits like (207) 555-0148")
        return found


def _phone(asked: FormField, common: dict[str, Any]) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    return PhoneField(max_length=30, widget=widget, **common)


def _email(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] |= {"invalid": f"{asked.label}: enter an address like name@example.com"}
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(max_length=254, widget=widget, **common)


def _file(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["help_text"] = " ".join(filter(None, (asked.help_text, "PDF, PNG, JPEG or text, up to 5 MB")))
    common["error_messages"] |= {
        "empty": f"{asked.label}: the file is empty",
        "invalid": f"{asked.label}: choose a file",
    }
    widget = forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.txt"})
    return forms.FileField(widget=widget, **common)


def _consent(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["error_messages"] = {"required": f"Tick “{asked.label}” to go on"}
    return forms.BooleanField(**common)


def _signature(asked: FormField, common: dict[str, Any]) -> forms.Field:
    common["help_text"] = " ".join(
        filter(None, (asked.help_text, "Typing your full name here signs this form."))
    )
    return forms.CharField(
        max_length=120, min_length=2, widget=forms.TextInput(attrs={"autocomplete": "name"}), **common
    )


FIELDS: dict[Kind, Callable[[FormField, dict[str, Any]], forms.Field]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _lines,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.FILE: _file,
    Kind.CONSENT: _consent,
    Kind.SIGNATURE: _signature,
}
