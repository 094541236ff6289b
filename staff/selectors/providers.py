"""Providers: who treats. Every form of the house that asks for one offers these."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from practice.actor import Actor
from staff.models import Provider


def visible_to(actor: Actor) -> QuerySet[Provider]:
    """All providers of the practice. Their names are no secret among those who work here: booking, patients
    and claims must offer them to people who may not open the staff file; pages ask for the permission.
    """
    return Provider.objects.filter(practice_id=actor.practice_id)


def get_provider(provider_id: uuid.UUID, *, actor: Actor) -> Provider:
    """One provider, or 404."""
    found = visible_to(actor).filter(pk=provider_id).first()
    if found is None:
        raise Http404
    return found
