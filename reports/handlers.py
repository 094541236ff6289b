"""What reports do when something happens below them."""

from __future__ import annotations

import uuid

from practice import events, jobs
from practice.actor import Actor


@events.handles("import.finished", when="later")
def compute_what_was_imported(*, import_run_id: uuid.UUID, actor: Actor) -> None:
    """Key figures of all imported years, at once: the night alone would look at recent days only."""
    jobs.enqueue("reports.rollup", key=f"import-{import_run_id}", args={"all": True}, actor=actor)
