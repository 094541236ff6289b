"""What a person changes about themselves, the same in every practice."""

from __future__ import annotations

from practice.models import User


def rename(user: User, *, name: str) -> None:
    """What colleagues call a person. Nobody else can change it."""
    user.name = name.strip()
    user.save(update_fields=["name"])
