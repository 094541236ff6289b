"""The rows behind a figure, a page at a time, and what they add up to: the SELECTs the rollup itself reads."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import LedgerEntry
from billing.permissions import BillingPermission
from patients.models import Patient
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.models import Location
from reports.catalogue import MAKING, Kpi, Part
from reports.selectors import facts
from reports.selectors.targets import practice_zone, values_on
from scheduling import access_sql, flow_sql
from scheduling.models import Appointment
from scheduling.permissions import SchedulingPermission

PAGE = 40
# What somebody must be allowed to see before rows of a kind are listed.
ASKS: dict[str, tuple[str, ...]] = {
    "appointment": (SchedulingPermission.VIEW_SCHEDULE,),
    "block": (SchedulingPermission.VIEW_SCHEDULE,),
    "access": (SchedulingPermission.VIEW_SCHEDULE,),
    "entry": (BillingPermission.VIEW_LEDGER,),
    "balance": (BillingPermission.VIEW_LEDGER,),
    "charge": (BillingPermission.VIEW_CHARGE,),
    "claim": (BillingPermission.VIEW_CLAIM, BillingPermission.VIEW_EVERY_CLAIM),
}
KIND_OF = {
    "visits": "appointment", "new_visits": "appointment", "no_shows": "appointment", "visits_due": "appointment",
    "gross_charges": "entry", "charges_window": "entry", "receipts": "entry", "collectible": "entry",
    "charge_lag": "charge", "charges_posted": "charge", "payment_lag": "claim", "claims_paid": "claim",
    "claims_answered": "claim", "claims_denied": "claim", "ar": "balance", "ar_old": "balance", **access_sql.KINDS,
    **flow_sql.KINDS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row a figure counts: its day, what it adds, whose it is, and the record it stands for."""

    day: date
    key: str
    kind: str
    record_id: uuid.UUID | None
    location: str
    patient: Patient | None
    amount: Decimal
    since: date | None
    note: str

    @property
    def what(self) -> str:
        """The record in a word or two: a kind of entry, a visit's status, who owes a balance."""
        names = {"entry": LedgerEntry.Kind, "appointment": Appointment.Status}
        if self.kind in names:
            return str(names[self.kind](self.note).label)
        return self.note or self.kind.capitalize()


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a part's rows; ``count`` and ``total`` are of all of them, whatever the page."""

    part: Part
    first: date
    last: date
    rows: list[Row]
    count: int
    total: Decimal
    after: str = ""
    missing: str = ""


def missing_permission(part: Part, *, actor: Actor) -> str:
    """The permission an actor lacks to list a part's rows; '' when they may be listed."""
    return next((str(each) for each in ASKS[KIND_OF[part.fact]] if not actor.may(each)), "")


def span(kpi: Kpi, *, part: Part, first: date, last: date, window: int) -> tuple[date, date]:
    """The days whose rows make a part: a stock's window ends on the last day, its balances stand on it."""
    if part.fact == "charges_window":
        return last - timedelta(days=window - 1), last
    return (last, last) if kpi.kind == "stock" else (first, last)


def rows(
    kpi: Kpi,
    *,
    part: Part,
    first: date,
    last: date,
    actor: Actor,
    location: uuid.UUID | None = None,
    after: str = "",
    size: int = PAGE,
) -> Rows:
    """A page of the rows of a numerator or denominator. Without the rows' own permission only their sum."""
    made_with = {code: int(value) for code, value in values_on(MAKING, day=last).items()}
    given = facts.parameters(practice_id=actor.practice_id, zone=practice_zone(actor), made_with=made_with)
    first, last = span(kpi, part=part, first=first, last=last, window=given["window"])
    given |= {"first": first, "last": last, "sites": _sites(actor, location=location), "size": size + 1}
    sql = f"SELECT * FROM ({facts.rows_of(part.fact)}) fact WHERE (%(sites)s::uuid[] IS NULL OR location_id = ANY(%(sites)s::uuid[]))"  # noqa: S608, E501  constants of facts.py
    counted = f"SELECT count(*) AS n, COALESCE(sum(amount), 0) AS total FROM ({sql}) every"  # noqa: S608
    summed = _fetch(counted, given)[0]
    missing = missing_permission(part, actor=actor)
    found: list[dict[str, Any]] = []
    if not missing:
        given["day"], given["key"] = _read(after)
        past = " AND (day > %(day)s::date OR (day = %(day)s::date AND key > %(key)s))" if after else ""
        found = _fetch(sql + past + " ORDER BY day, key LIMIT %(size)s", given)
    more, found = len(found) > size, found[:size]
    return Rows(
        part=part,
        first=first,
        last=last,
        rows=_named(found, actor=actor),
        count=summed["n"],
        total=summed["total"],
        after=_marker(found[-1]) if more else "",
        missing=missing,
    )


def _sites(actor: Actor, *, location: uuid.UUID | None) -> list[str] | None:
    """The sites to count: the one asked for, the actor's, or None for all. None of them when out of scope."""
    if location is not None:
        return [str(location)] if actor.sees_location(location) else []
    return [str(each) for each in sorted(actor.locations)] or None


def _fetch(sql: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _named(found: list[dict[str, Any]], *, actor: Actor) -> list[Row]:
    """Rows with the names of their sites and patients. A restricted patient stays unnamed, the row still counts."""
    sites = dict(
        Location.objects.filter(pk__in={row["location_id"] for row in found}).values_list("id", "name")
    )
    people: dict[uuid.UUID, Patient] = {}
    if actor.may(PatientPermission.VIEW_PATIENT):
        shown = Patient.objects.filter(pk__in={row["patient_id"] for row in found})
        people = {patient.pk: patient for patient in restricted.visible(shown, actor=actor, patient="")}
    return [
        Row(
            day=row["day"],
            key=row["key"],
            kind=row["kind"],
            record_id=row["record_id"],
            location=sites.get(row["location_id"], ""),
            patient=people.get(row["patient_id"]),
            amount=row["amount"],
            since=row["since"],
            note=row["note"],
        )
        for row in found
    ]


def _marker(row: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([row["day"].isoformat(), row["key"]]).encode()).decode()


def _read(after: str) -> tuple[str, str]:
    """Where the next page begins; a marker that cannot be read begins at the start."""
    try:
        day, key = json.loads(base64.urlsafe_b64decode(after.encode()))
        return date.fromisoformat(day).isoformat(), str(key)
    except (ValueError, binascii.Error, TypeError):
        return date.min.isoformat(), ""
