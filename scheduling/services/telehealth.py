"""How one visit takes place: by video or telephone, through which link, where the patient is."""

from __future__ import annotations

from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.db import transaction

from kit.errors import Conflict, DomainError, Forbidden
from patients.services.patients import phone_of
from practice.actor import Actor
from scheduling.models import Appointment, Telehealth
from scheduling.models.kinds import Modality
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL, IN_BUILDING

MOST = 300


@transaction.atomic
def set_details(
    visit: Appointment,
    /,
    *,
    modality: str,
    join_link: str = "",
    state: str = "",
    timezone: str = "",
    phone: str = "",
    actor: Actor,
) -> Telehealth:
    """Say how a visit takes place. DomainError at the field for a link that is not https, a zone or state that is none;
    Conflict for a visit that is over. Its version grows: calendars and open pages see it.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not actor.sees_location(visit.location_id):
        raise Forbidden(SchedulingPermission.BOOK_VISIT)
    locked = Appointment.objects.select_for_update(of=("self",), no_key=True).get(
        pk=visit.pk, practice_id=actor.practice_id
    )
    if locked.status not in BEFORE_ARRIVAL | IN_BUILDING:
        raise Conflict("This visit is over. How it took place stays as it is.")
    if modality not in Modality.values:
        raise DomainError("Choose how the visit takes place.", field="modality")
    zone, place = timezone.strip(), state.strip().upper()
    if zone and zone not in available_timezones():
        raise DomainError("Choose a time zone such as America/Chicago.", field="timezone")
    if place and not (len(place) == 2 and place.isalpha()):
        raise DomainError("Enter the state as two letters.", field="state")
    made, _ = Telehealth.objects.update_or_create(
        practice_id=actor.practice_id,
        appointment=locked,
        defaults={
            "modality": modality,
            "join_link": _https(join_link),
            "state": place,
            "timezone": zone,
            "phone": phone_of(phone, field="phone"),
        },
    )
    locked.version += 1
    locked.save()
    return made


def _https(text: str) -> str:
    """A link that may be mailed: https, a host, no user name, nothing that is no sign of an address."""
    link = text.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    plain = all(33 <= ord(sign) < 127 for sign in link) and not set(link) & set('"<>\\`')
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not plain or len(link) > MOST:
        raise DomainError("Enter a whole address that begins with https://.", field="join_link")
    return link
