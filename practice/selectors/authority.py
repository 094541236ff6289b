"""Whose word counts: which members may decide a step of a request, themselves or for whom they stand in.

Everything is asked of the rows as they are now: a role taken away, a limit that ended, a membership that is over and a
delegation past its last day decide nothing any more.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from practice import approval_rules
from practice.actor import Actor
from practice.approval_rules import Limit
from practice.approvals import ApprovalKind
from practice.models import (
    ApprovalEvent,
    ApprovalLimit,
    ApprovalRequest,
    Delegation,
    Membership,
    MembershipRole,
    RolePermission,
)


@dataclass(frozen=True, slots=True)
class Principal:
    """A live member whose authority is used: the actor's own, or of whom the actor stands in for.

    kinds: what the delegation is for, None for everything. roles: what the member holds now.
    """

    member: uuid.UUID
    kinds: frozenset[str] | None
    roles: frozenset[uuid.UUID]
    permissions: frozenset[str]

    def speaks_for(self, kind: ApprovalKind) -> bool:
        """Whether this authority is about this kind at all."""
        named = self.kinds is None or kind.key in self.kinds
        return named and str(kind.decide_permission) in self.permissions


def limits_on(day: date, *, kinds: Collection[str]) -> dict[str, list[Limit]]:
    """The limits in force on a day, by kind."""
    rows = ApprovalLimit.objects.filter(
        Q(effective_to=None) | Q(effective_to__gte=day),
        Q(ended_on=None) | Q(ended_on__gt=day),
        kind__in=kinds,
        effective_from__lte=day,
    )
    found: dict[str, list[Limit]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(Limit(step=row.step, role=row.role_id, above=row.above, up_to=row.up_to))
    return found


def principals(actor: Actor, *, day: date) -> list[Principal]:
    """The actor's own authority first, then that of everybody they stand in for on that day. People only."""
    if actor.kind != "user" or actor.membership_id is None:
        return []
    standing: dict[uuid.UUID, frozenset[str] | None] = {actor.membership_id: None}
    given = Delegation.objects.filter(
        deputy=actor.membership_id, starts_on__lte=day, ends_on__gte=day, ended_on=None
    ).prefetch_related("kind_links")
    named: dict[uuid.UUID, list[frozenset[str]]] = defaultdict(list)
    for row in given:
        named[row.member_id].append(frozenset(row.kinds))
    for member, sets in named.items():
        standing.setdefault(member, None if frozenset() in sets else frozenset().union(*sets))
    held = _held(standing)
    return [
        Principal(member=member, kinds=kinds, roles=held[member][0], permissions=held[member][1])
        for member, kinds in standing.items()
        if member in held
    ]


def _held(members: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[frozenset[uuid.UUID], frozenset[str]]]:
    """Roles and permissions of live members; who has left is missing."""
    roles: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    links = MembershipRole.objects.filter(
        membership__in=list(members), membership__ended_at=None, membership__user__is_active=True
    )
    for member, role in links.values_list("membership_id", "role_id"):
        roles[member].add(role)
    every = {role for held in roles.values() for role in held}
    grants: dict[uuid.UUID, set[str]] = defaultdict(set)
    for role, permission in RolePermission.objects.filter(role__in=every).values_list(
        "role_id", "permission"
    ):
        grants[role].add(permission)
    return {
        member: (frozenset(held), frozenset().union(*(grants[role] for role in held)))
        for member, held in roles.items()
    }


def involved(request: ApprovalRequest) -> frozenset[uuid.UUID]:
    """Who asked for it, and who has decided an earlier step of this round or lent their authority to it."""
    said = ApprovalEvent.objects.filter(
        approval=request, round=request.round, outcome=ApprovalEvent.Outcome.APPROVED
    )
    pairs = said.values_list("member_id", "on_behalf_of_id")
    return frozenset({request.requested_by_id, *(one for pair in pairs for one in pair if one)})


def authority_over(
    request: ApprovalRequest, *, kind: ApprovalKind, actor: Actor, day: date
) -> Principal | None:
    """On whose authority the actor may decide the request's next step: their own first; None without any."""
    close = involved(request)
    limits = limits_on(day, kinds=[kind.key])[kind.key]
    for principal in principals(actor, day=day):
        people = [member for member in (actor.membership_id, principal.member) if member]
        if approval_rules.too_close(people, involved=close) or not principal.speaks_for(kind):
            continue
        if approval_rules.reaches(limits, step=request.step, amount=request.amount, roles=principal.roles):
            return principal
    return None


def who_could(
    kind: ApprovalKind,
    *,
    step: int,
    request: ApprovalRequest,
    limits: list[Limit],
    close: Collection[uuid.UUID],
) -> list[Membership]:
    """The live members whose own word would be enough for a step, by name; nobody who is too close."""
    holders = MembershipRole.objects.filter(
        role__permissions__permission=str(kind.decide_permission),
        membership__ended_at=None,
        membership__user__is_active=True,
    ).exclude(membership__in=list(close))
    members = {link.membership_id: link.membership for link in holders.select_related("membership__user")}
    held = _held(members)
    found = [
        member
        for key, member in members.items()
        if approval_rules.reaches(limits, step=step, amount=request.amount, roles=held[key][0])
    ]
    return sorted(found, key=lambda member: (member.name, str(member.pk)))
