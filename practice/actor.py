"""Who acts: a value that every service and selector takes, never a request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kit.errors import Forbidden, StepUpNeeded

Kind = Literal["user", "token", "display", "public_link", "job", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, API token, wall display, public link or job acting in one practice.

    ``permissions`` are what its roles add up to; ``locations`` narrows it to some sites (empty: all of them);
    ``opened`` are restricted patients it may see for a while, each with the grant that opened it (break-glass).
    ``request_id`` joins every row it writes to the log of its request. ``fresh`` is false for a person whose last
    proof of identity is too old for what needs one (practice.stepup); programs are always fresh.
    """

    kind: Kind
    practice_id: uuid.UUID
    id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None
    membership_id: uuid.UUID | None = None
    name: str = ""
    permissions: frozenset[str] = frozenset()
    locations: frozenset[uuid.UUID] = field(default_factory=frozenset)
    opened: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict, hash=False)
    request_id: str = ""
    fresh: bool = True

    def __str__(self) -> str:
        return f"{self.kind}:{self.id or ''}"

    def may(self, permission: str) -> bool:
        """Whether a permission is held. Jobs act for the practice itself and hold them all."""
        return self.kind in ("job", "system") or str(permission) in self.permissions

    def require(self, permission: str) -> None:
        """Raise ``Forbidden`` (403, names the permission) unless it is held."""
        if not self.may(permission):
            raise Forbidden(str(permission))

    def require_fresh(self) -> None:
        """Raise ``StepUpNeeded`` when a person must prove again who they are: for exports and changes of rights."""
        if not self.fresh:
            raise StepUpNeeded

    def sees_location(self, location_id: uuid.UUID | None) -> bool:
        """Whether rows of a site are in this actor's scope."""
        return not self.locations or location_id in self.locations


def system_actor(*, practice_id: uuid.UUID, name: str = "Wellrun", request_id: str = "") -> Actor:
    """The program itself: seeds, imports and nightly work."""
    return Actor(kind="system", practice_id=practice_id, name=name, request_id=request_id)
