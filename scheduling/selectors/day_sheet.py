"""The day sheet: a site's visits by provider and time, to print before the day begins or when the network is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kit import words
from patients.selectors import restricted
from patients.selectors.confidential import phones_of
from patients.selectors.coverages import coverages_of_visits
from practice.actor import Actor
from practice.models import Location
from scheduling.models import Appointment, ResourceBooking
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.grid import CLASSES


@dataclass(frozen=True, kw_only=True)
class Line:
    """A visit on paper. ``open`` is False for a restricted patient's: the time is taken, no more is told."""

    visit: Appointment
    open: bool
    name: str
    time: str
    phone: str
    insured: str
    places: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A provider's day."""

    provider: str
    lines: Sequence[Line]


def sheets_of(location: Location, *, day: date, actor: Actor) -> list[Sheet]:
    """The sheets of a site's day by provider, in seven queries whatever it holds; cancelled visits are left out."""
    visits = list(
        Appointment.objects.filter(
            practice_id=actor.practice_id, location=location, local_day=day, status__in=list(CLASSES)
        )
        .select_related("patient", "type", "provider")
        .order_by("starts_at", "id")
    )
    insured, places = coverages_of_visits(visits), _places(visits)
    phones = phones_of([visit.patient for visit in visits])
    by_provider: dict[str, list[Line]] = defaultdict(list)
    for visit in visits:
        by_provider[str(visit.provider)].append(
            Line(
                visit=visit,
                open=restricted.sees(visit.patient, actor=actor),
                name=restricted.name_for(visit.patient, actor=actor),
                time=words.us_time(visit.starts_at.astimezone(zone_of(location))),
                phone=phones[visit.patient_id],
                insured=", ".join(row.payer.name for row in insured[visit.pk]) or "Self-pay",
                places=", ".join(places[visit.pk]),
            )
        )
    return [Sheet(provider=name, lines=by_provider[name]) for name in sorted(by_provider)]


def _places(visits: Sequence[Appointment]) -> defaultdict[object, list[str]]:
    """The rooms and devices each visit has booked."""
    found: defaultdict[object, list[str]] = defaultdict(list)
    rows = ResourceBooking.objects.filter(
        appointment_id__in=[visit.pk for visit in visits], active=True, provider=None
    )
    for appointment, name in rows.order_by("resource__name").values_list("appointment_id", "resource__name"):
        found[appointment].append(name)
    return found
