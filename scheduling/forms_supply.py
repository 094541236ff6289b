"""Forms of templates, exceptions and provider rules, and one row of the editor's table."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from kit.forms import Form, ModelForm
from practice.models import Location
from scheduling.models import ProviderTypeRule, ScheduleException, ScheduleTemplate, TemplateBlock
from scheduling.rules.exceptions import mistake
from scheduling.rules.weeks import DAYS, WeekBlock

SPARE = 3
REST = ("starts_at", "ends_at", "kind", "types", "capacity", "release_hours_before", "label")
WORDS = re.compile(r"[\s,;]+")


class TemplateForm(ModelForm):
    """Whose week, from when until when, and how many weeks take turns."""

    class Meta:
        model = ScheduleTemplate
        fields = ("resource", "name", "valid_from", "valid_to", "cycle_weeks", "anchor_date")

    optional = ("anchor_date",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["resource"].queryset = self.fields["resource"].queryset.filter(  # type: ignore[attr-defined]
            is_active=True
        )
        self.fields["anchor_date"].label = "First week of the cycle"
        self.fields["anchor_date"].help_text = "Any day of it. Empty: as before, or the first day"
        if self.record is not None:
            self.fields["resource"].disabled = True


class ExceptionForm(ModelForm):
    """Days that differ, of a provider or resource or of a location."""

    everywhere = forms.BooleanField(
        required=False, label="At all locations of this provider", help_text="For leave, such as a vacation"
    )
    field_order = (
        "resource", "everywhere", "location", "kind", "starts_on", "ends_on", "starts_at", "ends_at", "reason",
        "source",
    )  # fmt: skip

    class Meta:
        model = ScheduleException
        fields = (
            "resource", "location", "kind", "starts_on", "ends_on", "starts_at", "ends_at", "reason", "source",
        )  # fmt: skip

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        field: Any = self.fields["resource"]
        field.queryset = field.queryset.filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        """Names the field before the table's rules are asked, which name none."""
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        names = ("kind", "starts_on", "ends_on", "starts_at", "ends_at", "reason")
        owners = sum(given[name] is not None for name in ("resource", "location"))
        wrong = mistake(**{name: given[name] for name in names}, owners=owners)
        if wrong is not None:
            self.add_error(*wrong)
        return given


class RuleForm(ModelForm):
    """What a provider does otherwise, and where."""

    locations = forms.ModelMultipleChoiceField(
        queryset=Location.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them",
    )

    class Meta:
        model = ProviderTypeRule
        fields = ("provider", "type", "minutes", "buffer_before", "buffer_after", "max_per_day", "is_offered")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["locations"].queryset = Location.objects.filter(is_active=True)  # type: ignore[attr-defined]
        if self.record is not None:
            chosen = ProviderTypeRule.objects.get(pk=self.record.pk).sites.values_list(
                "location_id", flat=True
            )
            self.fields["locations"].initial = list(chosen)


class BlockRow(Form):
    """One block in the editor's table. A row without a start is no block."""

    weekday = forms.TypedChoiceField(
        choices=list(enumerate(DAYS)), coerce=int, required=False, empty_value=None, label="Day"
    )
    cycle_week = forms.TypedChoiceField(
        choices=[], coerce=int, required=False, empty_value=None, label="Week"
    )
    starts_at = forms.TimeField(required=False, label="From")
    ends_at = forms.TimeField(required=False, label="To")
    kind = forms.ChoiceField(choices=TemplateBlock.Kind.choices, required=False, label="Time is")
    types = forms.CharField(max_length=120, required=False, label="Only these visit types")
    capacity = forms.IntegerField(min_value=1, max_value=50, required=False, label="At one time")
    release_hours_before = forms.IntegerField(
        min_value=0, max_value=720, required=False, label="Opens, hours before"
    )
    label = forms.CharField(max_length=30, required=False, label="Label")

    def __init__(
        self, *, weeks: int = 1, codes: Mapping[str, uuid.UUID] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.codes = codes or {}
        every = [("", "Every week"), *((str(n), f"Week {n}") for n in range(1, weeks + 1))]
        self.fields["cycle_week"].choices = every  # type: ignore[attr-defined]
        if weeks == 1:
            self.fields["cycle_week"].widget = forms.HiddenInput()
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            css = "form-select form-select-sm" if chosen else "form-control form-control-sm"
            field.widget.attrs |= {"class": css, "aria-label": str(field.label), "autocomplete": "off"}

    @property
    def rest(self) -> list[forms.BoundField]:
        """The fields after day and week, in the order of the table's columns."""
        return [self[name] for name in REST]

    def clean_types(self) -> frozenset[uuid.UUID]:
        """The types whose codes were typed, in any order."""
        words = [word for word in WORDS.split(self.cleaned_data["types"].lower()) if word]
        unknown = [word for word in words if word not in self.codes]
        if unknown:
            known = ", ".join(sorted(self.codes))
            raise forms.ValidationError(f"No visit type has the code “{unknown[0]}”. There are: {known}")
        return frozenset(self.codes[word] for word in words)

    def clean(self) -> dict[str, Any]:
        """Both ends or none."""
        given = super().clean() or self.cleaned_data
        if given.get("starts_at") and not given.get("ends_at") and "ends_at" not in self.errors:
            self.add_error("ends_at", "Enter the time it ends")
        return given

    def block(self) -> WeekBlock | None:
        """What the row says, None for an empty one."""
        given = self.cleaned_data
        if not given.get("starts_at"):
            return None
        return WeekBlock(
            weekday=given["weekday"] or 0,
            cycle_week=given["cycle_week"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            kind=given["kind"] or TemplateBlock.Kind.OPEN.value,
            types=given["types"],
            capacity=given["capacity"],
            release_hours_before=given["release_hours_before"],
            label=given["label"],
        )


BlockRows: Any = forms.formset_factory(
    BlockRow, extra=SPARE, max_num=200, absolute_max=210, validate_max=True
)


class CopyForm(Form):
    """Which day or week goes where; what of it is asked depends on the button."""

    copy_from = forms.TypedChoiceField(
        choices=list(enumerate(DAYS)), coerce=int, required=False, label="Copy"
    )
    copy_to = forms.TypedMultipleChoiceField(
        choices=list(enumerate(DAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="to",
    )
    week_from = forms.TypedChoiceField(choices=[], coerce=int, required=False, label="Copy")
    week_to = forms.TypedChoiceField(choices=[], coerce=int, required=False, label="to")

    def __init__(self, *, weeks: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        each = [(str(n), f"Week {n}") for n in range(1, weeks + 1)]
        for name in ("week_from", "week_to"):
            self.fields[name].choices = each  # type: ignore[attr-defined]
