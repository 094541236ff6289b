"""What the launcher says: progress lines, notes, and errors that name their cure."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

TAIL_LINES = 15


class LaunchError(Exception):
    """The command cannot go on. The message tells the reader what to do about it."""


def say(text: str = "", *, stream: TextIO | None = None) -> None:
    """Write one line at once, also when the output is a pipe."""
    out = stream or sys.stdout
    out.write(text + "\n")
    out.flush()


def warn(text: str) -> None:
    """Write one line to standard error."""
    say(text, stream=sys.stderr)


class Steps:
    """Numbered progress lines: `[3/9] Installing packages ... 4.1 s`."""

    def __init__(self, *, total: int, stream: TextIO | None = None) -> None:
        self.total = total
        self.number = 0
        self._stream = stream or sys.stdout
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Keep a remark for after the running step's line, so that it does not tear the line apart."""
        self._notes.append(text)

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show `title`, run the block, show how many seconds it took (or that it failed)."""
        self.number += 1
        self._stream.write(f"[{self.number}/{self.total}] {title} ... ")
        self._stream.flush()
        started = time.monotonic()
        try:
            yield
        except BaseException:
            self._stream.write("failed\n")
            self._flush_notes()
            raise
        self._stream.write(f"{time.monotonic() - started:.1f} s\n")
        self._flush_notes()

    def _flush_notes(self) -> None:
        for text in self._notes:
            self._stream.write(f"      {text}\n")
        self._notes.clear()
        self._stream.flush()


def tail(path: Path, *, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, indented; empty when there is none."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def run_logged(
    argv: Sequence[str],
    *,
    what: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a command with its output in `log`; raise LaunchError with the log's end when it fails.

    `what` is the sentence's subject: "Installing the packages".
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(argv)}\n".encode())
        out.flush()
        start = out.tell()
        try:
            done = subprocess.run(
                argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
            )
        except OSError as error:
            raise LaunchError(f"{what} could not start: {error}") from error
    if done.returncode != 0:
        with log.open("rb") as written:
            written.seek(start)
            text = written.read().decode("utf-8", errors="replace")
        shown = "\n".join(f"    {line}" for line in text.splitlines()[-TAIL_LINES:])
        raise LaunchError(f"{what} failed (exit {done.returncode}). Its last lines, from {log}:\n{shown}")


def confirm(question: str) -> bool:
    """Ask on the terminal; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    sys.stdout.write(f"{question} [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def is_root() -> bool:
    """Whether the launcher runs as root (and must give that up for the database)."""
    return os.geteuid() == 0
