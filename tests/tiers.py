"""How much a test asks: everything in the deep tier, a fair share of it in every run (ARCHITECTURE.md 13)."""

import os
import random

import pytest

DEEP = bool(os.environ.get("WELLRUN_DEEP"))


def share(items, *, one_in):
    """All of ``items`` in the deep tier, else one in so many, beginning at one that the run's random seed picks.

    pytest-randomly seeds each test with the run's seed: the same seed asks the same again, another one others.
    """
    every = list(items)
    return every if DEEP else every[random.randrange(one_in) :: one_in]


def turn(*, one_in):
    """For what costs most before it asks anything: always in the deep tier, else in one run of so many."""
    if not DEEP and random.randrange(one_in):
        pytest.skip(f"its turn comes in one run of {one_in}, and always in the deep tier")
