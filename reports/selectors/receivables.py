"""Open balances by who owes them and how old they are, now; and the balances of one cell."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.models import OpenItem
from billing.permissions import BillingPermission
from billing.rules.ageing import BUCKETS
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice.actor import Actor

NAMED = 12  # parties with a row of their own; the smaller ones share one
PAGE = 50
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Party:
    """One row: a payer, the patients, or the payers without a row of their own; its balance by age."""

    key: str
    name: str
    ages: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The table, and what it says in a sentence."""

    parties: list[Party]
    finding: str


@dataclass(frozen=True, slots=True)
class Items:
    """A page of balances; count and total are of all that match."""

    rows: list[OpenItem]
    count: int
    total: Decimal
    after: str


def visible_to(actor: Actor, *, location: uuid.UUID | None = None) -> QuerySet[OpenItem]:
    """Open balances of the actor's sites with the day their age counts from (first billed, else service)."""
    found = OpenItem.objects.exclude(balance=0).annotate(
        basis=Coalesce("first_billed_on", "service_date", output_field=DateField())
    )
    found = found.filter(location_id__in=actor.locations) if actor.locations else found
    return found.filter(location_id=location) if location else found


def in_bucket(number: int, *, day: date) -> Q:
    """The condition of a bucket on a day."""
    low = 0 if number == 0 else (BUCKETS[number - 1][1] or 0) + 1
    high = BUCKETS[number][1]
    found = Q() if high is None else Q(basis__gte=day - timedelta(days=high))
    return found & Q(basis__lte=day - timedelta(days=low)) if number else found


def heat(actor: Actor, *, day: date, location: uuid.UUID | None = None) -> Heat:
    """Every party's balance by age: one query, grouped in the database."""
    sums = {
        f"b{number}": Coalesce(Sum("balance", filter=in_bucket(number, day=day)), ZERO)
        for number in range(len(BUCKETS))
    }
    grouped = visible_to(actor, location=location).values("payer_id", name=F("payer__name"))
    rows: list[dict[str, Any]] = [dict(row) for row in grouped.annotate(**sums)]
    parties = [(row["payer_id"], row["name"], [row[f"b{n}"] for n in range(len(BUCKETS))]) for row in rows]
    payers = sorted((each for each in parties if each[0]), key=lambda each: -sum(each[2]))
    shown: list[tuple[str, str, list[Decimal]]] = [(str(pk), name, ages) for pk, name, ages in payers[:NAMED]]
    if rest := [ages for _, _, ages in payers[NAMED:]]:
        shown.append(("other", "Other payers", [sum(column, ZERO) for column in zip(*rest, strict=True)]))
    shown += [("patient", "Patients", ages) for pk, _, ages in parties if pk is None]
    totals = tuple(sum((ages[n] for _, _, ages in shown), ZERO) for n in range(len(BUCKETS)))
    return Heat(
        parties=[Party(key=key, name=name, ages=tuple(ages)) for key, name, ages in shown],
        finding=_finding(shown, totals=totals),
    )


def _finding(shown: list[tuple[str, str, list[Decimal]]], *, totals: tuple[Decimal, ...]) -> str:
    old = sum(totals[3:], ZERO)
    if old <= 0:
        return "Nothing is older than 90 days"
    _, name, ages = max(shown, key=lambda each: sum(each[2][3:]))
    share = sum(ages[3:], ZERO) / old * 100
    verb = "owe" if name in ("Patients", "Other payers") else "owes"
    return f"{name} {verb} {min(share, Decimal(100)):.1f}% of the ${old:,.0f} past 90 days"


def items(
    actor: Actor,
    *,
    day: date,
    party: str = "",
    bucket: int | None = None,
    location: uuid.UUID | None = None,
    after: str = "",
) -> Items:
    """The balances a cell adds up, a page at a time (by id). Unknown parties match nothing."""
    actor.require(BillingPermission.VIEW_LEDGER)
    found = _of_party(
        visible_to(actor, location=location), party=party, actor=actor, day=day, location=location
    )
    found = found.filter(in_bucket(bucket, day=day)) if bucket is not None else found
    sums: dict[str, Any] = found.aggregate(total=Sum("balance"), count=Count("pk"))
    rows = found.select_related("patient", "payer", "charge__procedure", "location").order_by("pk")
    page = list((rows.filter(pk__gt=_uuid(after)) if _uuid(after) else rows)[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    return Items(
        rows=page, count=sums["count"], total=sums["total"] or ZERO, after=str(page[-1].pk) if more else ""
    )


def age(item: OpenItem, *, day: date) -> int:
    """Days since a balance was first billed, else since the service."""
    return (day - (item.first_billed_on or item.service_date)).days


def may_name(item: OpenItem, *, actor: Actor) -> bool:
    """Whether this actor may read whose balance it is."""
    return actor.may(PatientPermission.VIEW_PATIENT) and restricted.sees(item.patient, actor=actor)


def _of_party(
    found: QuerySet[OpenItem], *, party: str, actor: Actor, day: date, location: uuid.UUID | None
) -> QuerySet[OpenItem]:
    if not party:
        return found
    if party == "patient":
        return found.filter(payer=None)
    if party == "other":
        named = [each.key for each in heat(actor, day=day, location=location).parties]
        return found.exclude(payer=None).exclude(payer_id__in=[key for key in named if _uuid(key)])
    wanted = _uuid(party)
    return found.filter(payer_id=wanted) if wanted else found.none()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
