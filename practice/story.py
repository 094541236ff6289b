"""The demo's story: what each app's ``seed.py`` gets, tells its part through services, and hands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from time import monotonic
from typing import Any

from django.apps import apps

from practice.actor import Actor
from practice.discovery import modules
from practice.models import Membership, Practice
from practice.selectors.people import user_actor
from practice.statistics import refresh


@dataclass
class Story:
    """One demo practice being told: the day it is, a fixed random source, its people, and what apps hand on.

    ``small`` practices are the second tenant of the demo: the same kinds of rows, a tenth of them.
    ``kept`` carries named things from lower apps to upper ones ("providers", "locations", "completed_visits").
    """

    practice: Practice
    actor: Actor
    today: date
    small: bool = False
    random: Random = field(default_factory=lambda: Random(20261121))  # noqa: S311  demo data, no secret
    cast: dict[str, Membership] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def acting_as(self, role: str) -> Actor | None:
        """The member of that role as who they are when signed in, for what only a person may do; None without one."""
        member = self.cast.get(role)
        if member is None:
            return None
        return user_actor(user=member.user, practice=self.practice, request_id="story")


def tell(story: Story, *, say: Callable[[str], None] = lambda words: None) -> None:
    """Tell every app's chapter in ladder order, inside the caller's transaction."""
    for module in modules("seed"):
        began = monotonic()
        module.seed(story)
        app = module.__name__.split(".")[0]
        refresh(*apps.get_app_config(app).get_models())
        say(f"{story.practice.name}: {app} {monotonic() - began:.1f} s")


def finish(story: Story) -> None:
    """What can only be told once the jobs of the story have run."""
    for module in modules("seed"):
        if hasattr(module, "finish"):
            module.finish(story)
