"""The embedded Valkey server (the message broker). It keeps nothing: every job is a row in PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from practice.launch import ports, processes
from practice.launch.binaries import valkey_program
from practice.launch.console import LaunchError, tail
from practice.launch.paths import Account

START_TRIES = 5
START_SECONDS = 10.0


@dataclass(frozen=True)
class Broker:
    """Where Valkey runs and as whom."""

    home: Path
    log: Path
    account: Account | None

    def start(self, *, password: str, port: int | None = None) -> tuple[int, int]:
        """Start the server on `port`, if free, else on another; returns (port, process id)."""
        folder = self.home / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        wanted = port if port and ports.is_free(port) else None
        for _ in range(START_TRIES):
            port, wanted = wanted or ports.free_port(), None
            process = self._launch(folder, config=_config(folder, port=port, password=password))
            if ports.wait_for(port, seconds=START_SECONDS) and process.poll() is None:
                return port, process.pid
            if process.poll() is None:
                process.kill()
            process.wait()
            if ports.is_free(port):
                break
        raise LaunchError(f"Starting Valkey failed. The end of {self.log}:\n{tail(self.log)}")

    def _launch(self, folder: Path, *, config: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [str(valkey_program()), "-"],  # settings by standard input: the password shows nowhere
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
                umask=0o077,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(config.encode())
                process.stdin.close()
        return process


def _config(folder: Path, *, port: int, password: str) -> str:
    return "\n".join(
        (
            f"bind {ports.LOOPBACK}",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{folder}"',
            'save ""',
            "appendonly no",
            "daemonize no",
            "",
        )
    )


def stop(pid: int, *, mark: str, seconds: float = 3.0) -> None:
    """Stop the server with this id, if it still is the process that was started."""
    if not mark or processes.birth(pid) != mark or not processes.alive(pid):
        return
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if processes.wait_until(lambda: _gone(pid), seconds=seconds):
            return


def _gone(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # reap it when it is our own child
    return not processes.alive(pid)
