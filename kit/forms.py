"""Forms as people type them: US dates, spaces forgiven, every choice limited to what the actor may see."""

import copy
import re
from datetime import date
from functools import cache
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.module_loading import import_string

from kit import clock, fields, registry
from kit.resource import Action, Resource
from kit.sheet_reader.dates import NoDate, read_date

DATES = ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m/%d/%y")
TIMES = ("%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
MOMENTS = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M")
REASON_LENGTH = 500
RUN_TOGETHER = re.compile(r"(\d\d)(\d\d)(\d{4}|\d\d)", re.ASCII)


# Labels that begin like this are no nouns: "Enter the why" is no sentence.
PHRASES = (
    "acts",
    "books",
    "cancelled",
    "effective",
    "expires",
    "from",
    "how",
    "in",
    "patient is",
    "type",
    "valid",
    "what",
    "where",
    "who",
    "why",
)


# What a value looks like, by kind of field.
LIKE: dict[type[forms.Field], str] = {
    forms.DateField: "a date like 03/04/2026",
    forms.DateTimeField: "a date and time like 03/04/2026 2:10 PM",
    forms.TimeField: "a time like 2:10 PM",
    forms.DecimalField: "a number",
    forms.IntegerField: "a number",
}


def _speak(field: forms.Field, *, label: str) -> None:
    """Messages that say what to do; a field's own words stay."""
    words = label if label[:2].isupper() else label[:1].lower() + label[1:]
    choose = isinstance(field, forms.ChoiceField)
    said = {"required": _asked(words, label=label, choose=choose)}
    told = label.replace("%", "%%")  # where Django puts a limit into the sentence
    for kind, like in LIKE.items():
        if isinstance(field, kind):
            said["invalid"] = f"{label}: enter {like}"
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        said["max_digits"] = said["max_whole_digits"] = f"{told}: enter a smaller number"
        said["max_decimal_places"] = f"{told}: at most %(max)s digits after the point"
        said["min_value"] = f"{told}: enter %(limit_value)s or more"
        said["max_value"] = f"{told}: enter %(limit_value)s or less"
    elif choose:
        named = f"“{label}”" if _is_phrase(words) else f"the {words}"
        said["invalid_choice"] = f"Choose {named} from the list"
    elif isinstance(field, forms.CharField):
        said["max_length"] = f"{told}: at most %(limit_value)d characters, not %(show_value)d"
    for code, sentence in said.items():
        if field.error_messages.get(code) in _defaults(type(field), code=code):
            field.error_messages[code] = sentence


def _asked(words: str, *, label: str, choose: bool) -> str:
    """What to do about an empty field: "Enter the city", "Enter your name", "Fill in “Why”"."""
    if words.startswith("your "):
        return f"{'Choose' if choose else 'Enter'} {words}"
    if _is_phrase(words):
        return f"{'Choose' if choose else 'Fill in'} “{label}”"
    return f"{'Choose' if choose else 'Enter'} the {words}"


def _is_phrase(words: str) -> bool:
    return any(words == each or words.startswith(f"{each} ") for each in PHRASES)


def _defaults(kind: type[forms.Field], *, code: str) -> list[Any]:
    return [getattr(each, "default_error_messages", {}).get(code) for each in kind.__mro__]


class BirthDateField(forms.DateField):
    """A day that lies behind us, as it is typed at a desk: "3/4/57" is of the last hundred years, "030457" and
    "Mar 4, 1957" are read too.
    """

    def to_python(self, value: Any) -> date | None:
        """The day, None for nothing; ValidationError for anything else."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        bare = value.strip()
        if (run := RUN_TOGETHER.fullmatch(bare)) and run[1] <= "12":
            bare = "/".join(run.groups())
        form = "ymd" if bare.isdigit() else "mdy"
        try:
            return read_date(bare, form=form, latest=clock.now().date())
        except NoDate:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class _Polite:
    """What both form kinds share: who asks, about which record, and forgiving input."""

    only_new: tuple[str, ...] = ()  # fields asked when a record is added, and not when it is changed
    only_later: tuple[str, ...] = ()  # the other way round
    optional: tuple[str, ...] = ()  # fields of the model that the service fills in when nobody said
    actor: Any
    record: models.Model | None
    fields: dict[str, forms.Field]

    def _settle(self, *, actor: Any, record: models.Model | None) -> None:
        self.actor, self.record = actor, record
        for name in self.only_later if record is None else self.only_new:
            del self.fields[name]
        for name in self.optional:
            self.fields[name].required = False
        for name, field in self.fields.items():
            field.label = fields.worded(str(field.label or name.replace("_", " ")))
            _speak(field, label=field.label)
            if isinstance(field, forms.DateTimeField):
                field.input_formats = MOMENTS
                field.widget = forms.DateTimeInput(format=MOMENTS[0])
            elif isinstance(field, forms.DateField):
                field.input_formats = DATES
                field.widget = forms.DateInput(format=DATES[0], attrs={"inputmode": "numeric"})
                field.help_text = field.help_text or "MM/DD/YYYY"
            elif isinstance(field, forms.TimeField):
                field.input_formats = TIMES
                field.widget = forms.TimeInput(format=TIMES[0])
            elif isinstance(field, forms.DecimalField):
                field.widget = forms.TextInput(attrs={"inputmode": "decimal"})
            elif isinstance(field, forms.ModelChoiceField):
                field.queryset = self._visible(field)

    def _visible(self, field: Any) -> Any:
        resource = registry.for_model(field.queryset.model)
        return resource.visible_to(self.actor) if resource else field.queryset


class Form(_Polite, forms.Form):
    """A form for a service. Its clean values are the service's keyword arguments, name by name."""

    def __init__(self, *, actor: Any = None, record: models.Model | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._settle(actor=actor, record=record)


class ModelForm(_Polite, forms.ModelForm):  # type: ignore[type-arg]
    """Fields taken from the model. It never saves, and it works on a copy: the service does the writing."""

    def __init__(self, *, actor: Any = None, record: models.Model | None = None, **kwargs: Any) -> None:
        super().__init__(instance=copy.copy(record) if record else None, **kwargs)
        self._settle(actor=actor, record=record)

    def validate_unique(self) -> None:
        """Uniqueness is the table's: asking before writing would only be a race and one more query."""

    def validate_constraints(self) -> None:
        """See ``validate_unique``; ``kit.writes`` turns the table's refusal into the same sentence."""

    def save(self, commit: bool = True) -> Any:
        """Refused: writes go through the Resource's service."""
        raise TypeError("a kit form is not saved; call the service with cleaned_data")


AnyForm = Form | ModelForm
FormClass = type[Form] | type[ModelForm]


@cache
def form_class(resource: Resource) -> FormClass:
    """The form a Resource is created and changed with."""
    spec = resource.form
    if spec is None:
        raise LookupError(f"{resource.name} has no form")
    if spec.form:
        declared: FormClass = import_string(spec.form)
        return declared
    made: Any = forms.modelform_factory(resource.model_class, form=ModelForm, fields=list(spec.fields))
    return cast("FormClass", made)


@cache
def action_form_class(action: Action) -> FormClass:
    """The questions of an action: its own form, and the reason when one is wanted."""
    declared: FormClass = import_string(action.form) if action.form else Form
    if not action.reason:
        return declared
    reason = forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history of this record.",
    )
    return type("ReasonedForm", (declared,), {"reason": reason})


def values_of(record: models.Model, *, form: FormClass) -> dict[str, Any]:
    """What a form about this record starts with: the attribute of each field's name, keys for links."""
    values = {}
    for name in form.base_fields:
        if hasattr(record, name):
            value = fields.value_of(record, name=name)
            values[name] = value.pk if isinstance(value, models.Model) else value
    return values
