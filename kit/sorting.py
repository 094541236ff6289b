"""The order of a list, and the place in it where a deep page goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q, QuerySet

from kit import fields
from kit.resource import Resource


@dataclass(frozen=True, kw_only=True)
class Order:
    """Fields in the order that counts, all in one direction; the key breaks ties and empty values come last."""

    resource: Resource
    sort: str
    names: Sequence[str]

    @property
    def down(self) -> bool:
        """Largest first."""
        return self.sort.startswith("-")

    def apply(self, queryset: QuerySet[models.Model]) -> QuerySet[models.Model]:
        """Sort. Only what may be empty says NULLS LAST: an index in plain order cannot serve that."""
        sign = "-" if self.down else ""
        edges: list[Any] = [f"{sign}{name}" for name in (*self.names, "pk")]
        for place, name in enumerate(self.names):
            if self._nullable(name):
                edges[place] = F(name).desc(nulls_last=True) if self.down else F(name).asc(nulls_last=True)
        return queryset.order_by(*edges)

    def mark(self, record: models.Model) -> str:
        """The place right after a record, as a word in an address."""
        found = [fields.value_of(record, name=name) for name in self.names]
        plain = [v if v is None or isinstance(v, int) else str(v) for v in found]
        return signing.dumps([*plain, str(record.pk)], salt=self._place)

    def read(self, text: str) -> Sequence[Any] | None:
        """Where a page begins; only what we wrote ourselves, for this very order, is read."""
        try:
            found: Sequence[Any] = signing.loads(text, salt=self._place)
        except (signing.BadSignature, ValueError):
            return None
        return found if len(found) == len(self.names) + 1 else None

    def beyond(self, place: Sequence[Any]) -> Q:
        """Rows after that place: index-friendly however deep the page."""
        *values, key = place
        past = self._past(list(zip(self.names, values, strict=True)), key=key)
        if values and values[0] is not None and not self._nullable(self.names[0]):
            # Where the index begins to be read; the alternatives tell rows of one value apart.
            past &= Q(**{f"{self.names[0]}__{'lte' if self.down else 'gte'}": values[0]})
        return past

    def _past(self, places: list[tuple[str, Any]], *, key: Any) -> Q:
        beyond = "lt" if self.down else "gt"
        if not places:
            return Q(**{f"pk__{beyond}": key})
        (name, value), *rest = places
        tied, empty = self._past(rest, key=key), Q(**{f"{name}__isnull": True})
        if value is None:
            return empty & tied
        found = Q(**{f"{name}__{beyond}": value}) | Q(**{name: value}) & tied
        return found | empty if self._nullable(name) else found

    @property
    def _place(self) -> str:
        return f"{self.resource.name} {self.sort}"

    def _nullable(self, name: str) -> bool:
        try:
            return fields.can_be_empty(self.resource.model_class, name=name)
        except FieldDoesNotExist:  # an annotation of the selector
            return True


def order(resource: Resource, *, sort: str, fields_of: dict[str, str]) -> Order:
    """The order a list was asked for; ``fields_of`` says what each column is sorted by."""
    names = [n for n in fields_of[sort.lstrip("-")].split(",") if n not in ("id", "pk")]
    return Order(resource=resource, sort=sort, names=names)
