"""Migrations without rendering every model anew for a constraint or an index.

Every table of a practice leads to the practice, so Django takes all models for related and builds each of them again
after every operation. For the three hundred constraints and indexes of an empty database that is half of a minute's
work, and all it changes is a list in the model's ``_meta``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


def _append(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """``ProjectState._append_option`` without the reload: the state and the rendered model get the same list."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options.get(option_name, []), obj]
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, list(options[option_name]))


@contextmanager
def lists_in_place() -> Iterator[None]:
    """While migrations are applied or written out as SQL."""
    kept = ProjectState._append_option  # type: ignore[attr-defined]
    ProjectState._append_option = _append  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._append_option = kept  # type: ignore[attr-defined]
