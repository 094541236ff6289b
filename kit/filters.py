"""One FilterSet per Resource: it narrows page, sheet and endpoint, and describes itself to OpenAPI."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, reduce
from operator import and_, or_
from typing import Any, cast

import django_filters as df
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from kit import fields, registry
from kit.forms import DATES, MOMENTS
from kit.resource import Filter, Resource

SEARCH = "q"
OFFERED = 200
FIRST, LAST = date(1000, 1, 1), date(9000, 1, 1)  # a day beyond these is not a day of any record


class Told:
    """What every filter of ours adds: the choices it offers, and itself in words once it is applied."""

    label: Any
    extra: dict[str, Any]

    def __deepcopy__(self, memo: Any) -> "Told":
        """A FilterSet copies its filters for every request; all that differs then is whose they are."""
        return copy.copy(self)

    def offered(self, actor: Any) -> list[tuple[str, str]]:
        """What a select offers; nothing means that it is typed."""
        return []

    def said(self, value: Any, actor: Any) -> str:
        """ "State is Active or Pending"."""
        return f"{self.label} {value}"


class Typed(Told, df.CharFilter):  # type: ignore[misc]  # untyped library
    """The text itself."""


class Number(Told, df.NumberFilter):  # type: ignore[misc]
    """A bound of a range of numbers."""


class Since(Told, df.IsoDateTimeFilter):  # type: ignore[misc]
    """Changed at a moment or later."""

    def filter(self, qs: QuerySet[models.Model], value: datetime | None) -> QuerySet[models.Model]:
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__gte": min(max(value, _midnight(FIRST)), _midnight(LAST))})


class TrueOrFalse(forms.NullBooleanField):
    """``true`` or ``false``; Django's own takes everything else for "not asked"."""

    widget = forms.TextInput

    def clean(self, value: Any) -> bool | None:
        if value not in ("", None, "true", "false"):
            raise ValidationError("Send true or false")
        return {"true": True, "false": False}.get(value)


class YesNo(Told, df.BooleanFilter):  # type: ignore[misc]
    """Yes or no."""

    field_class = TrueOrFalse

    def offered(self, actor: Any) -> list[tuple[str, str]]:
        return [("true", "Yes"), ("false", "No")]

    def said(self, value: Any, actor: Any) -> str:
        return f"{self.label}: {'yes' if value else 'no'}"


class Words(Typed):
    """The text starts a search column, or each of its words starts one (prefixes only: they keep the index)."""

    def __init__(self, *, columns: Sequence[str], **kwargs: Any) -> None:
        super().__init__(label="Search", max_length=100, **kwargs)
        self.columns = tuple(columns)

    def filter(self, qs: QuerySet[models.Model], value: str) -> QuerySet[models.Model]:
        text = (value or "").strip()
        words = text.replace(",", " ").split()
        if not words:
            return qs
        each = [self._starts(word) for word in words]
        return qs.filter(self._starts(text) | reduce(and_, each) if len(words) > 1 else each[0])

    def _starts(self, text: str) -> Q:
        asked = (
            (column, text.lower() if column.endswith(("_lower", "_key")) else text) for column in self.columns
        )
        return reduce(or_, (Q(**{f"{column}__prefix": start}) for column, start in asked))


@dataclass(frozen=True)
class Asker:
    """Who asks, for a page; an endpoint hands over its request, which knows the actor too."""

    actor: Any


class Understood(Typed):
    """Typed text, understood by the Resource's own ``find``."""

    def __init__(self, *, resource: Resource, **kwargs: Any) -> None:
        super().__init__(label="Search", max_length=100, **kwargs)
        self.resource = resource

    def filter(self, qs: QuerySet[models.Model], value: str) -> QuerySet[models.Model]:
        text = (value or "").strip()
        if not text:
            return qs
        find = self.resource.load(self.resource.find)
        return cast("QuerySet[models.Model]", find(qs, text=text, actor=self.parent.request.actor))


class Listed(Told, df.BaseInFilter, df.ChoiceFilter):  # type: ignore[misc]
    """One or more of a field's choices: ``state=active,pending``."""

    def offered(self, actor: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in self.extra["choices"]]

    def said(self, value: Any, actor: Any) -> str:
        known = dict(self.offered(actor))
        return f"{self.label} is {' or '.join(known.get(each, each) for each in value)}"


class Linked(Told, df.BaseInFilter, df.UUIDFilter):  # type: ignore[misc]
    """One or more linked records, by id. Only those the actor may see are offered or named."""

    def __init__(self, *, model: type[models.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.linked_model = model

    @property
    def endless(self) -> bool:
        """Patients and their like are no list to choose from: only an address narrows by one of them."""
        resource = registry.for_model(self.linked_model)
        return resource is not None and resource.phi

    def offered(self, actor: Any) -> list[tuple[str, str]]:
        return [(str(record.pk), str(record)) for record in self._visible(actor)[:OFFERED]]

    def said(self, value: Any, actor: Any) -> str:
        names = [str(record) for record in self._visible(actor).filter(pk__in=value)]
        return f"{self.label} is {' or '.join(names or ['one that is not shown'])}"

    def _visible(self, actor: Any) -> QuerySet[models.Model]:
        resource = registry.for_model(self.linked_model)
        return resource.visible_to(actor) if resource else self.linked_model._default_manager.none()


class Day(Told, df.DateFilter):  # type: ignore[misc]
    """A bound of a date range; on a moment it means that whole day in the current time zone."""

    def __init__(self, *, last: bool, moment: bool, **kwargs: Any) -> None:
        super().__init__(input_formats=DATES, lookup_expr="lte" if last else "gte", **kwargs)
        self.last, self.moment = last, moment

    def filter(self, qs: QuerySet[models.Model], value: Any) -> QuerySet[models.Model]:
        if value in df.constants.EMPTY_VALUES or not self.moment:
            return cast("QuerySet[models.Model]", super().filter(qs, value))
        edge = _midnight(min(max(value, FIRST), LAST) + timedelta(days=self.last))
        return qs.filter(**{f"{self.field_name}__{'lt' if self.last else 'gte'}": edge})

    def said(self, value: Any, actor: Any) -> str:
        return super().said(f"{value:%m/%d/%Y}", actor)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _label(resource: Resource, *, declared: Filter) -> str:
    found = fields.field_at(resource.model_class, name=declared.name)
    return declared.label or fields.worded(str(getattr(found, "verbose_name", declared.name)))


def _made(resource: Resource, *, declared: Filter) -> Iterator[tuple[str, df.Filter]]:
    name, label = declared.name, _label(resource, declared=declared)
    found = fields.field_at(resource.model_class, name=name)
    common = {"field_name": name, "label": label}
    if found is not None and found.is_relation:
        yield name, Linked(model=cast("type[models.Model]", found.related_model), **common)
    elif found is not None and found.choices:
        yield name, Listed(choices=list(found.flatchoices), **common)
    elif isinstance(found, models.BooleanField):
        yield name, YesNo(**common)
    elif isinstance(found, models.DateField):
        moment = isinstance(found, models.DateTimeField)
        yield f"{name}_from", Day(last=False, moment=moment, field_name=name, label=f"{label} from")
        yield f"{name}_to", Day(last=True, moment=moment, field_name=name, label=f"{label} to")
    elif isinstance(found, models.DecimalField | models.IntegerField):
        places = {
            "max_digits": getattr(found, "max_digits", 18),
            "decimal_places": getattr(found, "decimal_places", 0),
        }
        for end, bound, words in (("min", "gte", "at least"), ("max", "lte", "at most")):
            yield (
                f"{name}_{end}",
                Number(field_name=name, lookup_expr=bound, label=f"{label} {words}", **places),
            )
    else:
        yield name, Typed(lookup_expr="exact", **common)


@cache
def filterset_class(resource: Resource) -> type[df.FilterSet]:
    """The FilterSet of a Resource: search, its filters, the keys of its parents, and ``updated_since``."""
    made: dict[str, Any] = {}
    if resource.search or resource.find:
        made[SEARCH] = Understood(resource=resource) if resource.find else Words(columns=resource.search)
    hidden = [Filter(name) for name in registry.parent_fields(resource.name)]
    for declared in (*resource.filters, *hidden):
        made.update(_made(resource, declared=declared))
    stamps = [n for n in ("updated_at", "created_at") if fields.field_at(resource.model_class, name=n)]
    if stamps:  # what is only ever appended was changed when it was written
        made["updated_since"] = Since(
            field_name=stamps[0], label="Changed since", input_formats=(*MOMENTS, "iso-8601")
        )
    meta = type("Meta", (), {"model": resource.model_class, "fields": []})
    return type(f"{resource.key}_filters", (df.FilterSet,), {**made, "Meta": meta})


def chips(resource: Resource, *, cleaned: dict[str, Any], actor: Any) -> list[tuple[str, str]]:
    """What a list is narrowed by, the parameter and a sentence: ("state", "State is Active or Pending")."""
    return [
        (name, each.said(cleaned[name], actor))
        for name, each in filterset_class(resource).base_filters.items()
        if name != SEARCH and cleaned.get(name) not in (None, "", [])
    ]
