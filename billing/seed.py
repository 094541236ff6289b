"""Billing's part of the demo: codes and fees, six weeks of claims, their answers."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from billing import seed_claims, seed_letters, seed_restrictions
from practice.story import Story


def seed(story: Story) -> None:
    """Claims first, then what payers answered to them."""
    seed_claims.seed(story)
    if find_spec("billing.seed_remittances"):
        import_module("billing.seed_remittances").seed(story)


def finish(story: Story) -> None:
    """What follows the answers of payers."""
    seed_restrictions.seed(story)
    seed_letters.finish(story)
