"""Migrations without rendering every model anew for a new model, a constraint or an index.

Every table of a practice leads to the practice, so Django takes all models for related and builds each of them again
after every operation. But nothing that stands can lead to a model that is only now made, and all that a constraint or
an index changes is a list in the model's ``_meta``. On an empty database this is most of the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState

# What databases have that were made before the first migrations were written anew; no later build may use the name.
OLDER_BUILD = ("practice", "0003_ways_in")
OLDER_TABLES = (
    "The tables of this database are of an older build from before 0.1, and no migration leads from them to today's. "
    "./run demo --reset (or ./run dev --reset) starts over with an empty database; all its data goes."
)


def _add(self: Any, model_state: Any) -> None:
    """``ProjectState.add_model`` that renders the new model alone."""
    key = (model_state.app_label, model_state.name_lower)
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])


def _append(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """``ProjectState._append_option`` without the reload: the state and the rendered model get the same list."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options.get(option_name, []), obj]
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, list(options[option_name]))


@contextmanager
def rendering_little() -> Iterator[None]:
    """While migrations are applied or written out as SQL."""
    kept: Any = ProjectState
    add, append = kept.add_model, kept._append_option
    kept.add_model, kept._append_option = _add, _append
    try:
        yield
    finally:
        kept.add_model, kept._append_option = add, append
