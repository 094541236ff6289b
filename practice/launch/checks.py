"""The static gates: what they are called and how they are run."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from practice.launch.console import say
from practice.launch.environment import manage
from practice.launch.paths import ROOT, VENV


@dataclass(frozen=True)
class Gate:
    """One check: its name and command line."""

    name: str
    argv: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a gate ended and how long it took."""

    name: str
    passed: bool
    seconds: float


def _program(name: str) -> str:
    return str(VENV / "bin" / name)


def static_gates() -> list[Gate]:
    """Style, format, types and the import ladder."""
    return [
        Gate("ruff check", (_program("ruff"), "check", ".")),
        Gate("ruff format", (_program("ruff"), "format", "--check", ".")),
        Gate("mypy", (_program("mypy"), ".")),
        Gate("import-linter", (_program("lint-imports"),)),
    ]


def database_gates() -> list[Gate]:
    """What needs a database: no model may change without its migration, and none may stop a running release."""
    return [
        Gate("migrations", tuple(manage("makemigrations", "--check", "--dry-run"))),
        Gate("migrations without downtime", tuple(manage("check_migrations"))),
    ]


def run_gate(gate: Gate, *, env: Mapping[str, str]) -> Outcome:
    """Run one gate with its output on the terminal."""
    say(f"\n== {gate.name}")
    started = time.monotonic()
    done = subprocess.run(gate.argv, cwd=ROOT, env=env, check=False)
    return Outcome(gate.name, passed=done.returncode == 0, seconds=time.monotonic() - started)


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line per gate with its time."""
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [
        f"  {'ok    ' if outcome.passed else 'FAILED'}  {outcome.name:<{width}}  {outcome.seconds:6.1f} s"
        for outcome in outcomes
    ]
    return "\n".join(("", "== gates", *lines))
