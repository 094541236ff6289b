"""From an address to the rows of a list: view, filters, sort and page. The address holds everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import django_filters as df
from django.db import models
from django.db.models import Count, QuerySet, Sum
from django.http import QueryDict

from kit import fields, filters, sorting
from kit.fields import Meaning
from kit.resource import CAP, NUMBERED_PAGES, PAGE_SIZES, SHOWN_COLUMNS, Column, Resource, SavedView

ALL = SavedView(slug="all", label="All")
PLACE = ("page", "after", "panel")  # where one is in a list, not what is asked of it
Records = QuerySet[models.Model]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks of a list, made safe: unknown words fall back to the declaration."""

    resource: Resource
    params: QueryDict
    view: SavedView
    sort: str
    number: int
    after: Sequence[Any] | None  # values and key of the row before the page
    size: int
    comfortable: bool
    columns: Sequence[Column]

    @property
    def down(self) -> bool:
        """Largest first."""
        return self.sort.startswith("-")

    @property
    def order(self) -> sorting.Order:
        """What the rows are ordered by."""
        return order(self.resource, sort=self.sort)

    def query(self, **changes: str | None) -> str:
        """The same address with some parameters changed (None takes one away), without what says nothing."""
        params = QueryDict(mutable=True)
        for name, values in self.params.lists():
            said = [value for value in values if value and name != "panel"]
            params.setlist(name, said if name == "column" else said[-1:])
        if list(self.columns) == list(self.resource.columns[:SHOWN_COLUMNS]):
            params.pop("column", None)
        for name, value in changes.items():
            params.pop(name, None)
            if value is not None:
                params[name] = value
        return f"?{params.urlencode()}"

    @property
    def whole(self) -> str:
        """The address of everything asked for, from its first page: the same for the same question."""
        said = self.query(**dict.fromkeys(PLACE), view=self.view.slug, sort=self.sort)
        params = QueryDict(mutable=True)
        for name, values in sorted(QueryDict(said[1:]).lists()):
            params.setlist(name, values)
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
    def totalled(self) -> str:
        """What the totals are of: "42", or past the cap "these 50"."""
        return self.counted if self.count <= CAP else f"these {len(self.records)}"

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


def ask(resource: Resource, *, params: QueryDict, comfortable: bool = False) -> Asked:
    """Read an address; ``comfortable`` is the row height of whoever asks when the address names none."""
    tabs = views(resource)
    searching = _narrows(resource, params=params)
    tab = params.get("view", ALL.slug if searching else "")  # who searches means everybody
    view = next((v for v in tabs if v.slug == tab), tabs[0])
    sort = params.get("sort", "")
    if sort.lstrip("-") not in sortable(resource) or sort.startswith("--"):
        sort = view.sort or resource.default_sort
    wanted = set(params.getlist("column"))
    chosen = [c for c in resource.columns if c.name in wanted] or list(resource.columns)
    size, number = params.get("size", ""), page_number(params.get("page", ""))
    deep = number > NUMBERED_PAGES
    after = order(resource, sort=sort).read(params.get("after", "")) if deep else None
    return Asked(
        resource=resource,
        params=params,
        view=view,
        sort=sort,
        after=after,
        number=number if after or not deep else 1,
        size=int(size) if size in {str(s) for s in PAGE_SIZES} else PAGE_SIZES[0],
        comfortable={"comfortable": True, "compact": False}.get(params.get("density", ""), comfortable),
        columns=chosen[:SHOWN_COLUMNS],
    )


def _narrows(resource: Resource, *, params: QueryDict) -> bool:
    """Whether an address narrows its tab by a search or a filter."""
    return any(params.get(name) for name in filters.filterset_class(resource).base_filters)


@cache
def sortable(resource: Resource) -> dict[str, str]:
    """Column name → the fields its list is ordered by."""
    found = {m.name: m.sort for m in fields.meanings(resource, columns=resource.columns) if m.sort}
    plain = resource.default_sort.lstrip("-")
    return {plain: plain, **found}


def page_number(asked: str) -> int:
    """The page an address asks for; 1 for anything that is none."""
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def order(resource: Resource, *, sort: str) -> sorting.Order:
    """One of the orders a list can have."""
    return sorting.order(resource, sort=sort, fields_of=sortable(resource))


def narrowed(resource: Resource, *, view: SavedView, actor: Any) -> Records:
    """The records of one tab."""
    queryset = resource.listed_to(actor).filter(**view.where)
    return resource.load(view.narrow)(queryset, actor=actor) if view.narrow else queryset  # type: ignore[no-any-return]


def matching(asked: Asked, *, actor: Any) -> tuple[Records, df.FilterSet]:
    """Everything the address asks for, unsorted; a filter that makes no sense matches nothing and says so."""
    queryset = narrowed(asked.resource, view=asked.view, actor=actor)
    made, asker = filters.filterset_class(asked.resource), filters.Asker(actor)
    filterset = made(asked.params, queryset=queryset, request=asker)
    return (filterset.qs if filterset.is_valid() else queryset.none()), filterset


def size(asked: Asked, *, actor: Any) -> int:
    """How many an address asks for, counted to the cap. Without a filter the tab itself is counted: a page has many
    tabs, and a form for each would cost more than the counts.
    """
    if _narrows(asked.resource, params=asked.params):
        return count(matching(asked, actor=actor)[0])
    return count(narrowed(asked.resource, view=asked.view, actor=actor))


def summed(
    queryset: Records, *, meanings: Sequence[Meaning], page: Sequence[models.Model]
) -> tuple[int, dict[str, Any]]:
    """How many match and what they come to, in one query that stops at the cap; past it the page is summed."""
    wanted = [m.name for m in meanings if m.total]
    if not wanted:
        return count(queryset), {}
    sums = {name.replace("__", "_"): Sum(name) for name in wanted}
    found = queryset.order_by()[: CAP + 1].aggregate(rows_counted=Count("pk"), **sums)
    rows = found.pop("rows_counted")
    if rows <= CAP:
        return rows, found
    values = {name: [fields.value_of(each, name=name) for each in page] for name in wanted}
    return rows, {name.replace("__", "_"): sum(v or 0 for v in each) for name, each in values.items()}


def run(asked: Asked, *, actor: Any) -> Listing:
    """Fetch one page: one query for its rows, one for count and totals, whatever there is."""
    resource = asked.resource
    meanings = fields.meanings(resource, columns=asked.columns)
    queryset, filterset = matching(asked, actor=actor)
    page = asked.order.apply(queryset).select_related(*fields.joins(resource, columns=asked.columns))
    if asked.after:
        page = page.filter(asked.order.beyond(asked.after))
    start = 0 if asked.after else (asked.number - 1) * asked.size
    found = list(page[start : start + asked.size + 1])
    more, found = len(found) > asked.size, found[: asked.size]
    rows, totals = summed(queryset, meanings=meanings, page=found)
    return Listing(
        asked=asked,
        meanings=meanings,
        records=found,
        more=more,
        form=filterset.form,
        count=rows,
        totals=totals,
        after=asked.order.mark(found[-1]) if more else "",
    )
