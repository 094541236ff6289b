"""What waits for an actor."""

from datetime import date

from django.db.models import F, QuerySet

from practice.actor import Actor
from practice.models import WorkItem


def my_work(actor: Actor) -> QuerySet[WorkItem]:
    """Open items the actor may see: earliest deadline first, then most money."""
    return (
        WorkItem.objects.filter(state=WorkItem.State.OPEN, permission__in=actor.permissions)
        .select_related("ref", "owner__user")
        .order_by(F("due_on").asc(nulls_last=True), F("amount").desc(nulls_last=True), "id")
    )


def work_views(actor: Actor, *, today: date) -> dict[str, tuple[str, QuerySet[WorkItem]]]:
    """The tabs of My work: slug to label and items. Overdue: due before ``today`` (the practice's own day)."""
    every = my_work(actor)
    return {
        "all": ("All", every),
        "mine": ("Mine", every.filter(owner_id=actor.membership_id, owner_id__isnull=False)),
        "overdue": ("Overdue", every.filter(due_on__lt=today)),
    }
