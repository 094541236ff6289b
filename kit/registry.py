"""Every Resource of the installed apps, found once and checked by name before the first request."""

import inspect
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.module_loading import import_string, module_has_submodule

from kit import fields
from kit.resource import Resource


@cache
def _found() -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "resources"):
            for resource in getattr(import_module(f"{config.name}.resources"), "RESOURCES", ()):
                if resource.name in found:
                    raise ValueError(f"two resources are called {resource.name}")
                found[resource.name] = resource
    return found


def every() -> Sequence[Resource]:
    """All Resources, in the order of INSTALLED_APPS and of their declarations."""
    return tuple(_found().values())


def get(name: str) -> Resource:
    """The Resource of that name; KeyError when there is none."""
    return _found()[name]


@cache
def for_model(model: type[models.Model]) -> Resource | None:
    """The first Resource that shows a model, if any: where links to its records lead."""
    return next((r for r in every() if r.model_class is model._meta.concrete_model), None)


@cache
def parent_fields(name: str) -> tuple[str, ...]:
    """Fields of a Resource by which another one lists it as its child: a list can be narrowed by them too."""
    return tuple(sorted({child.field for r in every() for child in r.children if child.resource == name}))


def _dotted(resource: Resource) -> Iterator[tuple[str, str]]:
    yield "selector", resource.selector
    yield "listed", resource.listed
    yield "find", resource.find
    yield "create", resource.create
    yield "update", resource.update
    if resource.form:
        yield "form", resource.form.form
    for view in resource.views:
        yield f"views.{view.slug}.narrow", view.narrow
    for action in resource.actions:
        yield f"actions.{action.name}.service", action.service
        yield f"actions.{action.name}.form", action.form


def _unknown_dotted(resource: Resource) -> Iterator[str]:
    for where, dotted in _dotted(resource):
        if dotted:
            try:
                import_string(dotted)
            except ImportError as error:
                yield f"{where}: {error}"


def _sorts(resource: Resource) -> Iterator[str]:
    """Every field that lists are ordered by."""
    for column in resource.columns:
        yield from (column.sort or "").split(",") if column.sort else ()
    plain = resource.default_sort.lstrip("-")
    if not any(column.sort for column in resource.columns if column.name == plain):
        yield plain


def _unknown_columns(resource: Resource) -> Iterator[str]:
    sectioned = [name for section in resource.sections for name in section.fields]
    for column in (*resource.columns, *resource.subtitle, *resource.facts, *sectioned):
        name = column if isinstance(column, str) else column.name
        first, _, rest = name.partition(fields.SEPARATOR)
        known = fields.field_at(resource.model_class, name=name) is not None
        if not known and not rest and not hasattr(resource.model_class, first):
            yield f"{name} is neither a field nor a property of {resource.model}"
    filtered = [*(f.name for f in resource.filters), *resource.search, *parent_fields(resource.name)]
    for name in (*filtered, *_sorts(resource)):
        try:
            list(fields.walk(resource.model_class, name=name))
        except FieldDoesNotExist as error:
            yield f"{name} cannot be filtered or sorted by: {error}"
    for name in (resource.title, resource.status, *(action.when for action in resource.actions)):
        if name and not hasattr(resource.model_class, name):
            yield f"{resource.model} has no {name}"


def _incomplete(resource: Resource) -> Iterator[str]:
    if len(resource.columns) == 0 or not resource.view_permission:
        yield "a resource needs columns and a view_permission"
    if (resource.create and not resource.create_permission) or (
        resource.update and not resource.update_permission
    ):
        yield "create and update each need a permission"
    if (resource.create or resource.update) and not resource.form:
        yield "create and update need a form"
    for action in resource.actions:
        if not action.permission:
            yield "every action needs a permission"
        if action.undo and not resource.action(action.undo):
            yield f"{action.name} is undone by {action.undo}, which is no action"
    for child in resource.children:
        if child.resource not in _found():
            yield f"child {child.resource} is not a resource"


def _swallowed(resource: Resource) -> Iterator[str]:
    """A form field called like the service's parameter for the record would be passed twice."""
    if resource.update and resource.form:
        first = next(iter(inspect.signature(import_string(resource.update)).parameters.values()))
        from kit.forms import form_class

        named = form_class(resource).base_fields
        if first.name in named and first.kind is not inspect.Parameter.POSITIONAL_ONLY:
            yield f"{resource.update}: its parameter {first.name} is also a field; make it positional-only (/)"


@checks.register("kit")
def check_resources(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """kit.E001: a declaration names something that is not there, or leaves out what it needs."""
    return [
        checks.Error(f"{resource.name}: {problem}", obj=resource, id="kit.E001")
        for resource in every()
        for problem in (
            *_incomplete(resource),
            *_unknown_dotted(resource),
            *_unknown_columns(resource),
            *_swallowed(resource),
        )
    ]
