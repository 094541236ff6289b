"""Places and payers, as far as an actor may see them."""

from django.db.models import QuerySet

from practice.actor import Actor
from practice.models import BillingEntity, Location, Payer, Room


def locations(actor: Actor) -> QuerySet[Location]:
    """The sites in the actor's scope."""
    found = Location.objects.all()
    return found.filter(id__in=actor.locations) if actor.locations else found


def rooms(actor: Actor) -> QuerySet[Room]:
    """The rooms of those sites."""
    found = Room.objects.select_related("location")
    return found.filter(location_id__in=actor.locations) if actor.locations else found


def payers(actor: Actor) -> QuerySet[Payer]:
    """Every health plan of the practice."""
    return Payer.objects.all()


def billing_entities(actor: Actor) -> QuerySet[BillingEntity]:
    """The legal persons that bill."""
    return BillingEntity.objects.all()
