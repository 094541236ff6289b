"""Looking at and ending processes this launcher started, and only those."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process with this id exists and is not a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def birth(pid: int) -> str:
    """A mark of when the process started: with the id it names one process for good. Empty if gone."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return _ps(pid, column="lstart")


def command(pid: int) -> str:
    """The command line of a process; empty if gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return _ps(pid, column="command")


def _ps(pid: int, *, column: str) -> str:
    with contextlib.suppress(OSError):
        done = subprocess.run(
            ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()
    return ""


def wait_until(gone: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for a condition; False when the time is up."""
    until = time.monotonic() + seconds
    while not gone():
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def end_group(pid: int, *, mark: str, seconds: float = 5.0) -> None:
    """End a leftover process group that an earlier launcher started, if `pid` is still that process."""
    if not mark or not alive(pid) or birth(pid) != mark:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not alive(pid), seconds=seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
