"""One FilterSet per Resource: it narrows page, sheet and endpoint, and describes itself to OpenAPI."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache, reduce
from operator import and_, or_
from typing import Any, cast

import django_filters as df
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from kit import fields, registry
from kit.forms import DATES, MOMENTS
from kit.resource import Filter, Resource

SEARCH = "q"


class Words(df.CharFilter):  # type: ignore[misc]  # untyped library
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


class Listed(df.BaseInFilter, df.ChoiceFilter):  # type: ignore[misc]  # untyped library
    """One or more of a field's choices: ``state=active,pending``."""


class Linked(df.BaseInFilter, df.UUIDFilter):  # type: ignore[misc]  # untyped library
    """One or more linked records, by id."""


class Day(df.DateFilter):  # type: ignore[misc]  # untyped library
    """A bound of a date range; on a moment it means that whole day in the current time zone."""

    def __init__(self, *, last: bool, moment: bool, **kwargs: Any) -> None:
        super().__init__(input_formats=DATES, lookup_expr="lte" if last else "gte", **kwargs)
        self.last, self.moment = last, moment

    def filter(self, qs: QuerySet[models.Model], value: Any) -> QuerySet[models.Model]:
        if value in df.constants.EMPTY_VALUES or not self.moment:
            return cast("QuerySet[models.Model]", super().filter(qs, value))
        day = value + timedelta(days=1) if self.last else value
        edge = timezone.make_aware(datetime.combine(day, time.min))
        return qs.filter(**{f"{self.field_name}__{'lt' if self.last else 'gte'}": edge})


def _label(resource: Resource, *, declared: Filter) -> str:
    if declared.label:
        return declared.label
    found = fields.field_at(resource.model_class, name=declared.name)
    return fields.worded(str(getattr(found, "verbose_name", declared.name)))


def _made(resource: Resource, *, declared: Filter) -> Iterator[tuple[str, df.Filter]]:
    name, label = declared.name, _label(resource, declared=declared)
    found = fields.field_at(resource.model_class, name=name)
    common = {"field_name": name, "label": label}
    if found is None or found.is_relation:
        yield name, Linked(**common)
    elif found.choices:
        yield name, Listed(choices=list(found.flatchoices), **common)
    elif isinstance(found, models.BooleanField):
        yield name, df.BooleanFilter(**common)
    elif isinstance(found, models.DateField):
        moment = isinstance(found, models.DateTimeField)
        yield f"{name}_from", Day(last=False, moment=moment, field_name=name, label=f"{label} from")
        yield f"{name}_to", Day(last=True, moment=moment, field_name=name, label=f"{label} to")
    elif isinstance(found, models.DecimalField | models.IntegerField):
        yield f"{name}_min", df.NumberFilter(field_name=name, lookup_expr="gte", label=f"{label} at least")
        yield f"{name}_max", df.NumberFilter(field_name=name, lookup_expr="lte", label=f"{label} at most")
    else:
        yield name, df.CharFilter(lookup_expr="exact", **common)


@cache
def filterset_class(resource: Resource) -> type[df.FilterSet]:
    """The FilterSet of a Resource: search, its filters, the keys of its parents, and ``updated_since``."""
    made: dict[str, Any] = {}
    if resource.search:
        made[SEARCH] = Words(columns=resource.search)
    hidden = [Filter(name) for name in registry.parent_fields(resource.name)]
    for declared in (*resource.filters, *hidden):
        made.update(_made(resource, declared=declared))
    if fields.field_at(resource.model_class, name="updated_at") is not None:
        made["updated_since"] = df.IsoDateTimeFilter(
            field_name="updated_at",
            lookup_expr="gte",
            label="Changed since",
            input_formats=(*MOMENTS, "iso-8601"),
        )
    meta = type("Meta", (), {"model": resource.model_class, "fields": []})
    return type(f"{resource.key}_filters", (df.FilterSet,), {**made, "Meta": meta})


@dataclass(frozen=True, kw_only=True)
class Chip:
    """An applied filter in words, and the parameters that take it away again."""

    text: str
    label: str
    params: tuple[str, ...]


def linked_names(resource: Resource, *, name: str, actor: Any, ids: Sequence[Any]) -> list[str]:
    """Names of linked records the actor may see, for chips; the others stay unnamed."""
    found = fields.field_at(resource.model_class, name=name)
    target = registry.for_model(found.related_model) if found is not None and found.is_relation else None  # type: ignore[arg-type]
    return [str(each) for each in target.visible_to(actor).filter(pk__in=ids)] if target else []


def chips(resource: Resource, *, cleaned: dict[str, Any], actor: Any) -> list[Chip]:
    """What a list is narrowed by, one sentence each: "State is Active or Pending"."""
    found = []
    for name, each in filterset_class(resource).base_filters.items():
        value = cleaned.get(name)
        if name == SEARCH or value in (None, "", []):
            continue
        if isinstance(each, Linked):
            words = linked_names(resource, name=each.field_name, actor=actor, ids=value) or [
                "one that is not shown"
            ]
            text = f"{each.label} is {' or '.join(words)}"
        elif isinstance(each, Listed):
            known = dict(each.extra["choices"])
            text = f"{each.label} is {' or '.join(str(known.get(v, v)) for v in value)}"
        elif isinstance(each, df.BooleanFilter):
            text = f"{each.label}: {'yes' if value else 'no'}"
        elif isinstance(each, Day):
            text = f"{each.label} {value:%m/%d/%Y}"
        else:
            text = f"{each.label} {value}"
        found.append(Chip(text=text, label=str(each.label), params=(name,)))
    return found


def options(resource: Resource, *, name: str, actor: Any, limit: int = 200) -> list[tuple[str, str]]:
    """What a select in the toolbar offers for one filter."""
    each = filterset_class(resource).base_filters[name]
    if isinstance(each, Listed):
        return [(str(value), str(label)) for value, label in each.extra["choices"]]
    if isinstance(each, df.BooleanFilter):
        return [("true", "Yes"), ("false", "No")]
    found = fields.field_at(resource.model_class, name=each.field_name or name)
    target = registry.for_model(found.related_model) if found is not None and found.is_relation else None  # type: ignore[arg-type]
    return [(str(record.pk), str(record)) for record in target.visible_to(actor)[:limit]] if target else []
