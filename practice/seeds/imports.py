"""A list of payers that came from the old system: tried, taken, with a row that is still to be mended."""

from __future__ import annotations

import io

from kit.sheets import write_csv
from practice import sheet_registry
from practice.models import ImportRun
from practice.services import import_runs, sheet_mappings, sheet_uploads
from practice.story import Story

SYSTEM = "Old practice system"
HEADINGS = ("Insurance Name", "EDI ID", "Type", "Claims address", "City", "St", "Zip", "Timely filing")
# Invented names. The last row says a number of days that is none.
ROWS = (
    ("Northway Health PPO", "NWH01", "PPO", "PO Box 1200", "Albany", "NY", "12201", "90"),
    ("Cedar Ridge Health Plan", "CRH14", "HMO", "PO Box 77", "Hartford", "Connecticut", "6101", "120"),
    ("Tallow Mutual", "TLM08", "PPO", "41 Mill Road", "Boston", "MA", "2101", "ninety"),
)


def seed(story: Story) -> None:
    """Upload it, keep what its columns mean, and ask for a dry run."""
    actor = story.acting_as("manager") or story.actor
    target = sheet_registry.sheet_target("practice.payer")
    file = io.BytesIO(write_csv(headers=HEADINGS, lines=ROWS))
    run = sheet_uploads.upload(file, name="payers-2025.csv", target=target, source=SYSTEM, actor=actor)
    sheet_mappings.choose(run, choices=(), keep_as=SYSTEM, actor=actor)
    story.kept["payer_import"] = import_runs.dry_run(run, actor=actor)


def finish(story: Story) -> None:
    """Take what the dry run has counted."""
    run = ImportRun.objects.get(pk=story.kept["payer_import"].pk)
    if run.can_run:
        import_runs.take(run, actor=story.acting_as("manager") or story.actor)
