"""The command line: the list of commands and the way into each."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from practice.launch.console import LaunchError, say, warn
from practice.launch.paths import ROOT

INTERRUPTED = 130


class Stop(KeyboardInterrupt):
    """Ctrl-C, SIGTERM or a closed terminal (SIGINT too: a background shell starts us with it ignored)."""


@dataclass(frozen=True)
class Command:
    """A word after ./run, its line in the list, and the module whose `main(argv)` carries it out.

    `needs`: a pattern below the repository; the command is offered only where a file matches.
    `management`: runs this management command instead of a module of ours.
    """

    name: str
    line: str
    module: str = "managing"
    needs: str = ""
    management: str = ""


COMMANDS = (
    Command("demo", "start Wellrun with demo data  [--port N] [--check] [--reset]", module="demo"),
    Command("test", "run the gates, or the tests named  [PATH|APP ...] [--deep NAME]", module="gates"),
    Command("dev", "start a development server that reloads  [--port N] [--reset]", module="dev"),
    Command("lint", "check style, types and imports", module="lint"),
    Command("doctor", "show versions and what is missing", module="doctor"),
    Command("bench", "measure speed", module="bench", needs="bench/__main__.py"),
    Command(
        "check-invariants",
        "prove that ledger, open items and books agree",
        needs="*/management/commands/check_invariants.py",
        management="check_invariants",
    ),
    Command(
        "verify-audit",
        "prove that the audit trail is untouched",
        needs="*/management/commands/verify_audit.py",
        management="verify_audit",
    ),
    Command(
        "backup",
        "write one sealed file of everything but the keys  [--to DIR] [--keep N]",
        management="backup",
    ),
    Command(
        "restore", "bring a backup back, or prove that one could  FILE --into DIR | --drill", module="restore"
    ),
    Command(
        "export-practice",
        "write everything of one practice into a ZIP  SLUG --to DIR [--sealed-values]",
        management="export_practice",
    ),
    Command(
        "destroy-practice",
        "destroy one practice after two approvals and a wait  SLUG [--phrase ...]",
        management="destroy_practice",
    ),
    Command("manage", "run a management command  COMMAND [ARGUMENTS ...]"),
    Command("lock", "make the dependency locks again from pyproject.toml", module="relock"),
    Command("clean", "remove data, caches and build output  [--yes]", module="clean"),
)


def offered(*, root: Path = ROOT) -> list[Command]:
    """The commands that work in this checkout."""
    return [command for command in COMMANDS if not command.needs or any(root.glob(command.needs))]


def listing(commands: Sequence[Command]) -> str:
    """The text of `./run` alone."""
    width = max(len(command.name) for command in commands)
    lines = [f"  ./run {command.name:<{width}}  {command.line}" for command in commands]
    return "\n".join(("Wellrun: the back office of a medical practice.", "", *lines))


def main(argv: Sequence[str]) -> int:
    """Carry out a command line; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    commands = {command.name: command for command in offered()}
    if not argv or argv[0] in {"help", "--help", "-h"}:
        say(listing(list(commands.values())))
        return 0
    command = commands.get(argv[0])
    if command is None:
        warn(f"./run {argv[0]}: there is no such command.\n\n{listing(list(commands.values()))}")
        return 2
    words = [command.management, *argv[1:]] if command.management else list(argv[1:])
    entry: Callable[[Sequence[str]], int] = importlib.import_module(f"practice.launch.{command.module}").main
    try:
        return entry(words)
    except LaunchError as error:
        warn(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) went away; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _interrupt(number: int, _frame: object) -> None:
    raise Stop(number)
