"""A week as a grid: seven columns, blocks at their times. What the editor and a version's own page draw."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kit import words
from scheduling.models import AppointmentType, TemplateBlock
from scheduling.rules.weeks import ADMIN, DAYS, HELD, WeekBlock, minute_of
from scheduling.selectors.grid import STEP, TONES, Block

FIRST, LAST = 7, 18  # hours shown at least
Kind = TemplateBlock.Kind


@dataclass(frozen=True)
class DayColumn:
    """A day of the week and its blocks."""

    number: int
    name: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def short(self) -> str:
        """ "Mon"."""
        return self.name[:3]


@dataclass(frozen=True, kw_only=True)
class WeekGrid:
    """One week of a cycle."""

    week: int
    first_hour: int
    hours: int
    columns: Sequence[DayColumn]

    @property
    def axis(self) -> list[tuple[int, str]]:
        """Step and label of each full hour."""
        return [
            (12 * number, f"{(hour % 12) or 12} {'AM' if hour < 12 else 'PM'}")
            for number, hour in enumerate(range(self.first_hour, self.first_hour + self.hours))
        ]


def grids(
    blocks: Sequence[WeekBlock], *, weeks: int, types: Mapping[uuid.UUID, AppointmentType]
) -> list[WeekGrid]:
    """Each week of the cycle with its own blocks and those of every week, all with the same hours."""
    first = min([FIRST, *(block.starts_at.hour for block in blocks)])
    last = max([LAST, *(block.ends_at.hour + bool(block.ends_at.minute) for block in blocks)])
    found = []
    for week in range(1, weeks + 1):
        columns = [DayColumn(number, name) for number, name in enumerate(DAYS)]
        for block in blocks:
            if block.cycle_week in (None, week):
                columns[block.weekday].blocks.append(_placed(block, first=first, types=types))
        found.append(WeekGrid(week=week, first_hour=first, hours=last - first, columns=columns))
    return found


def _placed(block: WeekBlock, *, first: int, types: Mapping[uuid.UUID, AppointmentType]) -> Block:
    kept = sorted((types[pk] for pk in block.types if pk in types), key=lambda each: each.name)
    names = ", ".join(each.name for each in kept)
    css = {ADMIN: "off", HELD: "sd"}.get(block.kind) or (TONES.get(kept[0].tone, "fu") if kept else "fu")
    said = f"{words.us_time(block.starts_at)} to {words.us_time(block.ends_at)}: {Kind(block.kind).label}"
    return Block(
        at=(minute_of(block.starts_at) - 60 * first) // STEP,
        steps=max(1, min(144, block.minutes // STEP)),
        css=css,
        label=block.label or names,
        kept=said + (f", {names}" if names else ""),
    )


def sentence(block: WeekBlock, *, types: Mapping[uuid.UUID, AppointmentType]) -> str:
    """ "8:00 AM to 12:00 PM, open, only New patient"."""
    parts = [
        f"{words.us_time(block.starts_at)} to {words.us_time(block.ends_at)}",
        str(Kind(block.kind).label).lower(),
    ]
    if block.types:
        names = sorted(types[pk].name for pk in block.types if pk in types)
        parts.append(f"only {', '.join(names)}")
    if block.capacity:
        parts.append(f"{block.capacity} at one time")
    if block.release_hours_before is not None and block.kind == HELD:
        hours = block.release_hours_before
        parts.append(f"opens {words.counted(hours, one='hour', many='hours')} before")
    if block.cycle_week is not None:
        parts.append(f"week {block.cycle_week}")
    if block.label:
        parts.append(block.label)
    return ", ".join(parts)
