"""The demo's story: what each app's ``seed.py`` gets, tells its part through services, and hands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from practice.actor import Actor
from practice.models import Membership, Practice


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
