"""Calling a service from a page or an endpoint: one savepoint, one set of refusals, one look back."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from kit.errors import Conflict, DomainError, Forbidden, from_integrity
from kit.forms import AnyForm
from kit.resource import Action, Resource


def _attempt(resource: Resource, *, call: Callable[[], Any]) -> Any:
    try:
        with transaction.atomic():
            return call()
    except IntegrityError as error:
        refused = from_integrity(error, model=resource.model_class)
        if refused is None:
            raise
        raise refused from error
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error


def _still_visible(resource: Resource, *, record: models.Model, actor: Any) -> None:
    """Nobody writes a record out of their own sight (the row would be someone else's from then on)."""
    if not resource.visible_to(actor).filter(pk=record.pk).exists():
        raise Forbidden(resource.view_permission)


def create(resource: Resource, *, actor: Any, values: dict[str, Any]) -> models.Model:
    """Add a record through its service; raises DomainError, Conflict or Forbidden."""
    service = resource.load(resource.create)
    record: models.Model = _attempt(resource, call=lambda: service(actor=actor, **values))
    _still_visible(resource, record=record, actor=actor)
    return record


def update(resource: Resource, *, record: models.Model, actor: Any, values: dict[str, Any]) -> models.Model:
    """Change a record through its service; returns what the service returns, else the record read again."""
    service = resource.load(resource.update)
    changed = _attempt(resource, call=lambda: service(record, actor=actor, **values))
    _still_visible(resource, record=record, actor=actor)
    return changed if isinstance(changed, models.Model) else record


def act(
    action: Action, *, resource: Resource, record: models.Model, actor: Any, values: dict[str, Any]
) -> Any:
    """Run a guarded action; Conflict when the record has moved on since the button was shown."""
    if not possible(action, record=record):
        raise Conflict(
            f"This {resource.singular} has changed meanwhile: “{action.label}” is no longer possible"
        )
    service = resource.load(action.service)
    return _attempt(resource, call=lambda: service(record, actor=actor, **values))


def possible(action: Action, *, record: models.Model) -> bool:
    """Does the record's own state allow the action now?"""
    if not action.when:
        return True
    answer = getattr(record, action.when)
    return bool(answer() if callable(answer) else answer)


def explain(form: AnyForm, *, error: DomainError) -> None:
    """Put a refusal where the person can mend it: at its field, else on top."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
