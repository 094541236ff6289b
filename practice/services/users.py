"""What a person changes about themselves, the same in every practice."""

from __future__ import annotations

from practice.models import User


def rename(user: User, *, name: str) -> None:
    """What colleagues call a person. Nobody else can change it."""
    user.name = name.strip()
    user.save(update_fields=["name"])


def prefer(user: User, *, theme: str, comfortable_rows: bool, single_keys: bool) -> None:
    """How a person likes the product. Nobody else can change it."""
    user.theme, user.comfortable_rows, user.single_keys = theme, comfortable_rows, single_keys
    user.save(update_fields=["theme", "comfortable_rows", "single_keys"])
