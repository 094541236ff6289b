"""What waits for an actor."""

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
