"""What takes long to build is built once a run: afterwards, and in other workers, rows and files are put back."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.cast import owner_cursor, snapshot


def once(name: str, make: Callable[[], None]) -> None:
    """``make`` commits something on the bare cast; ``name`` is a few letters. On anything else it is simply made."""
    if not snapshot().stands("cast"):
        make()
        return
    shelf = Path(os.environ["WELLRUN_STATE"]) / "told" / name
    folders = [Path(each) for each in (settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING)]
    if name not in snapshot().kept:
        with _alone(shelf):
            if not shelf.is_dir():
                make()
                snapshot().keep(name)
                _put(shelf, name=name, folders=folders)
                return
        snapshot().take(name, shelf)
    connection.close()
    snapshot().restore(name)
    with owner_cursor() as cursor:
        cursor.execute("ANALYZE")
    for place, folder in enumerate(folders):
        if (shelf / str(place)).is_dir():
            shutil.copytree(shelf / str(place), folder, dirs_exist_ok=True)


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """Whoever comes first builds, the other workers wait."""
    shelf.parent.mkdir(exist_ok=True)
    with shelf.with_suffix(".lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _put(shelf: Path, *, name: str, folders: list[Path]) -> None:
    """Rows and files, whole or not at all."""
    half = shelf.with_suffix(".half")
    half.mkdir()
    snapshot().write(name, half)
    for place, folder in enumerate(folders):
        if folder.is_dir():
            shutil.copytree(folder, half / str(place))
    half.rename(shelf)
