"""What the demo's people said to one another: announcements, notes and phone messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps

from kit import clock
from practice.actor import Actor
from practice.models import Role
from practice.selectors.days import practice_today
from practice.services import announcements, notes, phone
from practice.story import Story

# caller, number, about what, what they want
CALLS = (
    ("Her daughter", "9145550171", "refill", "Needs the blood pressure tablets before the weekend."),
    ("The patient", "9145550172", "appointment", "Would like to come in the morning instead."),
    ("Tidewater Laboratory", "9145550144", "results", "A result needs a signature."),
    ("The patient", "9145550173", "billing", "Got two statements for one visit."),
)


def tell_talk(story: Story) -> None:
    """An announcement, a pinned note on a patient, and calls at every stage."""
    desk, manager = story.acting_as("front_desk"), story.acting_as("manager")
    if desk is None or manager is None:
        return
    _announce(story, desk=desk, manager=manager)
    patients = list(_patients()[:4])
    if patients:
        text = "Hard of hearing: call the daughter first.\nHer consent is on file."
        note = notes.write(patients[0], text=text, mentions=[story.cast["manager"]], actor=desk)
        notes.pin(note, actor=manager)
    for number, (caller, to_call, category, text) in enumerate(CALLS[: 1 if story.small else None]):
        about = patients[number] if number < len(patients) else None
        with clock.at(clock.now() - timedelta(hours=2 * number)):
            made = phone.take(
                caller=caller, phone=to_call, category=category, text=text, about=about, actor=desk
            )
            if number < 2:
                phone.call_back(made, result="voicemail", note="Asked to call again", actor=desk)
            if number == 2:
                phone.call_back(made, result="reached", outcome="Signed and faxed back", actor=manager)


def _announce(story: Story, *, desk: Actor, manager: Actor) -> None:
    """One to be confirmed that was changed since, one for a role, one over and one planned."""
    today = practice_today(manager)
    door = announcements.announce(
        title="Front door locks at 5:30 PM",
        text="From this week on the front door locks at 5:30 PM.\nLet late patients in by the side door.",
        must_confirm=True,
        actor=manager,
    )
    announcements.mark_read(door, version=1, actor=desk)
    if story.small:
        return
    announcements.change(
        door, text=f"{door.text} The code is changed on the 1st of each month.", material=True, actor=manager
    )
    announcements.mark_read(door, version=2, actor=desk)
    biller = Role.objects.filter(code="biller")
    soon, past = timedelta(days=5), timedelta(days=9)
    for title, text, more in (
        (
            "New address of a payer",
            "Paper claims go to the new address on the payer's page.",
            {"roles": biller},
        ),
        ("Flu shots for staff on Friday", "In room 2 from noon to 1:30 PM.", {"from_on": today + soon}),
        (
            "Parking lot is paved",
            "Park on Third Street.",
            {"from_on": today - past, "until_on": today - soon},
        ),
    ):
        announcements.announce(title=title, text=text, **more, actor=manager)


def _patients() -> Any:
    """Patients live a room above."""
    return apps.get_model("patients.Patient").objects.filter(is_restricted=False).order_by("id")
