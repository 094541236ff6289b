"""Refusals in words a person can act on; pages and API turn each into the same status and sentence."""

import re
from collections.abc import Sequence

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models


class DomainError(Exception):
    """A rule refused the act. ``message`` says what to do, ``field`` names the form field it belongs to."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Conflict(DomainError):
    """Somebody else was first, or the record has moved on; ``alternatives`` are sentences to choose from."""

    status = 409

    def __init__(self, message: str, *, field: str | None = None, alternatives: Sequence[str] = ()) -> None:
        super().__init__(message, field=field)
        self.alternatives = tuple(alternatives)


class TooMany(DomainError):
    """Too often; ``seconds`` is when to come back."""

    status = 429

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Forbidden(PermissionDenied):
    """The actor lacks ``permission``; the page says which roles have it."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class StepUpNeeded(Exception):
    """The actor may do this, but must first prove again who they are: the last proof is too old."""


def from_integrity(error: IntegrityError, *, model: type[models.Model]) -> DomainError | None:
    """The sentence of the table's own constraint that refused a write, None when it is not one of them.

    Declare it on the constraint: ``UniqueConstraint(..., violation_error_message="This number is taken")``.
    """
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name is None:
        found = re.search(r"constraint failed: (?:index '(?P<index>\w+)'|(?P<check>\w+)$)", str(error))
        name = found and (found["index"] or found["check"])
    for constraint in model._meta.constraints:
        if name and constraint.name == name:
            fields = [each for each in getattr(constraint, "fields", ()) if each != "practice"]
            message = str(constraint.get_violation_error_message())
            if constraint.violation_error_message == constraint.default_violation_error_message:
                words = " and ".join(each.replace("_", " ") for each in fields)
                message = (
                    f"There is already one with this {words}"
                    if fields
                    else "These values do not fit together"
                )
            return DomainError(message, field=fields[-1] if fields else None)
    return None


def from_any_integrity(error: IntegrityError) -> DomainError | None:
    """The same for a write of which only the table is known, as PostgreSQL names it."""
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", None)
    model = next((each for each in apps.get_models() if each._meta.db_table == table), None)
    return from_integrity(error, model=model) if model else None
