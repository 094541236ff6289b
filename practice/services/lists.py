"""Save, change and delete a view of a list."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from kit import listing, registry
from kit.errors import DomainError
from kit.filters import SEARCH
from practice.actor import Actor
from practice.models import SavedListView
from practice.permissions import PracticePermission
from practice.selectors.lists import own_views

MOST, LONGEST = 12, 2000


@transaction.atomic
def save_view(
    kind: str,
    *,
    name: str,
    query: str,
    shared: bool = False,
    default: bool = False,
    view: SavedListView | None = None,
    actor: Actor,
) -> SavedListView:
    """Keep a question to a list under a name, or change the given view of the actor's own.

    Words of a search are left out: they may name a person. Raises DomainError for a name that says nothing or is
    taken, for one view too many, and Forbidden where it is to be shared without the permission to.
    """
    resource = registry.get(kind)
    actor.require(resource.view_permission)
    name = " ".join(name.split())[:60]
    if actor.membership_id is None:
        raise DomainError("Only a member has views of their own.")
    if not name:
        raise DomainError("Enter a name for the view.", field="name")
    if shared and not (view is not None and view.shared):
        actor.require(PracticePermission.SHARE_VIEWS)
    params = QueryDict(query.lstrip("?"), mutable=True)
    params.pop(SEARCH, None)
    kept = listing.ask(resource, params=params).whole
    if len(kept) > LONGEST:
        raise DomainError("This view asks for too much to be kept. Take some filters away.", field="query")
    mine = own_views(actor).filter(kind=kind)
    others = mine.exclude(pk=view.pk) if view else mine
    if others.filter(name=name).exists():
        raise DomainError("You have a view of that name. Choose another name.", field="name")
    if view is None and mine.count() >= MOST:
        raise DomainError(f"You have {MOST} views of this list. Delete one first.")
    if default:
        others.filter(is_default=True).update(is_default=False)
    made = view or SavedListView(practice_id=actor.practice_id, member_id=actor.membership_id, kind=kind)
    made.name, made.query, made.shared, made.is_default = name, kept, shared, default
    made.save()
    return made


@transaction.atomic
def delete_view(view: SavedListView, *, actor: Actor) -> None:
    """Take a view of one's own away, for everyone it was shared with too."""
    own_views(actor).filter(pk=view.pk).delete()
