"""What the schedule itself looks at at checkout: whether the next visit is booked."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from practice.actor import Actor
from practice.check_in import Item
from scheduling.models import Appointment
from scheduling.selectors.check_in import next_visit


def items(visit: Appointment, *, actor: Actor, slug: str) -> Iterable[Item]:
    """The patient's next visit, if there is one."""
    following = next_visit(visit, actor=actor)
    if following is None:
        yield Item(
            code="next_visit",
            title="Next visit",
            state="warn",
            detail="None is booked.",
            todo="Book one, or say that none is needed",
        )
        return
    yield Item(
        code="next_visit",
        title="Next visit",
        detail=f"{following.when}, {following.type}, {following.provider}.",
        url=reverse("scheduling:visit", kwargs={"practice": slug, "pk": following.pk}),
    )
