"""File locks between launcher processes. The kernel drops them when a process dies, so none goes stale."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class FileLock:
    """An advisory lock on a file: exclusive for one holder, or shared by several users."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def try_exclusive(self) -> bool:
        """Take the lock alone; False at once when anybody else holds it."""
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def share(self) -> None:
        """Hold the lock together with others (waits for an exclusive holder)."""
        self._take(fcntl.LOCK_SH)

    def wait_exclusive(self) -> None:
        """Take the lock alone, waiting for everybody else."""
        self._take(fcntl.LOCK_EX)

    def release(self) -> None:
        """Let go; harmless when nothing is held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _take(self, how: int) -> bool:
        if self._fd is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, how)
        except BlockingIOError:
            self.release()
            return False
        return True


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Run the block while no other process runs a block on the same file."""
    lock = FileLock(path)
    lock.wait_exclusive()
    try:
        yield
    finally:
        lock.release()
