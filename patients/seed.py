"""The people of the demo and what insures them. Every name is invented; numbers are from blocks for fiction."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from patients import (
    seed_cases,
    seed_complaints,
    seed_consents,
    seed_contact,
    seed_forms,
    seed_letters,
    seed_records,
    seed_referrals,
    seed_registration,
    seed_restricted,
)
from patients.models import Coverage, Patient
from patients.services import coverages, patients
from practice.models import Payer
from practice.story import Story

PEOPLE, FEW_PEOPLE = 120, 14


def _words(text: str) -> list[str]:
    return text.split()


FEMALE = _words(
    "Alma Beata Corina Delia Edda Fenna Greta Hilde Ilona Jorinde Katla Liora Marit Nerys Odile Petra "
    "Quilla Runa Senna Thea Ursa Viola Wilma Xenia Yara Zofia Amina Briony Celeste Dahlia"
)
MALE = _words(
    "Anders Bruno Cosmo Dario Emil Felix Gideon Hugo Ivo Jonas Kasper Linus Magnus Nils Orson Pavel "
    "Quentin Rafe Stellan Tobias Ulric Victor Wendel Xander Yannick Zeno Amadou Bastian Cyrus Desmond"
)
LAST = _words(
    "Abernal Brackwell Castellane Dunmore Ellingrove Fairweath Garrigan Holloway Inverness Jarnell "
    "Kestrel Lindhurst Marchbank Northrop Ostrander Pellgrave Quillfeather Ravensworth Stanmoor Thornbury "
    "Underhay Vantongeren Westerly Yarborough Zellwick Ashgrove Birchwood Calloway Delacourt Everhart "
    "Fernsby Greystone Hartwell Ironwood Juniper Kingsmere Larkspur Meadowes Nightingall Oakhurst"
)
STREETS = ("Fisher Lane", "Mill Road", "Orchard Street", "Harbor Avenue", "Chapel Hill", "Ferry Street")
TOWNS = (("Harborview", "10562"), ("Riverton", "10566"), ("Port Alder", "10570"))
MEDICARE_AGE = 65


def seed(story: Story) -> None:
    """Register everybody and cover most of them."""
    payers: dict[str, list[Payer]] = {payer.kind: [] for payer in story.kept["payers"]}
    for payer in story.kept["payers"]:
        payers[payer.kind].append(payer)
    count = FEW_PEOPLE if story.small else PEOPLE
    story.kept["patients"] = [_person(story, number=number) for number in range(count)]
    for patient in story.kept["patients"]:
        _cover(story, patient=patient, payers=payers)
    seed_registration.seed(story)
    seed_contact.seed(story)
    seed_consents.seed(story)
    seed_referrals.seed(story)
    seed_cases.seed(story)
    seed_restricted.seed(story)
    seed_complaints.seed(story)
    seed_records.seed(story)
    seed_letters.seed(story)
    seed_forms.seed(story)


def _person(story: Story, *, number: int) -> Patient:
    random = story.random
    female = random.random() < 0.54
    born = date(story.today.year - random.randint(2, 88), random.randint(1, 12), random.randint(1, 28))
    first, last = random.choice(FEMALE if female else MALE), LAST[number % len(LAST)]
    town, postal = random.choice(TOWNS)
    providers = story.kept.get("providers") or [None]
    return patients.register(
        actor=story.actor,
        first_name=first,
        last_name=last,
        birth_date=min(born, story.today),
        sex=Patient.Sex.FEMALE if female else Patient.Sex.MALE,
        phone=f"914555{100 + number:04d}",
        email=f"{first}.{last}{number}@example.com".lower(),
        address_line=f"{random.randint(2, 480)} {random.choice(STREETS)}",
        city=town,
        state="NY",
        postal_code=postal,
        usual_provider=random.choice(providers),
    )


def _cover(story: Story, *, patient: Patient, payers: dict[str, list[Payer]]) -> None:
    random, kind = story.random, Payer.Kind
    old = story.today.year - patient.birth_date.year > MEDICARE_AGE
    chance = random.random()
    if old:
        first, second = kind.MEDICARE, kind.COMMERCIAL if chance < 0.4 else None
    elif chance < 0.12:
        return  # pays alone
    else:
        first, second = (kind.MEDICAID if chance < 0.27 else kind.COMMERCIAL), None
    for priority, wanted in enumerate((first, second), start=1):
        if wanted is None or not payers.get(wanted):
            continue
        payer = random.choice(payers[wanted])
        _add(story, patient=patient, payer=payer, priority=priority)


def _add(story: Story, *, patient: Patient, payer: Payer, priority: int) -> Coverage:
    random = story.random
    copay = Decimal(random.choice((20, 25, 30, 40))) if payer.kind == Payer.Kind.COMMERCIAL else None
    return coverages.add(
        patient,
        payer=payer,
        priority=priority,
        member_id=f"{payer.name[:3].upper()}{random.randint(10**8, 10**9 - 1)}",
        group_number=f"{random.randint(10000, 99999)}" if payer.kind == Payer.Kind.COMMERCIAL else "",
        starts_on=date(story.today.year - 1, 1, 1) - timedelta(days=365 * random.randint(0, 2)),
        copay=copay,
        actor=story.actor,
    )
