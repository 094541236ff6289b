"""From an address to the rows of a list: view, filters, sort and page. The address holds everything."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import django_filters as df
from django.db import models
from django.db.models import F, Q, QuerySet, Sum
from django.http import QueryDict

from kit import fields, filters
from kit.fields import Meaning
from kit.resource import CAP, NUMBERED_PAGES, PAGE_SIZES, SHOWN_COLUMNS, Column, Resource, SavedView

ALL = SavedView(slug="all", label="All")
Records = QuerySet[models.Model]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks of a list, made safe: unknown words fall back to the declaration."""

    resource: Resource
    params: QueryDict
    view: SavedView
    sort: str
    number: int
    after: str
    size: int
    comfortable: bool
    columns: Sequence[Column]

    def query(self, **changes: str | None) -> str:
        """The same address with some parameters changed (None takes one away), without what says nothing."""
        params = QueryDict(mutable=True)
        for name, values in self.params.lists():
            said = [value for value in values if value]
            params.setlist(name, said if name == "column" else said[-1:])
        if list(self.columns) == list(self.resource.columns[:SHOWN_COLUMNS]):
            params.pop("column", None)
        for name, value in changes.items():
            params.pop(name, None)
            if value is not None:
                params[name] = value
        return f"?{params.urlencode()}"


@dataclass(kw_only=True)
class Listing:
    """The answer: rows of one page, a capped count, totals, and how to get to the other pages."""

    asked: Asked
    meanings: Sequence[Meaning]
    records: list[models.Model]
    count: int
    more: bool
    form: Any
    totals: dict[str, Any] = field(default_factory=dict)
    after: str = ""

    @property
    def counted(self) -> str:
        """ "42", or "1,000+" past the cap."""
        return capped(self.count)

    @property
    def first(self) -> int:
        """Position of the first row."""
        return (self.asked.number - 1) * self.asked.size + 1 if self.records else 0

    @property
    def last(self) -> int:
        """Position of the last row."""
        return self.first + len(self.records) - 1 if self.records else 0


def capped(count: int) -> str:
    """A count that stops counting."""
    return f"{CAP:,}+" if count > CAP else f"{count:,}"


def count(queryset: Records) -> int:
    """Rows up to one past the cap: never an exact count of a large table."""
    return queryset.order_by()[: CAP + 1].count()


def views(resource: Resource) -> Sequence[SavedView]:
    """The tabs of a list: the declared ones and, last, everything."""
    declared = resource.views
    return declared if any(v.slug == ALL.slug for v in declared) else (*declared, ALL)


def ask(resource: Resource, *, params: QueryDict) -> Asked:
    """Read an address."""
    tabs = views(resource)
    searching = any(params.get(name) for name in filters.filterset_class(resource).base_filters)
    default = tabs[-1] if searching and "view" not in params else tabs[0]
    view = next((v for v in tabs if v.slug == params.get("view")), default)
    sort = params.get("sort", "")
    if sort.lstrip("-") not in sortable(resource):
        sort = view.sort or resource.default_sort
    wanted = set(params.getlist("column"))
    chosen = [c for c in resource.columns if c.name in wanted] or list(resource.columns)
    size = params.get("size", "")
    number = params.get("page", "")
    return Asked(
        resource=resource,
        params=params,
        view=view,
        sort=sort,
        after=params.get("after", ""),
        number=max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1,
        size=int(size) if size in {str(s) for s in PAGE_SIZES} else PAGE_SIZES[0],
        comfortable=params.get("density") == "comfortable",
        columns=chosen[:SHOWN_COLUMNS],
    )


def sortable(resource: Resource) -> dict[str, str]:
    """Column name → the field its list is ordered by."""
    found = {m.name: m.sort for m in fields.meanings(resource, columns=resource.columns) if m.sort}
    plain = resource.default_sort.lstrip("-")
    return {plain: plain, **found}


def narrowed(resource: Resource, *, view: SavedView, actor: Any) -> Records:
    """The records of one tab."""
    queryset = resource.visible_to(actor)
    if view.where:
        queryset = queryset.filter(**view.where)
    if view.narrow:
        queryset = resource.load(view.narrow)(queryset, actor=actor)
    return queryset


def matching(asked: Asked, *, actor: Any) -> tuple[Records, df.FilterSet]:
    """Everything the address asks for, unsorted; a filter that makes no sense matches nothing and says so."""
    queryset = narrowed(asked.resource, view=asked.view, actor=actor)
    filterset = filters.filterset_class(asked.resource)(asked.params, queryset=queryset)
    return (filterset.qs if filterset.is_valid() else queryset.none()), filterset


def ordered(asked: Asked, *, queryset: Records) -> Records:
    """In the asked order, ties broken by id, empty values last."""
    column = sortable(asked.resource)[asked.sort.lstrip("-")]
    down = asked.sort.startswith("-")
    if column in ("id", "pk"):
        return queryset.order_by("-pk" if down else "pk")
    edge = F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True)
    return queryset.order_by(edge, "-pk" if down else "pk")


def _keyset(asked: Asked, *, column: str) -> Q:
    """Rows after the one the address names: index-friendly however deep the page."""
    down = asked.sort.startswith("-")
    past = "lt" if down else "gt"
    try:
        value, key = json.loads(base64.urlsafe_b64decode(asked.after.encode()))
    except (ValueError, binascii.Error, TypeError):
        return Q()
    if column in ("id", "pk"):
        return Q(**{f"pk__{past}": key})
    same = Q(**{f"pk__{past}": key})
    if value is None:
        return Q(**{f"{column}__isnull": True}) & same
    return Q(**{f"{column}__{past}": value}) | Q(**{column: value}) & same | Q(**{f"{column}__isnull": True})


def _marker(record: models.Model, *, column: str) -> str:
    value = None if column in ("id", "pk") else fields.value_of(record, name=column)
    text = json.dumps(
        [value if value is None or isinstance(value, int | bool) else str(value), str(record.pk)]
    )
    return base64.urlsafe_b64encode(text.encode()).decode()


def totals(queryset: Records, *, meanings: Sequence[Meaning]) -> dict[str, Any]:
    """Sums over everything that matches, not over one page."""
    summed = {m.name.replace("__", "_"): Sum(m.name) for m in meanings if m.total}
    return queryset.order_by().aggregate(**summed) if summed else {}


def run(asked: Asked, *, actor: Any) -> Listing:
    """Fetch one page: one query each for rows, count and totals, whatever the page holds."""
    resource = asked.resource
    meanings = fields.meanings(resource, columns=asked.columns)
    queryset, filterset = matching(asked, actor=actor)
    column = sortable(resource)[asked.sort.lstrip("-")]
    page = ordered(asked, queryset=queryset).select_related(*fields.joins(resource, columns=asked.columns))
    deep = asked.number > NUMBERED_PAGES
    start = 0 if deep else (asked.number - 1) * asked.size
    if deep:
        page = page.filter(_keyset(asked, column=column)) if asked.after else page.none()
    found = list(page[start : start + asked.size + 1])
    more, found = len(found) > asked.size, found[: asked.size]
    return Listing(
        asked=asked,
        meanings=meanings,
        records=found,
        more=more,
        form=filterset.form,
        count=count(queryset),
        totals=totals(queryset, meanings=meanings),
        after=_marker(found[-1], column=column) if more else "",
    )
