"""Forms of rules and deadlines."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kit.forms import Form
from kit.states import STATES
from practice.models import Location
from practice.rules.dated import Definition
from practice.rules.deadlines import LONGEST, Roll
from practice.rules.numbers import WIDEST
from practice.rules.units import Unit
from practice.selectors import places
from practice.services.rule_catalogue import definitions

EARLIEST, LATEST = date(1970, 1, 1), date(2200, 12, 31)


def _state_choices(empty: str) -> list[tuple[str, str]]:
    return [("", empty), *sorted(STATES.items(), key=lambda state: state[1])]


class RuleValueForm(Form):
    """A practice's own value of a rule."""

    code = forms.ChoiceField(label="Rule")
    value = forms.CharField(max_length=80, label="Your value")
    effective_from = forms.DateField(label="From")
    effective_to = forms.DateField(
        label="Until", required=False, help_text="MM/DD/YYYY, the last day. Empty: until further notice"
    )
    jurisdiction = forms.ChoiceField(
        label="Where", required=False, help_text="One state’s value goes before the one for everywhere"
    )
    reason = forms.CharField(max_length=200, label="Why", help_text="Kept with the value for good")
    source = forms.CharField(
        max_length=200, label="Source", required=False, help_text="The law, contract or policy it comes from"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rules: Any = self.fields["code"]
        rules.choices = [(code, f"{known.area} · {known.title}") for code, known in definitions().items()]
        known = definitions().get(str(self["code"].value() or ""))
        if known is not None:
            self.fields["value"].help_text = f"In {known.unit} {known.of}".strip() + _bounds(known)
        where: Any = self.fields["jurisdiction"]
        where.choices = _state_choices("Everywhere")


def _bounds(known: Definition) -> str:
    """What a value may be, after the unit."""
    limits = known.limits
    said = [
        f"{word} {limit}"
        for word, limit in (("at least", limits.least), ("at most", limits.most))
        if limit is not None
    ]
    return f"; {', '.join(said)}" if said else ""


class EndForm(Form):
    """The last day of an own value."""

    effective_to = forms.DateField(label="Last day")


class CheckForm(Form):
    """Which value was compared with its source, and where."""

    effective_from = forms.DateField(widget=forms.HiddenInput)
    state = forms.CharField(max_length=2, required=False, widget=forms.HiddenInput)
    own = forms.BooleanField(required=False, widget=forms.HiddenInput)
    found_in = forms.CharField(
        max_length=200,
        label="Where you looked",
        help_text="Like: ecfr.gov on screen; the signed contract, page 4",
    )


class NumberForm(Form):
    """How a series is written."""

    letters = forms.CharField(
        max_length=6, required=False, label="Letters in front", help_text="Up to six, like INV. Empty: none"
    )
    yearly = forms.BooleanField(
        required=False, label="Begin again each year", help_text="The year then stands in the number"
    )
    width = forms.IntegerField(
        min_value=1, max_value=WIDEST, label="Digits", help_text="Shorter numbers are filled up with zeros"
    )


UNITS = (
    (Unit.DAYS, "calendar days"),
    (Unit.BUSINESS_DAYS, "business days"),
    (Unit.MONTHS, "months"),
    (Unit.YEARS, "years"),
)
ROLLS = (
    (Roll.STAY, "Leave it there"),
    (Roll.FORWARD, "Next open day"),
    (Roll.BACK, "Open day before"),
)


class DeadlineForm(Form):
    """A deadline to try out. It writes nothing, so it is asked by GET."""

    start = forms.DateField(label="Start", help_text="MM/DD/YYYY: the day that sets the clock going")
    length = forms.IntegerField(min_value=0, max_value=LONGEST, label="Length")
    unit = forms.ChoiceField(choices=UNITS, label="Counted in", initial=Unit.BUSINESS_DAYS)
    direction = forms.ChoiceField(
        choices=[("after", "After the start"), ("before", "Before the start")],
        label="Which way",
        initial="after",
    )
    location = forms.ModelChoiceField(
        queryset=Location.objects.none(), required=False, empty_label="Whole practice", label="Calendar of"
    )
    roll = forms.ChoiceField(choices=ROLLS, label="If it lands on a closed day", initial=Roll.STAY)
    by_law = forms.BooleanField(
        required=False,
        label="Set by law",
        help_text="Only weekends and federal holidays are skipped, not your own closed days",
    )
    count_start = forms.BooleanField(required=False, label="Count the start itself as the first day")
    month_end = forms.BooleanField(required=False, label="Move to the end of the month")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sites: Any = self.fields["location"]
        sites.queryset = places.locations(self.actor).filter(is_active=True).order_by("name")

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if not EARLIEST <= start <= LATEST:
            raise forms.ValidationError("Enter a day between 1970 and 2200")
        return start
