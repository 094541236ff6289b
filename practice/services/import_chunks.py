"""A step's worth of rows, who takes them, and what a plan of an import is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import models

from kit.sheet_reader import BadField, Row
from practice import jobs
from practice.actor import Actor
from practice.models import ImportRun
from practice.selectors.days import practice_today
from practice.services.sequences import next_number, next_texts


@dataclass(frozen=True)
class Refused:
    """A row that was not taken."""

    row: Row
    field: str
    message: str


@dataclass
class Chunk:
    """Rows of one file in one transaction, and the counts they add."""

    actor: Actor
    rows: Sequence[Row]
    run: ImportRun
    zone: str
    rehearsal: bool = False
    new: int = 0
    changed: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, row: Row, *, error: BadField) -> None:
        """Note that a row cannot be taken and why."""
        self.refused.append(Refused(row=row, field=error.field[:200], message=error.message[:500]))

    def numbers(self, name: str, *, count: int) -> list[int]:
        """Numbers of a sequence."""
        if not count:
            return []
        first = next_number(name, actor=self.actor, count=count)
        return list(range(first, first + count))

    def texts(self, series: str, *, count: int) -> list[str]:
        """The same for a series whose numbers the practice writes its own way."""
        if not count:
            return []
        return next_texts(series, on=practice_today(self.actor), actor=self.actor, count=count)


class Taker(Protocol):
    """Takes the chunks of one file, in order."""

    def take(self, chunk: Chunk) -> None:
        """Write what a chunk means and count it."""

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        """Remember rows that an earlier run has taken; ``refused`` are the rows it refused."""

    def finish(self, chunk: Chunk) -> None:
        """The file is at its end."""


@dataclass(frozen=True)
class Plain:
    """A Taker whose rows do not depend on each other."""

    function: Callable[[Chunk], None]

    def take(self, chunk: Chunk) -> None:
        self.function(chunk)

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        for _ in rows:
            pass

    def finish(self, chunk: Chunk) -> None:
        """Nothing waits."""


@dataclass(frozen=True)
class FileKind:
    """A file of an import: its name, who takes it, and the columns without which it cannot be read."""

    name: str
    taker: Callable[[], Taker]
    columns: tuple[str, ...] = ()


class Plan(Protocol):
    """How the files of one run are taken; made anew by every process that carries it on.

    ``step_rows`` at a time, each step in a transaction of its own; ``fills`` are tables whose size the planner should
    learn after each file. ``follow_up`` works in steps of its own, ``conclude`` inside the last one.
    """

    step_rows: int
    fills: Sequence[type[models.Model]]

    def kinds(self) -> Sequence[FileKind]: ...

    def rows(self, name: str) -> Iterator[Row]: ...

    def follow_up(self, job: jobs.Job) -> None: ...

    def conclude(self, run: ImportRun, *, actor: Actor) -> None: ...
