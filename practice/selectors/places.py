"""Places and payers, as far as an actor may see them."""

from django.db.models import QuerySet

from practice.actor import Actor
from practice.models import BillingEntity, Location, Payer, Room, Vendor
from practice.selectors import plain


def locations(actor: Actor) -> QuerySet[Location]:
    """The sites in the actor's scope."""
    found = Location.objects.all()
    return found.filter(id__in=actor.locations) if actor.locations else found


def rooms(actor: Actor) -> QuerySet[Room]:
    """The rooms of those sites."""
    found = Room.objects.select_related("location")
    return found.filter(location_id__in=actor.locations) if actor.locations else found


payers = plain.every(Payer)
vendors = plain.every(Vendor)
billing_entities = plain.every(BillingEntity)
