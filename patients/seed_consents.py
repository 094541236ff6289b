"""What the demo's patients have signed: most of it, some of it long ago, one notice refused, one release taken back; a
form drawn and signed by link, and one that waits.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from kit import clock
from patients.models import ConsentForm, ConsentVersion, Patient
from patients.selectors.consent_links import signer
from patients.selectors.consents import signers
from patients.selectors.contact import of_age_on
from patients.services import consent_links, consent_starters, consents
from practice.story import Story

ADULT = 8000  # days, more than anywhere's majority
DRAWN = (
    "M60,140L72,96L88,58L104,48L112,70L104,112L96,142L112,128L132,104L150,100L152,122L164,132L184,112L206,98"
    "L216,116L210,138L232,126L262,98L284,104L280,128L304,132L344,108L392,96L448,104"
)
BEFORE = 500  # the forms are that many days old
RELEASE = ("Harborview Cardiology", "Visit notes and laboratory results of this year")


def seed(story: Story) -> None:
    """Our own forms, published long ago, and what was signed since."""
    random = Random(11)  # noqa: S311  demo data, no secret
    with clock.at(_noon(story, ago=BEFORE)):
        consent_starters.install(actor=story.actor)
    found = ConsentVersion.objects.filter(language="en").select_related("form")
    by_kind = {each.form.kind: each for each in found}
    people: list[Patient] = [each for each in story.kept["patients"] if each.deceased_on is None]
    for number, patient in enumerate(people):
        if number % 9 == 4:
            continue  # never asked
        ago = random.randint(20, 340) if number % 6 else random.randint(380, 460)
        for kind in ("privacy", "treatment", "financial", "benefits", "signature"):
            if kind == "privacy" and number % 17 == 3:
                _keep(story, patient=patient, version=by_kind[kind], ago=ago, answer="refused",
                      reason="Did not want to sign; the notice was handed over and explained")  # fmt: skip
            else:
                _keep(story, patient=patient, version=by_kind[kind], ago=ago)
    _releases(story, version=by_kind[ConsentForm.Kind.RELEASE], people=people)
    _from_outside(story, version=by_kind[ConsentForm.Kind.TELEHEALTH], people=people)


def _from_outside(story: Story, *, version: ConsentVersion, people: list[Patient]) -> None:
    """Three adults were handed an address; one has signed behind it, one declined."""
    adults = [each for each in people if each.birth_date <= story.today - timedelta(days=ADULT)]
    for number, patient in enumerate(adults[3:6]):
        with clock.at(_noon(story, ago=2)):
            link, _ = consent_links.make(patient, version=version, way="hand", actor=story.actor)
        holder = signer(link_id=link.pk, practice=story.practice, request_id="")
        if number == 0 and holder is not None:
            consent_links.sign(born=patient.birth_date, signed_by=str(patient), drawing=DRAWN, actor=holder)
        elif number == 1 and holder is not None:
            consent_links.decline(born=patient.birth_date, reason="Comes to the office", actor=holder)


def _releases(story: Story, *, version: ConsentVersion, people: list[Patient]) -> None:
    recipient, covers = RELEASE
    for place, patient in enumerate(people[6:9]):
        made = _keep(
            story, patient=patient, version=version, ago=40 + place, recipient=recipient, covers=covers
        )
        if made is not None and place == 1:
            consents.revoke(made, reason="Changed cardiologist", actor=story.actor)


def _keep(story: Story, *, patient: Patient, version: ConsentVersion, ago: int, **more: Any) -> Any:
    """Signed on paper by the patient, or by who may for a child; nothing for a child nobody signs for."""
    moment = _noon(story, ago=ago)
    day = moment.date()
    if day < patient.birth_date:
        return None
    parents = signers(patient, day=day, actor=story.actor)
    if day < of_age_on(patient, day=day) and not parents:
        return None
    representative = parents[0] if parents and day < of_age_on(patient, day=day) else None
    return consents.sign(
        patient=patient,
        version=version,
        representative=representative,
        how="paper",
        signed_at=moment,
        actor=story.actor,
        **more,
    )


def _noon(story: Story, *, ago: int) -> datetime:
    return datetime.combine(story.today - timedelta(days=ago), time(16, 0), tzinfo=UTC)
