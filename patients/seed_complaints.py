"""Six complaints of the demo, each at another stage. Told on the days they happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kit import clock
from patients.services import complaints
from practice.story import Story

ZONE = ZoneInfo("America/New_York")
Step = tuple[int, Callable[..., Any], dict[str, str]]
# days ago, how, about what, how bad, grievance, in one sentence, then the steps: days ago, service, what was said
STORY: tuple[tuple[int, str, str, str, bool, str, tuple[Step, ...]], ...] = (
    (1, "phone", "access", "low", False, "Waited 50 minutes for a ten-minute visit", ()),
    (
        9, "in_person", "communication", "medium", False, "Nobody called back about a laboratory result",
        ((7, complaints.acknowledge, {"note": "Called, apologized, promised an answer this week"}),),
    ),
    (
        21, "letter", "billing", "medium", True, "Billed for a visit the plan had paid",
        (
            (19, complaints.acknowledge, {"note": "Letter sent, answer promised within 30 days"}),
            (17, complaints.investigate, {"note": "The biller compares the remittance with the statement"}),
        ),
    ),
    (
        26, "email", "conduct", "medium", True, "Felt rushed at the front desk",
        (
            (24, complaints.acknowledge, {"note": "Answered by e-mail"}),
            (20, complaints.investigate, {"note": "Talked to those on shift"}),
            (5, complaints.respond, {"note": "Letter: a second person helps at noon now; ask the manager"}),
        ),
    ),
    (
        38, "phone", "facility", "low", False, "The ramp was icy in the morning",
        ((38, complaints.close, {"resolution": "Salted at once; the plan for mornings starts at 6 now"}),),
    ),
    (
        43, "letter", "records", "high", True, "Copies of records took five weeks",
        (
            (42, complaints.acknowledge, {"note": "Called and wrote"}),
            (40, complaints.investigate, {"note": "Traced the request: it lay at the wrong site"}),
        ),
    ),
)  # fmt: skip


def seed(story: Story) -> None:
    """Take the complaints and bring each as far as its story goes."""
    rows = STORY[:2] if story.small else STORY
    for number, (ago, channel, category, severity, grievance, summary, steps) in enumerate(rows):
        with clock.at(_noon(story, ago=ago)):
            complaint = complaints.receive(
                patient=_patient(story, number=number),
                location=story.kept["locations"][number % len(story.kept["locations"])],
                channel=channel,
                category=category,
                severity=severity,
                is_grievance=grievance,
                summary=summary,
                owner=story.cast.get("manager"),
                actor=story.actor,
            )
        for when, service, said in steps:
            with clock.at(_noon(story, ago=when)):
                service(complaint, actor=story.actor, **said)


def _noon(story: Story, *, ago: int) -> datetime:
    return datetime.combine(story.today - timedelta(days=ago), time(12), tzinfo=ZONE)


def _patient(story: Story, *, number: int) -> Any:
    """The ones after the restricted one; the facility complaint came from a passer-by."""
    found = story.kept["patients"]
    return None if number == 4 else found[(10 + number) % len(found)]
