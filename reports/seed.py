"""The reports' part of the demo: nothing to tell before the jobs ran, then last months' P&L reports."""

from __future__ import annotations

from practice.story import Story
from reports import seed_pnl


def seed(story: Story) -> None:
    """Nothing yet: reports are made of what the other apps told."""


def finish(story: Story) -> None:
    """What can only be told once the jobs of the story have run."""
    seed_pnl.finish(story)
