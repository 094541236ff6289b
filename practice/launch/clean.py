"""`./run clean`: remove data, caches and build output of this checkout."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from practice.launch import paths
from practice.launch.console import LaunchError, confirm, say
from practice.launch.locks import FileLock
from practice.launch.paths import ROOT, SYSTEM_STATE, VENV, WORK, State, short_hash
from practice.launch.services import Services

CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", "htmlcov")
BUILT = ("static/dist", "staticfiles")


def main(argv: Sequence[str]) -> int:
    """Ask, then delete. The virtual environment and node_modules stay: they only cost a download."""
    if set(argv) - {"--yes"}:
        raise LaunchError("./run clean takes --yes or nothing.")
    states = [State(mode=mode, root=WORK / mode) for mode in ("demo", "dev")]
    found = [path for path in candidates(states) if path.exists()]
    if not found:
        say("Nothing to remove.")
        return 0
    say("This removes, with all demo and development data:\n" + "\n".join(f"  {path}" for path in found))
    if "--yes" not in argv and not confirm("Go on?"):
        say("Nothing was removed (--yes answers the question).")
        return 1
    for state in states:
        _end_leftovers(state)
    for path in found:
        shutil.rmtree(path)
    say("Removed.")
    return 0


def candidates(states: Sequence[State]) -> list[Path]:
    """Everything a start of this checkout may have made, data below /var/lib included."""
    servers = SYSTEM_STATE / f"wellrun-servers-{short_hash(site_packages())}"
    homes = [paths.outside_home(state.root) for state in states]
    return [WORK, *homes, servers, *(ROOT / name for name in (*BUILT, *CACHES))]


def site_packages() -> Path:
    """The package directory, or where it would be."""
    return next(iter(sorted(VENV.glob("lib/python3*/site-packages"))), VENV)


def _end_leftovers(state: State) -> None:
    if not state.secrets_file.exists():
        return
    for name in ("main.lock", "users.lock"):
        lock = FileLock(state.root / name)
        if not lock.try_exclusive():
            raise LaunchError(f"Something still runs on {state.root}. Stop it first.")
        lock.release()
    Services(state=state).clear()
