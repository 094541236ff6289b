"""Forms of cases, coverage and the Medicare questionnaire; their clean values are the services' keyword arguments."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from kit.forms import BirthDateField, Form
from patients.forms import AboutPatient, telephone, word
from patients.models import Case, Coverage, MedicareAnswers, Patient
from patients.models.coverage import LOWEST_PRIORITY
from patients.selectors import cases, patients
from practice.models import Payer

TODAY = "MM/DD/YYYY; today, when it is empty"
DETAILS_OF_INJURY = (
    ("", "Choose"),
    *((kind, label) for kind, label in Case.Kind.choices if kind != "medical"),
)


class CaseForm(AboutPatient):
    """A case of an injury. Whose it is and what it is stay."""

    only_new = ("patient", "kind")
    kind = forms.ChoiceField(choices=DETAILS_OF_INJURY, label="Kind")
    injured_on = forms.DateField(label="Day of injury")
    state = forms.CharField(max_length=2, required=False, help_text="Where it happened; two letters")
    claim_number = word(50, help_text="The insurer's, when it is known")
    adjuster = word(120)
    adjuster_phone = telephone("Adjuster's phone")
    employer = word(120, help_text="Of a work injury")
    words = word(200, "What happened")
    opened_on = forms.DateField(required=False, label="Opened on", help_text=TODAY)


class CloseForm(Form):
    """The last day of a case."""

    closed_on = forms.DateField(label="Closed on")


class SelfPayForm(Form):
    """From when on the patient pays alone."""

    starts_on = forms.DateField(label="First day")


class EndForm(Form):
    """When something ends."""

    ends_on = forms.DateField(label="Last day")


class Card(Form):
    """What stands on a card."""

    payer = forms.ModelChoiceField(queryset=Payer.objects.none(), empty_label="Choose")
    plan_name = word(80, "Plan", help_text="As the card has it, such as PPO Gold")
    member_id = forms.CharField(max_length=80, label="Member ID", help_text="Spaces and dashes do not matter")
    group_number = word(50)
    copay = forms.DecimalField(max_digits=12, decimal_places=2, required=False)
    relationship = forms.ChoiceField(
        choices=Coverage.Relationship.choices,
        label="Patient is the subscriber's",
        initial=Coverage.Relationship.SELF,
        required=False,
    )
    subscriber_first_name = word(60)
    subscriber_last_name = word(60)
    subscriber_birth_date = BirthDateField(required=False)

    def __init__(self, *, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(actor=actor, **kwargs)
        payers = Payer.objects.filter(practice_id=actor.practice_id, is_active=True).exclude(
            kind=Payer.Kind.SELF_PAY
        )
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]

    def clean_relationship(self) -> str:
        """The patient's own, when nobody said."""
        return self.cleaned_data["relationship"] or Coverage.Relationship.SELF


class CoverageForm(Card, AboutPatient):
    """A coverage: whose, of which case, the card, its order and days. Of one on file only the card is corrected."""

    case = forms.ModelChoiceField(
        queryset=Case.objects.none(),
        required=False,
        empty_label="Medical",
        help_text="Medical, when it is empty",
    )
    priority = forms.IntegerField(
        min_value=1,
        max_value=LOWEST_PRIORITY,
        initial=1,
        required=False,
        label="Order",
        help_text="1 is billed first, and meant when it is empty",
    )
    starts_on = forms.DateField(label="First day")
    ends_on = forms.DateField(required=False, label="Last day")
    only_new = ("patient", "case", "priority", "starts_on", "ends_on")
    field_order = ("patient", "case", "payer")

    def __init__(self, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        given = dict(initial or {})
        self._named = _case(given.get("case"), actor=kwargs.get("actor"))
        if self._named is not None and not given.get("patient"):
            given["patient"] = str(self._named.patient_id)
        super().__init__(initial=given, **kwargs)
        if self.record is not None:
            return
        patient = self._patient()
        mine = [each.pk for each in cases.cases_of(patient, actor=self.actor)] if patient else []
        found = Case.objects.filter(pk__in=mine, closed_on=None).exclude(kind=Case.Kind.MEDICAL)
        self.fields["case"].queryset = found  # type: ignore[attr-defined]

    def _patient(self) -> Patient | None:
        data: Any = self.data if isinstance(self.data, dict | QueryDict) else {}
        number = str(data.get("patient") or self.initial.get("patient") or "").strip()
        return patients.by_number(number, actor=self.actor) if number else None

    def clean_priority(self) -> int:
        """Billed first, when nobody said."""
        return self.cleaned_data["priority"] or 1


class RenewForm(Card):
    """The new card of a coverage: what stays empty stays as it was."""

    optional = ("payer", "member_id")
    relationship = subscriber_first_name = subscriber_last_name = subscriber_birth_date = None  # type: ignore[assignment]  # Django leaves the fields out
    starts_on = forms.DateField(label="First day of the new card")
    field_order = ("starts_on", "payer", "plan_name", "member_id")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["payer"].empty_label = "The same"  # type: ignore[attr-defined]


class MedicareForm(AboutPatient):
    """The questions of 42 CFR 489.20(g), in the order people answer them."""

    answered_by = word(120, "Answered by", help_text="The patient, when it is empty")
    answered_on = forms.DateField(required=False, label="Answered on", help_text=TODAY)
    entitled_by = forms.ChoiceField(choices=MedicareAnswers.Entitled.choices, label="Has Medicare by")
    kidney_since = forms.DateField(
        required=False, label="Kidney disease: Medicare since", help_text="Only for end-stage renal disease"
    )
    work_injury = forms.BooleanField(required=False, label="Comes because of an injury at work")
    accident = forms.BooleanField(required=False, label="Comes because of an accident somebody else pays for")
    other_program = forms.BooleanField(
        required=False, label="The VA or the Black Lung program has agreed to pay"
    )
    group_plan_by = forms.ChoiceField(
        choices=MedicareAnswers.Job.choices, label="Group health plan through", initial="none", required=False
    )
    employees = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000_000,
        label="Employees of that employer",
        help_text="About; 20 and 100 are what counts",
    )

    def clean_group_plan_by(self) -> str:
        """None, when nobody said."""
        return self.cleaned_data["group_plan_by"] or MedicareAnswers.Job.NONE


def _case(key: Any, *, actor: Any) -> Case | None:
    """The case an address or a client names, among those the actor may see."""
    try:
        pk = uuid.UUID(str(key))
    except ValueError:
        return None
    return cases.visible_to(actor).filter(pk=pk).first()
