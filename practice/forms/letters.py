"""Forms of letters, their templates and the log of messages."""

from __future__ import annotations

from typing import Any

from django import forms

from kit import clock
from kit.forms import Form, ModelForm
from practice.forms.about import AboutRecord, record_field
from practice.letter_subjects import subjects
from practice.models import Correspondence, LetterTemplate
from practice.rules.letter_markup import LONGEST
from practice.selectors import letter_templates
from practice.selectors.days import practice_today
from practice.selectors.people import members

KINDS_HINT = "It decides which fields the letter knows"


class TemplateForm(ModelForm):
    """A template's draft."""

    kind = forms.ChoiceField(label="About", help_text=KINDS_HINT)
    body = forms.CharField(
        label="Letter",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        help_text="Empty line: new paragraph. # heading, - point of a list, **bold**, {{ field }}, "
        "{{ if field }} … {{ else }} … {{ end }} on lines of their own.",
    )

    class Meta:
        model = LetterTemplate
        fields = ("name", "kind", "language", "without_phi", "subject", "body")
        widgets = {"subject": forms.TextInput(attrs={"data-width": "full"})}
        labels = {"subject": "Subject line"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        known = sorted((each.kind, each.label.capitalize()) for each in subjects().values())
        self.fields["kind"].choices = known  # type: ignore[attr-defined]
        self.fields["body"].widget.attrs["data-width"] = "full"


class PublishForm(Form):
    """From when on."""

    effective_from = forms.DateField(label="Used from", required=False, help_text="Empty: from today")


class AboutForm(AboutRecord, Form):
    """A form that names a record."""

    about = record_field()


class LetterForm(AboutForm):
    """Which template, about which record, with which words of one's own."""

    template = forms.ModelChoiceField(
        queryset=LetterTemplate.objects.none(), label="Template", empty_label="Choose"
    )
    words = forms.CharField(
        label="Your own words",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Stands where the template leaves room for them",
    )
    field_order = ("about", "template", "words")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        kind = str(self.data.get("about") or self.initial.get("about") or "").partition(":")[0]
        offered = letter_templates.for_kind(kind, day=practice_today(self.actor), actor=self.actor)
        self.fields["template"].queryset = offered  # type: ignore[attr-defined]


class MessageForm(AboutRecord, ModelForm):
    """A message: two answers are enough."""

    optional = ("medium", "direction", "happened_at")
    about = record_field(required=False)

    class Meta:
        model = Correspondence
        fields = ("party", "subject", "medium", "direction", "happened_at", "reply_by", "owner", "notes")
        labels = {
            "party": "From or to",
            "subject": "What about",
            "medium": "By",
            "direction": "Direction",
            "happened_at": "When",
            "reply_by": "Answer by",
        }
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["happened_at"].help_text = "MM/DD/YYYY 2:10 PM. Empty: now"
        self.fields["reply_by"].help_text = "Only when somebody waits for an answer. MM/DD/YYYY"
        self.fields["subject"].help_text = self.stands_where()
        self.fields["owner"].queryset = members(self.actor).order_by("user__name")  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = "Me"  # type: ignore[attr-defined]

    def clean_medium(self) -> str:
        return self.cleaned_data["medium"] or self.instance.medium or Correspondence.Medium.PHONE

    def clean_direction(self) -> str:
        return self.cleaned_data["direction"] or self.instance.direction or Correspondence.Direction.IN

    def clean_happened_at(self) -> Any:
        return self.cleaned_data["happened_at"] or self.instance.happened_at or clock.now()


class AnswerForm(Form):
    """How it was answered."""

    outcome = forms.CharField(
        label="How it was answered", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AskForm(Form):
    """By when it needs an answer."""

    reply_by = forms.DateField(label="Answer by")


class PostedForm(Form):
    """The day a print run went to the post."""

    posted_on = forms.DateField(label="Posted on")


class LetterheadForm(Form):
    """What stands on every letter."""

    logo = forms.FileField(label="New logo", required=False, help_text="PNG or JPEG, at most 300 kB")
    without_logo = forms.BooleanField(label="No logo", required=False)
    foot = forms.CharField(
        label="Line at the foot",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "full"}),
    )
