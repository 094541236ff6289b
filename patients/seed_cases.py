"""The demo's cases beside the medical ones: injuries with their insurers, self-pay, new cards, Medicare's questions.

Random choices are this file's own, so that the story of the other rooms stays as it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from patients.models import Coverage, Patient
from patients.selectors.medicare import MEDICARE
from patients.services import cases, coverages, medicare
from practice.models import Payer
from practice.story import Story

# Kind, days before today it happened, what happened, what is known of the claim.
INJURIES: tuple[tuple[str, int, str, dict[str, str]], ...] = (
    (
        "work_injury",
        41,
        "Fell from a ladder at work, left wrist",
        {
            "claim_number": "WC-2026-004418",
            "adjuster": "Philippa Greaves",
            "adjuster_phone": "9145550181",
            "employer": "Harborview Boat Yard",
        },
    ),
    (
        "auto",
        23,
        "Hit from behind at a light, neck",
        {"claim_number": "NF-88120", "adjuster": "Corwin Tate", "adjuster_phone": "9145550182"},
    ),
    ("liability", 66, "Slipped on ice in front of a shop", {"claim_number": "LB-20931"}),
    ("work_injury", 4, "Cut on a slicer, right hand", {"employer": "Port Alder Deli"}),
)
GROWN = 20


def seed(story: Story) -> None:
    """Injuries, an agreement to pay alone, a card that was renewed, and the answers of most with Medicare."""
    random = Random(8)  # noqa: S311  demo data, no secret
    people: list[Patient] = [each for each in story.kept["patients"] if each.age >= GROWN]
    others = [payer for payer in story.kept["payers"] if payer.kind == Payer.Kind.WORKERS_COMP]
    for place, (kind, ago, words, known) in enumerate(INJURIES):
        day = story.today - timedelta(days=ago)
        case = cases.open_case(
            patient=people[(place * 3 + 2) % len(people)],
            kind=kind,
            injured_on=day,
            state="NY",
            words=words,
            opened_on=day + timedelta(days=1),
            actor=story.actor,
            **known,
        )
        if others and kind == "work_injury" and known.get("claim_number"):
            coverages.add(
                case.patient,
                case=case,
                payer=others[place % len(others)],
                member_id=known["claim_number"],
                starts_on=day,
                actor=story.actor,
            )
    _self_pay(story, people=people)
    _renewed(story, people=people)
    _medicare(story, people=people, random=random)


def _self_pay(story: Story, *, people: list[Patient]) -> None:
    """Whoever has no plan has agreed to pay; the first of them."""
    uninsured = [each for each in people if not each.coverages.exists()]
    for patient in uninsured[:2]:
        case = patient.cases.get(kind="medical")
        cases.agree_self_pay(
            case,
            starts_on=date(story.today.year, 1, 1),
            reason="No plan, agreed on the fee",
            actor=story.actor,
        )


def _renewed(story: Story, *, people: list[Patient]) -> None:
    """Two cards that changed with the year, and stay on file."""
    keys = [each.pk for each in people]
    cards = Coverage.objects.filter(patient__in=keys, payer__kind=Payer.Kind.COMMERCIAL, priority=1)
    first = date(story.today.year, 1, 1)
    for card in cards.filter(starts_on__lt=first, ends_on=None).order_by("patient__mrn")[:2]:
        coverages.renew(
            card,
            starts_on=first,
            plan_name="PPO Gold",
            group_number=f"{card.group_number}A",
            actor=story.actor,
        )


def _medicare(story: Story, *, people: list[Patient], random: Random) -> None:
    keys = [each.pk for each in people]
    cards = Coverage.objects.filter(patient__in=keys, payer__kind__in=MEDICARE, ends_on=None)
    for place, card in enumerate(cards.select_related("patient").order_by("patient__mrn")):
        if place % 5 == 4:
            continue  # nobody has asked yet
        answers: dict[str, Any] = {}
        if place % 7 == 3:
            answers = {
                "group_plan_by": random.choice(("own", "spouse")),
                "employees": random.choice((12, 140)),
            }
        medicare.answer(
            patient=card.patient,
            answered_on=story.today - timedelta(days=random.choice((5, 20, 45, 70, 110))),
            actor=story.actor,
            **answers,
        )
