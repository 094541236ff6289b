"""Who waits in the demo: entries of the last weeks, one offer declined and one that waits for its answer by message."""

from __future__ import annotations

from contextlib import suppress
from datetime import time, timedelta
from typing import Any

from kit import clock
from kit.errors import DomainError
from patients.models import Patient
from practice.models import Location
from practice.story import Story
from scheduling.models import WaitlistEntry
from scheduling.rules import Opening
from scheduling.selectors import waiting
from scheduling.services import waitlist
from staff.models import Provider

# type, priority, days waited, what else they said
ENTRIES: tuple[tuple[str, int, int, dict[str, Any]], ...] = (
    ("fu", 2, 9, {"note": "Cell phone, after 3 PM", "notice_hours": 4}),
    ("pe", 3, 31, {"weekdays": [0, 2], "ends_by": time(12)}),
    ("fu", 1, 2, {"note": "Blood pressure out of range"}),
    ("new", 3, 18, {"weekdays": [1, 3, 4]}),
    ("fu", 3, 24, {"starts_from": time(13), "notice_hours": 24}),
    ("sd", 2, 5, {"note": "Works nights, mornings are best", "ends_by": time(11)}),
    ("pe", 3, 60, {"note": "Ends soon, ask again", "latest_in": 5}),
)
SMALL = 3


def seed(story: Story) -> None:
    """Put people on the list, then offer two of them a time."""
    people = [
        each
        for each in story.kept["patients"]
        if not each.is_restricted
        and each.deceased_on is None
        and each.record_status == Patient.RecordStatus.ACTIVE
    ]
    rows = ENTRIES[:SMALL] if story.small else ENTRIES
    entries = [_entry(story, row=row, patient=people[-number]) for number, row in enumerate(rows, start=1)]
    declined = _offer(story, entry=entries[1], told="phone")
    if declined is not None:
        waitlist.decline(declined, note="Away that week", actor=story.actor)
    waits = _offer(story, entry=entries[2], told="not_yet")
    for told in waitlist.MESSAGES if waits is not None else ():
        with suppress(DomainError):  # no consent, no address, at night, or sent already
            waitlist.send(waits, told=told, actor=story.actor)
            break
    waitlist.refresh_list(actor=story.actor)


def _entry(story: Story, *, row: tuple[str, int, int, dict[str, Any]], patient: Patient) -> WaitlistEntry:
    code, priority, days, more = row
    values = {name: value for name, value in more.items() if name != "latest_in"}
    if "latest_in" in more:
        values["latest"] = story.today + timedelta(days=more["latest_in"])
    with clock.at(clock.now() - timedelta(days=days)):
        return waitlist.add(
            patient=patient,
            type=story.kept["visit_types"][code],
            priority=priority,
            actor=story.actor,
            **values,
        )


def _offer(story: Story, *, entry: WaitlistEntry, told: str) -> Any:
    fresh = waiting.get_entry(entry.pk, actor=story.actor)
    [match] = waiting.best_openings(story.actor, entries=[fresh])
    opening: Opening | None = match.opening
    if opening is None:
        return None
    return waitlist.offer(
        fresh,
        provider=Provider.objects.get(pk=opening.provider_id),
        location=Location.objects.get(pk=opening.location_id),
        starts_at=opening.starts_at,
        told=told,
        accept={"patient_overlap"},
        actor=story.actor,
    )
