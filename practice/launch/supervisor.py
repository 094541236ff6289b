"""Starting our own processes, starting them again when they die, stopping them in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from practice.launch import processes
from practice.launch.console import say
from practice.launch.paths import ROOT
from practice.launch.services import Services, update_runtime

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_SECONDS = 60.0  # having run this long, a process that dies starts again with the short pause
STOP_SECONDS = 11.0  # for all of them together; the database needs the rest of the promised 15
LOG_BYTES = 5_000_000
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Spec:
    """One process: what to run, and how many seconds it may take to end by itself."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    grace: float


@dataclass
class _Child:
    spec: Spec
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0


class Supervisor:
    """Keeps a list of processes alive. They stop in the order in which they were added."""

    def __init__(self, *, services: Services) -> None:
        self._services = services
        self._state = services.state
        self._children: list[_Child] = []
        self._services_again_at = 0.0

    def add(self, specs: Iterable[Spec]) -> None:
        """Start processes."""
        for spec in specs:
            child = _Child(spec)
            self._children.append(child)
            self._launch(child)

    def log(self, name: str) -> Path:
        """The log file of a process."""
        return self._state.logs / f"{name}.log"

    def has_died(self, name: str) -> bool:
        """Whether the process of that name is not running now."""
        return any(
            c.spec.name == name and (c.process is None or c.process.poll() is not None)
            for c in self._children
        )

    def look(self) -> None:
        """One round: restart what has died, each after a pause that doubles."""
        now = time.monotonic()
        if now >= self._services_again_at:
            self._services_again_at = now + 2.0
            for name in self._services.keep_running():
                say(f"{name} had stopped and was started again.")
        for child in self._children:
            if child.process is not None and (code := child.process.poll()) is not None:
                self._plan_restart(child, code=code, now=now)
            if child.process is None and now >= child.again_at:
                self._launch(child)

    def restart(self, names: Iterable[str]) -> None:
        """Stop and start processes at once (their code has changed)."""
        wanted = set(names)
        for child in self._children:
            if child.spec.name in wanted:
                self._end(child, until=time.monotonic() + child.spec.grace)
                self._launch(child)

    def stop(self) -> None:
        """End every process, in order, within STOP_SECONDS altogether."""
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            self._end(child, until=min(deadline, time.monotonic() + child.spec.grace))
        self._children.clear()
        self._remember()

    def _plan_restart(self, child: _Child, *, code: int, now: float) -> None:
        if now - child.started >= STEADY_SECONDS:
            child.pause = FIRST_PAUSE
        child.process, child.again_at = None, now + child.pause
        say(
            f"{child.spec.name} ended (exit {code}); starting it again in {child.pause:.0f} s. "
            f"Its log: {self.log(child.spec.name)}"
        )
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _launch(self, child: _Child) -> None:
        log = self.log(child.spec.name)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            child.process = subprocess.Popen(
                child.spec.argv,
                cwd=ROOT,
                env=dict(child.spec.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C reaches the launcher only, which then stops them in order
                umask=0o077,
            )
        child.started = time.monotonic()
        self._remember()

    def _remember(self) -> None:
        """Write the ids down, so that the next start can clear up after a crash of this one."""
        running = {
            c.spec.name: c.process.pid for c in self._children if c.process and c.process.poll() is None
        }
        update_runtime(
            self._state, children={n: [pid, processes.birth(pid)] for n, pid in running.items()} or None
        )

    def _end(self, child: _Child, *, until: float) -> None:
        process, child.process = child.process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(until - time.monotonic(), 0.1))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever is left of its group
        process.wait()
