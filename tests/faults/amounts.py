"""How much: a small count in every run, the issue's figure under --deep."""

import os

from tests.tiers import DEEP

# A rehearsal of the deep tier: WELLRUN_DEEP_SHARE=0.1 ./run test --deep rehearsal tests/faults
SHARE = float(os.environ.get("WELLRUN_DEEP_SHARE", "1"))


def amount(normal, deep):
    """``normal``, or ``deep`` (a whole number or seconds) when the deep tier runs."""
    if not DEEP:
        return normal
    return max(normal, type(deep)(deep * SHARE))
