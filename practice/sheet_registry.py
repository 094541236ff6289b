"""Every target of an import, found once in ``<app>/sheet_targets.py`` and checked by name at start-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.http import Http404
from django.utils.module_loading import import_string

from kit.sheet_target import AnyTarget, BundleTarget, SheetTarget
from practice.actor import Actor


@cache
def _found() -> dict[str, AnyTarget]:
    from practice.discovery import modules

    found: dict[str, AnyTarget] = {}
    for module in modules("sheet_targets"):
        for target in module.TARGETS:
            if target.name in found:
                raise ValueError(f"two targets are called {target.name}")
            found[target.name] = target
    return found


def every() -> Sequence[AnyTarget]:
    """All targets in ladder order."""
    return tuple(_found().values())


def find(name: str) -> AnyTarget | None:
    """The target of that name, if it is still declared."""
    return _found().get(name)


def sheet_target(name: str) -> SheetTarget:
    """The target of one sheet. 404 for a name nobody has declared."""
    found = find(name)
    if not isinstance(found, SheetTarget):
        raise Http404
    return found


def startable(actor: Actor) -> list[AnyTarget]:
    """What the actor may bring in."""
    return [target for target in every() if actor.may(target.permission)]


def visible_names(actor: Actor) -> list[str]:
    """Targets whose imports the actor may see."""
    return [target.name for target in every() if actor.may(target.view_permission)]


def _wrong(target: AnyTarget) -> Iterator[str]:
    dotted = [target.undo]
    if isinstance(target, BundleTarget):
        dotted.append(target.plan)
    else:
        dotted += [target.form, target.take, target.take_all, target.options]
        if bool(target.take_all) == bool(target.form and target.take and target.key):
            yield "a target has either form, take and key, or take_all"
        named = {field.name for field in target.fields}
        for group in (*target.key, *target.needs):
            if unknown := set(group) - named:
                yield f"{', '.join(sorted(unknown))} is no field of it"
    for name in filter(None, dotted):
        try:
            import_string(name)
        except ImportError as error:
            yield str(error)


def _unknown_to_its_form(target: AnyTarget) -> Iterator[str]:
    if isinstance(target, SheetTarget) and target.form:
        form = import_string(target.form)
        for field in target.fields:
            if field.name not in form.base_fields:
                yield f"{target.form} has no field {field.name}"


@checks.register("sheets")
def check_targets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """sheets.E001: a target names something that is not there, or leaves out what it needs."""
    found: list[checks.CheckMessage] = []
    for target in every():
        problems = list(_wrong(target)) or list(_unknown_to_its_form(target))
        found += [
            checks.Error(f"{target.name}: {problem}", obj=target, id="sheets.E001") for problem in problems
        ]
    return found
