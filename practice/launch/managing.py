"""`./run manage ...`: Django's commands on the demo's or the developer's database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from practice.launch import venv
from practice.launch.console import LaunchError, warn
from practice.launch.environment import manage
from practice.launch.locks import FileLock
from practice.launch.paths import State, state_for
from practice.launch.services import open_services

# What changes or reads the schema itself; everything else runs as a worker would.
OWNER_COMMANDS = frozenset(
    {
        "migrate",
        "makemigrations",
        "sqlmigrate",
        "squashmigrations",
        "optimizemigration",
        "showmigrations",
        "createcachetable",
        "flush",
        "dbshell",
        "sqlflush",
        "inspectdb",
        # The chain of people belongs to no practice; retirement and epochs change what nobody else may.
        "verify_audit",
        "audit_epoch",
        "retire_audit",
    }
)


def role_for(command: str) -> str:
    """The database role a management command runs as."""
    return "owner" if command in OWNER_COMMANDS else "jobs"


def is_served(state: State) -> bool:
    """Whether ./run demo or ./run dev runs in this state."""
    lock = FileLock(state.root / "main.lock")
    if not state.root.is_dir() or lock.try_exclusive():
        lock.release()
        return False
    return True


def chosen_state() -> State:
    """WELLRUN_MODE's state; else the one that runs; else the one that exists; else the developer's."""
    wanted = os.environ.get("WELLRUN_MODE", "")
    if wanted:
        if wanted not in {"demo", "dev"}:
            raise LaunchError("./run manage works on WELLRUN_MODE=demo or WELLRUN_MODE=dev.")
        return state_for(wanted)
    kept = [state_for("demo"), state_for("dev")]
    for state in kept:
        if is_served(state):
            return state
    return next((state for state in kept if state.secrets_file.exists()), kept[1])


def main(argv: Sequence[str]) -> int:
    """Run one management command; its exit code is ours."""
    if not venv.is_installed(venv.DEV):
        venv.ensure(venv.RUNTIME)
    state = chosen_state()
    words = list(argv) or ["help"]
    with open_services(state) as services:
        if os.isatty(2):
            warn(f"(on the {state.mode} data in {state.root})")
        env = services.environment(role=os.environ.get("WELLRUN_ROLE") or role_for(words[0]))
        # Relative paths mean the directory the person stands in, not the repository.
        return _run(manage(*words), env=env, cwd=Path(os.environ.get("WELLRUN_CWD") or "."))


def _run(argv: list[str], *, env: dict[str, str], cwd: Path) -> int:
    """Run in the foreground; on Ctrl-C let the command end by itself first."""
    process = subprocess.Popen(argv, env=env, cwd=cwd)
    try:
        return process.wait()
    except KeyboardInterrupt:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        raise
