"""The word that a worker is to stop, from its main process to those that run the jobs.

Celery tells its main process alone. The flag lives in memory that the forked ones share.
"""

from __future__ import annotations

import ctypes
from multiprocessing.sharedctypes import RawValue

_flag = RawValue(ctypes.c_bool, False)


def ask() -> None:
    """SIGTERM: jobs give their work back at their next step."""
    _flag.value = True


def forget() -> None:
    """A fresh worker (and a test) starts without."""
    _flag.value = False


def is_asked() -> bool:
    """Whether this worker is to stop."""
    return bool(_flag.value)
