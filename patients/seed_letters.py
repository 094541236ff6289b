"""Letters and messages of the demo: a complaint acknowledged by post, one letter that waits, one that came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit import clock
from patients.models import Complaint
from practice.models import LetterTemplate
from practice.services import correspondence, letters
from practice.story import Story

# days ago, direction, how, who, what about, days until an answer is due (None: nobody waits), how it was answered
MESSAGES: tuple[tuple[int, str, str, str, str, int | None, str], ...] = (
    (1, "in", "fax", "Harborview Cardiology", "Asks for the last two visit notes", 4, ""),
    (3, "in", "phone", "Alder Mutual, provider line", "Asks for the referral of a claim", 2, ""),
    (6, "in", "mail", "Attorney of a patient", "Records request with a signed authorization", 10, ""),
    (8, "out", "email", "State Medicaid", "Sent the updated roster of providers", None, ""),
    (
        12,
        "in",
        "email",
        "A patient’s daughter",
        "Wants to know when results come",
        2,
        "Called her back the next day",
    ),
)


def seed(story: Story) -> None:
    """Told by the manager, as everything that only a person does."""
    actor = story.acting_as("manager") or story.actor
    _messages(story, actor=actor)
    complaint = Complaint.objects.filter(patient__is_restricted=False).order_by("number").first()
    people = [each for each in story.kept["patients"] if not each.is_restricted and each.deceased_on is None]
    if complaint is not None:
        letters.send_by_post(_write("complaint-acknowledgement", about=complaint, actor=actor), actor=actor)
    recall = _write("recall", about=people[-1], words="Bring your list of medicines.", actor=actor)
    letters.send_by_post(recall, actor=actor)
    _write("records-reply", about=people[-2], words="The copies are enclosed.", actor=actor)


def _write(code: str, *, about: Any, words: str = "", actor: Any) -> Any:
    template = LetterTemplate.objects.get(code=code, language="en")
    return letters.write(template=template, about=about, words=words, actor=actor)


def _messages(story: Story, *, actor: Any) -> None:
    now = clock.now()
    for number, (ago, direction, medium, party, subject, due, outcome) in enumerate(MESSAGES):
        message = correspondence.log(
            party=party,
            subject=subject,
            direction=direction,
            medium=medium,
            happened_at=now - timedelta(days=ago),
            reply_by=story.today + timedelta(days=due) if due is not None else None,
            about=story.kept["patients"][number] if number in (0, 2, 4) else None,
            actor=actor,
        )
        if outcome:
            correspondence.answer(message, outcome=outcome, actor=actor)
