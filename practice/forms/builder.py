"""What is asked of whoever makes a form for people outside, and of whoever reviews what was sent."""

from __future__ import annotations

from typing import Any

from django import forms

from kit.forms import Form
from practice.form_purposes import purposes
from practice.models import FormField, FormSection, FormVersion, QuarantinedFile
from practice.models.form import KEY
from practice.services.public_links import LONGEST_DAYS, MOST_USES


class FormForm(Form):
    """What a form is called and for. Its purpose stays."""

    only_new, only_later = ("purpose",), ("is_active",)
    name = forms.CharField(max_length=80, label="Name", help_text="As your colleagues call it")
    purpose = forms.ChoiceField(label="Purpose", widget=forms.RadioSelect)
    is_active = forms.BooleanField(
        required=False, label="Switched on", help_text="When it is off, none of its links opens it"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.record is None:
            self.fields["purpose"].choices = [  # type: ignore[attr-defined]
                (each.key, f"{each.label}: {each.hint[:1].lower()}{each.hint[1:]}")
                for each in purposes().values()
            ]


class WordsForm(Form):
    """What stands around the questions."""

    title = forms.CharField(max_length=120, label="Heading")
    intro = forms.CharField(
        required=False, max_length=2000, label="Above the questions", widget=forms.Textarea(attrs={"rows": 3})
    )
    thanks = forms.CharField(
        required=False, max_length=2000, label="After it was sent", widget=forms.Textarea(attrs={"rows": 2})
    )


class SectionForm(Form):
    """A further heading."""

    title = forms.CharField(max_length=120, label="Its heading")


class QuestionForm(Form):
    """One question."""

    section = forms.ModelChoiceField(queryset=FormSection.objects.none(), label="Section", empty_label=None)
    kind = forms.ChoiceField(choices=FormField.Kind.choices, label="Kind of answer")
    label = forms.CharField(max_length=200, label="Question")
    help_text = forms.CharField(required=False, max_length=300, label="Hint below the question")
    choices = forms.CharField(
        required=False,
        max_length=4000,
        label="Answers to choose from",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line. Only for “One of several”.",
    )
    key = forms.CharField(
        max_length=40,
        validators=[KEY],
        label="Short name",
        help_text="Small letters, like birth_date. It stays the same from version to version.",
    )
    is_required = forms.BooleanField(required=False, initial=True, label="Has to be answered")
    is_sensitive = forms.BooleanField(
        required=False, label="Sensitive", help_text="The answer is kept encrypted and can never be searched"
    )

    def __init__(self, *, version: FormVersion, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["section"].queryset = FormSection.objects.filter(version=version)  # type: ignore[attr-defined]

    def clean_choices(self) -> list[str]:
        return str(self.cleaned_data["choices"]).splitlines()


class LinkForm(Form):
    """Where a link goes, how long and how often it works."""

    label = forms.CharField(
        max_length=80,
        label="Where the link goes",
        help_text="Like: poster at the desk, letter to one patient",
    )
    days = forms.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, initial=30, label="Works for days", help_text="1 to 730"
    )
    most_uses = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_USES,
        label="How often it can be sent",
        help_text="1 for a single use. Empty: as often as people like until it expires",
    )


class AcceptForm(Form):
    """Which of the files that came with it are not kept."""

    discard = forms.MultipleChoiceField(
        required=False,
        label="Files to destroy",
        widget=forms.CheckboxSelectMultiple,
        help_text="Every other file is judged, and attached when nothing speaks against it.",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        waiting = QuarantinedFile.objects.filter(
            submission_id=self.record.pk if self.record is not None else None,
            state=QuarantinedFile.State.WAITING,
        ).order_by("id")
        rows = list(waiting) if self.record is not None else []
        self.fields["discard"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.name} ({row.size:,} bytes)") for row in rows
        ]
        if self.record is not None and not rows:
            del self.fields["discard"]
