"""What the demo's patients paid: a copay at the desk, and most shares some days after they became theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing.models import LedgerEntry, OpenItem, PatientPayment
from billing.selectors import payments as found
from billing.services import payments
from kit import clock
from practice.story import Story
from scheduling.models import Appointment

PAYS_AFTER = (4, 6, 9, 12)  # days from a posting to a patient's payment
COPAY_DAYS = 3  # visits whose claims nobody has answered yet
METHODS = ("card", "card", "check", "cash")
Method = PatientPayment.Method


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """Somebody pays at a moment; ``place`` chooses how."""

    at: datetime
    visit: Appointment
    amount: Decimal
    place: int


def seed(story: Story, *, zone: ZoneInfo) -> None:
    """Receipts in the order of time; the biller takes one back."""
    desk, biller = (story.acting_as(role) or story.actor for role in ("front_desk", "biller"))
    given = [*_shares(story, zone=zone), *_copays(story, zone=zone)]
    given.sort(key=lambda one: (one.at, one.place))
    for number, each in enumerate(given, start=1):
        method = METHODS[each.place % len(METHODS)]
        with clock.at(each.at):
            taken = payments.take(
                patient=each.visit.patient,
                amount=each.amount,
                method=method,
                location=each.visit.location,
                visit=each.visit,
                reference=_reference(method, place=each.place),
                actor=desk,
            )
        if number == len(given) - 1:
            with clock.at(min(each.at + timedelta(minutes=20), clock.now())):
                payments.void(taken, reason="Taken for another patient by mistake", actor=biller)


def _shares(story: Story, *, zone: ZoneInfo) -> Iterator[_Given]:
    shares = OpenItem.objects.filter(payer=None, balance__gt=0).order_by("service_date", "id")
    since = dict(
        LedgerEntry.objects.filter(kind=LedgerEntry.Kind.TRANSFER, payer=None).values_list(
            "charge_id", "posted_on"
        )
    )
    joined = shares.select_related("charge__appointment__location", "charge__appointment__patient")
    for place, item in enumerate(joined):
        paid_on = since.get(item.charge_id, item.service_date) + timedelta(
            days=PAYS_AFTER[place % len(PAYS_AFTER)]
        )
        if place % 5 in (0, 2, 3) and paid_on <= story.today:
            yield _Given(
                at=_moment(story, day=paid_on, place=place, zone=zone),
                visit=item.charge.appointment,
                amount=item.balance,
                place=place,
            )


def _copays(story: Story, *, zone: ZoneInfo) -> Iterator[_Given]:
    lately = story.today - timedelta(days=COPAY_DAYS)
    visits = [visit for visit in story.kept.get("completed_visits", []) if visit.local_day >= lately]
    for place, visit in enumerate(sorted(visits, key=lambda one: one.starts_at)):
        due = found.copay_due(visit, card=found.card_of(visit))
        if due and place % 6:
            yield _Given(at=min(visit.starts_at, clock.now()), visit=visit, amount=due, place=place)


def _reference(method: str, *, place: int) -> str:
    """An approval number, or the number of a check."""
    numbers = {Method.CARD: f"{place * 7919 % 1_000_000:06d}", Method.CHECK: str(1000 + place)}
    return numbers.get(Method(method), "")


def _moment(story: Story, *, day: date, place: int, zone: ZoneInfo) -> datetime:
    """A time of a day at the desk, never later than now."""
    at = time(9 + place % 8, place * 7 % 60)
    return min(datetime.combine(day, at, tzinfo=zone), clock.now())
