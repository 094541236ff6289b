"""Members, their second factors and when they last came in; roles and who holds them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from kit import clock
from practice.actor import Actor
from practice.models import ApiToken, LastUse, Membership, Role
from practice.permissions import PracticePermission

NO_FACTOR = Authenticator.Type.RECOVERY_CODES  # codes alone are the spare key, not the lock


def last_use() -> Subquery:
    """When the row of the outer query was last used as a way in."""
    return Subquery(LastUse.objects.filter(row_id=OuterRef("pk")).values("used_at")[:1])


def members(actor: Actor) -> QuerySet[Membership]:
    """Everyone who is or was a member, with roles, sites, second factor and last visit."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=NO_FACTOR)
    # A person's own memberships elsewhere are visible to them (policy on app.user_id): name the practice.
    here = Membership.objects.filter(practice_id=actor.practice_id)
    found = here.select_related("user").prefetch_related("role_links__role", "location_links__location")
    return found.annotate(factors=Exists(factors), used_at=last_use())


def current(queryset: QuerySet[Membership], *, actor: Actor) -> QuerySet[Membership]:
    """Those who may come in."""
    return queryset.filter(ended_at=None)


def ended(queryset: QuerySet[Membership], *, actor: Actor) -> QuerySet[Membership]:
    """Those whose membership was closed."""
    return queryset.filter(ended_at__isnull=False)


def roles(actor: Actor) -> QuerySet[Role]:
    """The practice's roles with their permissions and the number of their live holders."""
    live = Count("member_links", filter=Q(member_links__membership__ended_at=None), distinct=True)
    return Role.objects.select_related("escalates_to").prefetch_related("permissions").annotate(holders=live)


def holders(role: Role, *, actor: Actor) -> QuerySet[Membership]:
    """The live members who hold a role."""
    return members(actor).filter(ended_at=None, role_links__role=role).order_by("user__name")


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """API tokens, live and ended, with their last use; none for who may not make them."""
    if not actor.may(PracticePermission.CHANGE_TOKENS):
        return ApiToken.objects.none()
    found = ApiToken.objects.select_related("role", "membership__user", "successor")
    return found.annotate(used_at=last_use())


def living(queryset: QuerySet[ApiToken], *, actor: Actor) -> QuerySet[ApiToken]:
    """Those that open something."""
    lives = queryset.filter(revoked_at=None, expires_at__gt=clock.now())
    return lives.filter(Q(membership=None) | Q(membership__ended_at=None))
