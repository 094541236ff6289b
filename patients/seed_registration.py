"""What the demo's desk knows of its people beyond name and card: families, flags, languages, who sent them, who left.

Random choices are this file's own, so that the story of the other rooms stays as it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from patients.models import Patient
from patients.services import around, patients, referring, registration, ssn, standing
from practice.story import Story

SOURCES = ("A friend or relative", "Another provider", "Website", "Health plan directory", "Walked past")
REFERRERS = (
    ("Rhea", "Sandoval", "MD", "1234567893", "Cardiology", "Ferry Street Heart Group", "9145550161"),
    ("Lucius", "Okafor", "DO", "1245319599", "Orthopedic surgery", "Port Alder Orthopedics", "9145550162"),
    ("Maren", "Vestergaard", "NP", "", "Dermatology", "Riverton Skin Clinic", "9145550163"),
)
FLAGS = (
    ("Needs wheelchair", "info"),
    ("Hard of hearing", "info"),
    ("Two ID checks", "warn"),
    ("Call son first", "info"),
)
LANGUAGES = (("es", True), ("es", False), ("pl", True), ("ht", True), ("ase", True))
CONTACTS = ("Rosalind", "Matthias", "Ingrid", "Caspar", "Beatrix")
ADULT = 18


def seed(story: Story) -> None:
    """Complete whom the story has registered, and add the people who no longer come here."""
    random = Random(5)  # noqa: S311  demo data, no secret
    people: list[Patient] = story.kept["patients"]
    sources = [referring.add_source(actor=story.actor, name=name) for name in SOURCES]
    referrers = [_referrer(story, row=row) for row in REFERRERS]
    story.kept["referrers"] = referrers
    for number, patient in enumerate(people):
        news: dict[str, Any] = {"referral_source": random.choice(sources)}
        if number % 6 == 1:
            news["referring_provider"] = random.choice(referrers)
        if number % 11 == 3:
            news["language"], news["needs_interpreter"] = random.choice(LANGUAGES)
        if number % 9 == 2:
            news["preferred_name"] = patient.first_name[:3]
        people[number] = patients.update(patient, actor=story.actor, **news)
        if number % 4 == 0:
            ssn.keep(patient, ssn=f"9{random.randint(10**7, 10**8 - 1)}", actor=story.actor)
        if number % 3 == 0:
            _contact(story, patient=patient, random=random)
        if number % 13 == 4:
            words, tone = random.choice(FLAGS)
            around.raise_flag(patient=patient, words=words, tone=tone, actor=story.actor)
    _families(story, people=people)
    _gone(story)


def _referrer(story: Story, *, row: tuple[str, ...]) -> object:
    first, last, credential, npi, specialty, organization, phone = row
    return referring.add_provider(
        actor=story.actor,
        first_name=first,
        last_name=last,
        credential=credential,
        npi=npi,
        specialty=specialty,
        organization=organization,
        phone=phone,
    )


def _contact(story: Story, *, patient: Patient, random: Random) -> None:
    around.add_contact(
        patient=patient,
        name=f"{random.choice(CONTACTS)} {patient.last_name}",
        relationship=random.choice(("spouse", "parent", "sibling", "child")),
        phone=f"914555{random.randint(170, 199):04d}",
        actor=story.actor,
    )


def _families(story: Story, *, people: list[Patient]) -> None:
    """Children have a grown-up who pays and is linked to them."""
    grown = [each for each in people if each.age >= ADULT + 7 and not each.is_restricted]
    children = [each for each in people if each.age < ADULT and not each.is_restricted]
    for child, parent in zip(children, grown, strict=False):
        around.link_family(patient=child, relative=parent, relationship="parent", actor=story.actor)
        around.name_guarantor(patient=child, person=parent, actor=story.actor)


def _gone(story: Story) -> None:
    """One who moved, one who was discharged, one who died, and a twin who looked like somebody on file."""
    told = (
        ("Orsina", "Pellworth", date(1961, 4, 17), "moved", ""),
        ("Hector", "Vandermeer", date(1978, 9, 2), "discharged", "Missed six visits after two letters"),
        ("Ottilie", "Brandt", date(1934, 1, 29), "deceased", ""),
    )
    for place, (first, last, born, status, reason) in enumerate(told):
        person = registration.register(
            actor=story.actor,
            first_name=first,
            last_name=last,
            birth_date=born,
            phone=f"91455501{90 + place}",
        )
        day = story.today - timedelta(days=40 + place)
        standing.set_status(person, status=status, on=day, reason=reason, actor=story.actor)
    for first in ("Lenora", "Leonora"):
        registration.register(
            actor=story.actor,
            first_name=first,
            last_name="Quint",
            birth_date=date(2001, 6, 11),
            phone="9145550194",
            duplicate_reason="" if first == "Lenora" else "Her twin sister, same household telephone",
        )
