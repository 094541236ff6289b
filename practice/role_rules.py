"""Rules of roles and memberships on plain values: what a change comes to in words, and what somebody may hand on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RoleFacts:
    """A role as people know it: its words, what stands above it, and its permissions by name."""

    name: str
    description: str
    escalates_to: str
    requires_mfa: bool
    grants: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """A member's roles and sites by name (no sites: all of them), and what the roles add up to."""

    roles: frozenset[str]
    sites: frozenset[str]
    grants: frozenset[str]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _sentences(grants: Iterable[str], *, sentences: Mapping[str, str], lead: str) -> list[str]:
    return [f"{lead}: {sentences.get(grant, grant)}" for grant in sorted(grants)]


def role_changes(before: RoleFacts, after: RoleFacts, *, sentences: Mapping[str, str]) -> list[str]:
    """What saving a role would change, one sentence each; empty when nothing would."""
    said = []
    if before.name != after.name:
        said.append(f"The role is called “{after.name}” instead of “{before.name}”")
    if before.description != after.description:
        said.append(f"Its description becomes “{after.description}”")
    if before.escalates_to != after.escalates_to:
        said.append(f"What it cannot settle goes to {after.escalates_to or 'nobody'}")
    if before.requires_mfa != after.requires_mfa:
        needs = "need a second factor to sign in" if after.requires_mfa else "no longer need a second factor"
        said.append(f"Its holders {needs}")
    said += _sentences(after.grants - before.grants, sentences=sentences, lead="Its holders will be able to")
    said += _sentences(
        before.grants - after.grants, sentences=sentences, lead="Its holders will no longer be able to"
    )
    return said


def member_changes(before: MemberFacts, after: MemberFacts, *, sentences: Mapping[str, str]) -> list[str]:
    """What saving a member would change, one sentence each; empty when nothing would."""
    said = []
    if gained := after.roles - before.roles:
        said.append(f"Gets the role {_listed(gained)}")
    if lost := before.roles - after.roles:
        said.append(f"Loses the role {_listed(lost)}")
    if before.sites != after.sites:
        said.append(
            f"Works at {_listed(after.sites) or 'all sites'} instead of {_listed(before.sites) or 'all sites'}"
        )
    said += _sentences(after.grants - before.grants, sentences=sentences, lead="Will be able to")
    said += _sentences(before.grants - after.grants, sentences=sentences, lead="Will no longer be able to")
    return said


def beyond(grants: Collection[str], *, held: Collection[str]) -> list[str]:
    """The permissions among ``grants`` that somebody who holds ``held`` does not have to give."""
    return sorted(set(grants) - set(held))


def short_name(words: str, *, taken: Collection[str], most: int = 40) -> str:
    """A name as an address or code: "Dr. Lee & Sons" is dr-lee-sons, with a number when that is taken.

    ``most`` is the greatest length in characters; words without any letter or digit become "new".
    """
    plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:most].strip("-") or "new"
    found, number = plain, 1
    while found in taken:
        number += 1
        tail = f"-{number}"
        found = plain[: most - len(tail)].strip("-") + tail
    return found
