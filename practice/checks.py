"""System checks that keep tenancy whole: what a forgotten rule would look like, said at start-up."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from practice.tenancy import PracticeField, TenantForeignKey, TenantTable


def is_tenant(model: Any) -> bool:
    """Whether a model's table belongs to a practice."""
    meta = getattr(model, "_meta", None)
    return meta is not None and any(isinstance(field, PracticeField) for field in meta.local_fields)


@checks.register
def check_tenancy(app_configs: Any, **kwargs: Any) -> Iterator[checks.Error]:
    """E001 plain key, E002 global table pointing in, E003/E005 unique without practice, E004 rule lost."""
    for model in apps.get_models(include_auto_created=True):
        yield from _check_fields(model)
        if is_tenant(model):
            yield from _check_rules(model)


def _check_fields(model: Any) -> Iterator[checks.Error]:
    for field in model._meta.local_fields:
        points_in = field.is_relation and is_tenant(field.related_model)
        where = f"{model.__name__}.{field.name}"
        if is_tenant(model) and points_in and not isinstance(field, TenantForeignKey):
            yield checks.Error(f"{where} points at a tenant table: use TenantForeignKey", id="tenancy.E001")
        if not is_tenant(model) and points_in:
            yield checks.Error(f"{where}: a global table points at a tenant table", id="tenancy.E002")
        if is_tenant(model) and field.unique and not field.primary_key:
            yield checks.Error(f"{where}: unique must start with practice", id="tenancy.E003")


def _check_rules(model: Any) -> Iterator[checks.Error]:
    rules = model._meta.constraints
    if not model._meta.proxy and not any(isinstance(rule, TenantTable) for rule in rules):
        yield checks.Error(f"{model.__name__} lost its TenantTable rule", id="tenancy.E004")
    for rule in rules:
        if isinstance(rule, models.UniqueConstraint) and rule.fields and rule.fields[0] != "practice":
            yield checks.Error(
                f"{model.__name__}.{rule.name}: unique starts with practice", id="tenancy.E005"
            )
