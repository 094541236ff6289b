"""What a dotted field name means: the model field at its end, its label, kind and the joins it needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from kit.resource import Column, Kind, Resource
from kit.status import StatusChoices, Tone

SEPARATOR = "__"


@dataclass(frozen=True)
class Meaning:
    """A column made concrete: nothing here is looked up again per row."""

    name: str
    label: str
    kind: Kind
    sort: str
    joins: tuple[str, ...]
    field: "models.Field[Any, Any] | None"
    total: bool

    @property
    def numeric(self) -> bool:
        """Right-aligned with tabular figures."""
        return self.kind in ("money", "number")


ACRONYMS = frozenset(
    {"api", "cpt", "dea", "dob", "edi", "ein", "era", "icd", "id", "mrn", "npi", "ssn", "url", "zip"}
)


def spelled(text: str) -> str:
    """A name inside a sentence: what is always written in capitals in capitals."""
    return " ".join(word.upper() if word.lower() in ACRONYMS else word for word in text.split(" "))


def worded(text: str) -> str:
    """A name as a label: capital first, and a yes/no without its verb ("is active" is "Active")."""
    label = spelled(text).removeprefix("is ")
    return label[:1].upper() + label[1:]


def walk(model: type[models.Model], *, name: str) -> Iterator["models.Field[Any, Any]"]:
    """The concrete fields along ``patient__last_name``; FieldDoesNotExist when one is no column."""
    for part in name.split(SEPARATOR):
        found = model._meta.get_field(part)
        if not isinstance(found, models.Field):
            raise FieldDoesNotExist(f"{model.__name__}.{part} is not a column")
        yield found
        model = found.related_model if found.is_relation else model  # type: ignore[assignment]


def field_at(model: type[models.Model], *, name: str) -> "models.Field[Any, Any] | None":
    """The model field a name ends at, None when it names a property."""
    try:
        return list(walk(model, name=name))[-1]
    except FieldDoesNotExist:
        return None


@cache
def can_be_empty(model: type[models.Model], *, name: str) -> bool:
    """Whether a row may have no value there: the field, or a link on the way to it, is nullable."""
    return any(each.null for each in walk(model, name=name))


def kind_of(found: "models.Field[Any, Any] | None") -> Kind:
    """How values of a field are shown."""
    if found is None:
        return "text"
    if found.is_relation:
        return "link"
    if found.choices:
        return "status" if tones(found) else "choice"
    if isinstance(found, models.DecimalField):
        return "money" if found.decimal_places == 2 else "number"
    kinds: tuple[tuple[type, Kind], ...] = (
        (models.DateTimeField, "datetime"),
        (models.DateField, "date"),
        (models.BooleanField, "bool"),
        (models.IntegerField, "number"),
    )
    return next((kind for cls, kind in kinds if isinstance(found, cls)), "text")


@cache
def tones(found: "models.Field[Any, Any]") -> dict[str, Tone]:
    """Tone of every value, when its choices come from a StatusChoices (Django forgets which)."""
    enums: list[Any] = StatusChoices.__subclasses__()
    for enum in enums:
        if list(enum.choices) == list(found.flatchoices):
            return {member.value: member.tone for member in enum}
    return {}


@cache
def meaning(model: type[models.Model], column: Column) -> Meaning:
    """Resolve a column against its model."""
    found = field_at(model, name=column.name)
    parts = column.name.split(SEPARATOR)
    joins = list(column.needs)
    if found is not None and len(parts) > 1:
        joins.append(SEPARATOR.join(parts[:-1]))
    if found is not None and found.is_relation:
        joins.append(column.name)
    sort = column.sort if column.sort is not None else (column.name if found is not None else "")
    label = str(getattr(found, "verbose_name", parts[-1].replace("_", " ")))
    return Meaning(
        name=column.name,
        label=column.label or worded(label),
        kind=column.kind or kind_of(found),
        sort="" if found is not None and found.is_relation and column.sort is None else sort,
        joins=tuple(joins),
        field=found,
        total=column.total,
    )


def meanings(resource: Resource, *, columns: Iterable[Column | str]) -> list[Meaning]:
    """Resolve several columns; a bare string is a column without options."""
    model = resource.model_class
    return [meaning(model, Column(c) if isinstance(c, str) else c) for c in columns]


def joins(resource: Resource, *, columns: Iterable[Column | str]) -> list[str]:
    """The select_related paths these columns need, each once."""
    found = meanings(resource, columns=columns)
    return sorted({join for each in found for join in each.joins})


def value_of(record: models.Model, *, name: str) -> Any:
    """The value at the end of a dotted name, None as soon as a link on the way is empty."""
    value: Any = record
    for part in name.split(SEPARATOR):
        if value is None:
            return None
        value = getattr(value, part)
    return value
