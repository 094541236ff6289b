"""How the demo's patients may be reached, and who acts for those who cannot."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from patients.models import FamilyLink, Patient
from patients.models.contact import Channel
from patients.services import contact, representatives
from practice.story import Story

TEXT = (
    "We may send you text messages about visits and bills to the number you gave us. Message rates may apply. "
    "Reply STOP at any time to end them. You need not agree to be treated here."
)
EMAIL = (
    "We may write to you by e-mail. E-mail can be read by others on its way. You may take this back at any time; "
    "you need not agree to be treated here."
)
MINOR = 18


def seed(story: Story) -> None:
    """Words to agree to, what people said, one confidential address, and parents who may act for their children."""
    random = Random(6)  # noqa: S311  demo data, no secret
    for channel, text in ((Channel.TEXT, TEXT), (Channel.EMAIL, EMAIL)):
        contact.publish_wording(channel=channel, text=text, actor=story.actor)
    people: list[Patient] = story.kept["patients"]
    for number, patient in enumerate(people):
        if number % 3:
            _said(story, patient=patient, channel=Channel.TEXT, given=number % 10 != 7, random=random)
        if number % 4 == 1:
            _said(story, patient=patient, channel=Channel.EMAIL, given=number % 9 != 5, random=random)
    contact.keep_confidential(
        patient=people[5],
        address_line="PO Box 418",
        city="Riverton",
        state="NY",
        postal_code="10566",
        phone="9145550186",
        note="Leave no message; a safe number",
        starts_on=story.today - timedelta(days=30),
        actor=story.actor,
    )
    _parents(story)


def _said(story: Story, *, patient: Patient, channel: Channel, given: bool, random: Random) -> None:
    contact.record_consent(
        patient=patient,
        channel=channel,
        given=given,
        how=random.choice(("signed", "in_person", "phone")),
        actor=story.actor,
    )


def _parents(story: Story) -> None:
    """Parents of the story's children see and decide; one grown child decides about some care alone."""
    links = FamilyLink.objects.filter(relationship="parent", ended_on=None).select_related(
        "patient", "relative"
    )
    children = [link for link in links if link.patient.age < MINOR]
    for link in children:
        representatives.name_one(
            patient=link.patient,
            person=link.relative,
            name=str(link.relative),
            kind="parent",
            relationship="parent",
            custody="joint",
            document="Birth certificate",
            may_see_record=True,
            may_decide_care=True,
            may_sign=True,
            may_get_messages=True,
            may_see_bills=True,
            starts_on=story.today - timedelta(days=200),
            actor=story.actor,
        )
    oldest = max((link.patient for link in children), key=lambda child: child.age, default=None)
    if oldest is not None:
        representatives.decide_alone(
            patient=oldest, area="sti", basis="NY Public Health Law 2305", actor=story.actor
        )
