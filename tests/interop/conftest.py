"""An import run in this process, as the command line does it, for tests that commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interop.services import imports
from practice.actor import system_actor
from practice.jobs import Job
from practice.models import ImportRun, Practice
from practice.services import import_engine
from practice.transactions import acting_in
from tests.interop import tiny


@pytest.fixture
def practice(transactional_db: None) -> Any:
    """Practice A, and a system actor in it."""
    found = Practice.objects.get(slug="harbor")
    return system_actor(practice_id=found.pk, request_id="test-import")


@pytest.fixture
def inside(practice: Any) -> Callable[[], Any]:
    """``with inside():`` – a transaction in practice A."""
    return lambda: acting_in(practice.practice_id, actor=practice)


@pytest.fixture
def run_import(practice: Any, inside: Any) -> Callable[..., ImportRun]:
    """Import a folder to its end; returns the run."""

    def go(folder: Path, *, is_dry_run: bool = False) -> ImportRun:
        with inside():
            run = imports.start_or_resume(folder=folder, is_dry_run=is_dry_run, actor=practice)
        args = {"run_id": str(run.pk), "rehearsal": is_dry_run}
        import_engine.carry_out(
            Job(id=run.pk, practice_id=practice.practice_id, key=str(run.pk), args=args, actor=practice)
        )
        with inside():
            return ImportRun.objects.get(pk=run.pk)

    return go


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write the tiny export, with tables replaced or changed."""

    def go(tables: dict[str, Any] | None = None) -> Path:
        return tiny.write(tmp_path / "export", tables=tables or tiny.tables())

    return go
