"""The weeks of a template as they are typed and drawn: checks, copies, hours by kind of visit. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPEN, HELD, ADMIN = "open", "held", "admin"
KINDS = (OPEN, HELD, ADMIN)


class WeekError(ValueError):
    """A week that cannot be: ``row`` is the place of the block that is wrong, from 0."""

    def __init__(self, message: str, *, row: int, field: str = "starts_at") -> None:
        super().__init__(message)
        self.message, self.row, self.field = message, row, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBlock:
    """A stretch of a template's week. ``cycle_week`` None is every week; ``types`` none is every kind of visit."""

    weekday: int
    starts_at: time
    ends_at: time
    kind: str = OPEN
    cycle_week: int | None = None
    capacity: int | None = None
    release_hours_before: int | None = None
    label: str = ""
    types: frozenset[uuid.UUID] = frozenset()

    @property
    def minutes(self) -> int:
        """How long it is on a day without a change of clocks."""
        return minute_of(self.ends_at) - minute_of(self.starts_at)


def minute_of(at: time) -> int:
    """Minutes since midnight on the wall clock."""
    return at.hour * 60 + at.minute


def monday_of(day: date) -> date:
    """The Monday of a day's week: where a cycle is counted from."""
    return day - timedelta(days=day.weekday())


def cycle_week_of(day: date, *, anchor: date, weeks: int) -> int:
    """Which week of the cycle a day lies in, 1 to ``weeks``; days before the anchor count backwards."""
    return (monday_of(day) - monday_of(anchor)).days // 7 % weeks + 1


def checked(blocks: Sequence[WeekBlock], *, weeks: int) -> list[WeekBlock]:
    """The blocks in order. Raises WeekError with the row for a block that ends before it begins, lies in no week of
    the cycle, takes nobody, or overlaps another.
    """
    for row, block in enumerate(blocks):
        _one(block, row=row, weeks=weeks)
    numbered = sorted(enumerate(blocks), key=lambda each: (each[1].weekday, each[1].starts_at))
    for week in range(1, weeks + 1):
        last: WeekBlock | None = None
        for row, block in numbered:
            if block.cycle_week not in (None, week):
                continue
            if last is not None and last.weekday == block.weekday and block.starts_at < last.ends_at:
                day = DAYS[block.weekday]
                raise WeekError(f"{day}: this overlaps the block before it.", row=row)
            last = block
    return [block for _, block in numbered]


def _one(block: WeekBlock, *, row: int, weeks: int) -> None:
    if not 0 <= block.weekday <= 6:
        raise WeekError("Choose a day of the week.", row=row, field="weekday")
    if block.ends_at <= block.starts_at:
        raise WeekError("Enter an end after the beginning.", row=row, field="ends_at")
    if block.kind not in KINDS:
        raise WeekError("Choose open, held or blocked.", row=row, field="kind")
    if block.cycle_week is not None and not 1 <= block.cycle_week <= weeks:
        raise WeekError(f"Choose one of the {weeks} weeks.", row=row, field="cycle_week")
    if block.capacity is not None and not 1 <= block.capacity <= 50:
        raise WeekError("Enter 1 to 50 visits at one time.", row=row, field="capacity")
    if block.release_hours_before is not None and not 0 <= block.release_hours_before <= 24 * 30:
        raise WeekError("Enter 0 to 720 hours.", row=row, field="release_hours_before")


def day_copied(
    blocks: Iterable[WeekBlock], *, weekday: int, to: Iterable[int], cycle_week: int | None = None
) -> list[WeekBlock]:
    """The week with one day's blocks on other days too, in place of what stood there.

    With ``cycle_week`` only that week's own blocks are copied and replaced.
    """
    days = {day for day in to if day != weekday}

    def meant(block: WeekBlock) -> bool:
        return cycle_week is None or block.cycle_week == cycle_week

    kept = [block for block in blocks if not (block.weekday in days and meant(block))]
    source = [block for block in kept if block.weekday == weekday and meant(block)]
    return kept + [replace(block, weekday=day) for day in sorted(days) for block in source]


def week_copied(blocks: Iterable[WeekBlock], *, week: int, to: int) -> list[WeekBlock]:
    """The cycle with one week's own blocks in another week too, in place of what stood there."""
    kept = [block for block in blocks if block.cycle_week != to or to == week]
    if to == week:
        return kept
    return kept + [replace(block, cycle_week=to) for block in kept if block.cycle_week == week]


def weekly_minutes(blocks: Iterable[WeekBlock], *, weeks: int) -> int:
    """Open and held minutes of an average week."""
    total = 0
    for block in blocks:
        if block.kind != ADMIN:
            total += block.minutes * (weeks if block.cycle_week is None else 1)
    return total // weeks
