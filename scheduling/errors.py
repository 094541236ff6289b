"""Refusals of the schedule, each with what can be done instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.errors import Conflict, DomainError

if TYPE_CHECKING:
    from scheduling.rules import Opening


class SlotTaken(Conflict):
    """The time is full. ``openings`` are the nearest free ones, ``alternatives`` the same as sentences."""

    def __init__(
        self,
        message: str,
        *,
        openings: Sequence[Opening],
        sentences: Sequence[str],
        field: str = "starts_at",
    ) -> None:
        super().__init__(message, field=field, alternatives=sentences)
        self.openings = tuple(openings)


class Stale(Conflict):
    """The visit has changed since it was read."""


class Warned(DomainError):
    """Something unusual that may be meant: say so by passing ``warning`` in ``accept`` (and a reason where asked)."""

    def __init__(
        self, message: str, *, warning: str, field: str | None = None, wants_reason: bool = True
    ) -> None:
        super().__init__(message, field=field)
        self.warning = warning
        self.wants_reason = wants_reason
