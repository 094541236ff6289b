"""What makes an exception impossible, in words and by field. Pure: form and service ask the same."""

from __future__ import annotations

from datetime import date, time

CLOSED = "closed"
LONGEST = 400  # days: longer than that is a template


def mistake(
    *,
    kind: str,
    starts_on: date,
    ends_on: date,
    starts_at: time | None,
    ends_at: time | None,
    owners: int,
    reason: str,
    today: date | None = None,
) -> tuple[str, str] | None:
    """(field, sentence) of the first thing that cannot be, None when all is well.

    ``owners``: how many of resource and location are given. ``today`` None: days are not compared with it.
    """
    if owners != 1:
        return "resource", "Choose a provider or resource, or a location."
    if ends_on < starts_on:
        return "ends_on", "Enter a last day that is not before the first."
    if today is not None and starts_on < today:
        return "starts_on", "Enter today or a later day."
    if (ends_on - starts_on).days >= LONGEST:
        return "ends_on", "That is longer than a year: change the template instead."
    if kind != CLOSED or starts_at is not None or ends_at is not None:
        if starts_at is None:
            return "starts_at", "Enter the time it begins."
        if ends_at is None or ends_at <= starts_at:
            return "ends_at", "Enter an end after the beginning."
    if not reason.strip():
        return "reason", "Say why: the day view shows it."
    return None
