"""What the compliance pages ask."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.models import AuditAnswer, Finding, Programme
from compliance.selectors import audits as selectors
from compliance.services.programmes import SHIPPED
from kit.forms import Form
from practice.models import Location, Membership

ANSWERS = [choice for choice in AuditAnswer.Answer.choices if choice[0] != AuditAnswer.Answer.OPEN]
SHIPPED_CHOICES = [(key, name) for key, (_, name) in SHIPPED.items()]


def _someone(label: str) -> forms.ModelChoiceField:  # type: ignore[type-arg]  # not subscriptable at run time
    members = Membership.objects.filter(ended_at=None).select_related("user").order_by("user__name")
    return forms.ModelChoiceField(queryset=members, required=False, label=label)


class ProgrammeForm(Form):
    """Which checklist to install, later who owns it and how often it is audited."""

    only_new, only_later = ("checklist",), ("is_active",)
    checklist = forms.ChoiceField(choices=SHIPPED_CHOICES)
    owner = _someone("Owner")
    cycle_days = forms.IntegerField(
        min_value=30,
        max_value=1825,
        required=False,
        label="Days between audits",
        help_text="Empty: the default",
    )
    is_active = forms.BooleanField(required=False, label="In use")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["cycle_days"].required = self.record is not None


class AuditForm(Form):
    """A new round of a programme."""

    programme = forms.ModelChoiceField(queryset=Programme.objects.filter(is_active=True))
    name = forms.CharField(max_length=120, help_text="Such as: HIPAA Security Rule 2026")
    location = forms.ModelChoiceField(
        queryset=Location.objects.all(), required=False, label="Site", help_text="Empty: the whole practice"
    )
    started_on = forms.DateField(required=False, label="First day", help_text="Empty means today")
    due_on = forms.DateField(required=False, label="Last day", help_text="Empty means in 90 days")
    lead = _someone("Lead")


class AnswerForm(Form):
    """An answer with what shows it."""

    answer = forms.ChoiceField(choices=ANSWERS, widget=forms.RadioSelect)
    notes = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="What shows it",
        help_text="Needed for met and partly met unless a file is attached, and for not applicable",
    )
    alternative = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Why not, and what is done instead",
        help_text="Needed for an addressable item that is not met",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        record = self.record
        if isinstance(record, AuditAnswer):
            given = "" if record.answer == AuditAnswer.Answer.OPEN else record.answer
            self.initial = {"answer": given, "notes": record.notes, "alternative": record.alternative}
            if record.item.is_required:
                del self.fields["alternative"]


class EvidenceForm(Form):
    """A file that shows something."""

    file = forms.FileField(help_text="PDF, PNG, JPEG, ZIP or plain text, up to 10 MB")
    note = forms.CharField(max_length=200, required=False, label="What it shows")


class FindingForm(Form):
    """A gap and how bad it is."""

    title = forms.CharField(max_length=200, label="What was found")
    severity = forms.ChoiceField(choices=Finding.Severity.choices, initial=Finding.Severity.MEDIUM)
    owner = _someone("Owner")


class ActionForm(Form):
    """What will be done about a finding."""

    finding = forms.ModelChoiceField(queryset=Finding.objects.all())
    text = forms.CharField(max_length=300, label="What will be done")
    due_on = forms.DateField(label="Done by")
    owner = _someone("Owner")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offered: Any = self.fields["finding"]
        offered.queryset = selectors.findings(self.actor).filter(state=Finding.State.OPEN)


class ProofForm(Form):
    """What shows that an action is done."""

    proof = forms.CharField(
        max_length=300, widget=forms.Textarea(attrs={"rows": 3}), label="What shows that it is done"
    )
