"""The demo's referrals, one of them late, and a record that was registered twice and made one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from patients.services import merges, patients, referrals
from practice.story import Story

# Days before today it was asked, which way, what for, and the steps taken since (with days before today).
TOLD: tuple[tuple[int, str, str, tuple[tuple[str, int], ...]], ...] = (
    (
        34,
        "out",
        "Murmur on examination; echocardiogram and opinion",
        (("send", 33), ("schedule", 30), ("report", 6)),
    ),
    (26, "out", "Knee pain after a fall; opinion on repair", (("send", 25),)),
    (9, "out", "Changing mole on the left shoulder", (("send", 8), ("schedule", 4))),
    (3, "out", "Palpitations; monitor", ()),
    (12, "in", "New diabetes; take over the care", (("schedule", 10), ("report", 2))),
    (5, "in", "Uncontrolled blood pressure", (("schedule", 3),)),
)


def seed(story: Story) -> None:
    """Tell each referral on its days; then the two records of one person."""
    people, elsewhere = story.kept["patients"], story.kept["referrers"]
    providers = story.kept.get("providers") or [None]
    for place, (ago, direction, reason, steps) in enumerate(TOLD):
        made = referrals.write(
            patient=people[(place * 2 + 1) % len(people)],
            direction=direction,
            elsewhere=elsewhere[place % len(elsewhere)],
            provider=providers[place % len(providers)],
            reason=reason,
            asked_on=story.today - timedelta(days=ago),
            actor=story.actor,
        )
        for step, before in steps:
            day = story.today - timedelta(days=before)
            more: dict[str, Any] = {"scheduled_for": day + timedelta(days=5)} if step == "schedule" else {}
            made = getattr(referrals, step)(made, on=day, actor=story.actor, **more)
    referrals.refresh_list(actor=story.actor)
    _twice(story)


def _twice(story: Story) -> None:
    first, second = (
        patients.register(
            actor=story.actor,
            first_name=name,
            last_name="Hollenbeck",
            birth_date=date(1969, 10, 3),
            phone="9145550196",
            email=email,
        )
        for name, email in (("Margarethe", ""), ("Margaret", "m.hollenbeck@example.com"))
    )
    merges.merge(
        kept=first,
        gone=second,
        reason="Same person: registered again by telephone under the short name",
        actor=story.actor,
    )
