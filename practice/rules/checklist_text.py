"""The steps of a checklist as text, one a line: for data files, the API and whoever likes to type.

tick: Unlock the front door
number: Refrigerator [36..46 °F]
file: Photo of the log (optional)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

KINDS = ("tick", "yes_no", "number", "text", "file")
MOST = 60
LINE = re.compile(
    r"^(?P<kind>[a-z_]+):\s*(?P<text>.+?)(?:\s*\[(?P<limits>[^\]]*)\])?(?P<optional>\s*\(optional\))?$"
)
LIMITS = re.compile(r"^(?P<lowest>-?[\d.]*)\.\.(?P<highest>-?[\d.]*?)(?:\s+(?P<unit>\S.*))?$")
UNIT, TEXT = 12, 200
MONEY = "$"
WIDEST = Decimal("99999999.99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, as it is meant."""

    text: str
    kind: str = "tick"
    lowest: Decimal | None = None
    highest: Decimal | None = None
    unit: str = ""
    required: bool = True


class StepError(ValueError):
    """What is wrong, as a sentence with the line."""


def parse(text: str) -> list[Step]:
    """Every line that is not empty. Raises StepError with the line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    steps = [_step(line, number=number) for number, line in lines]
    check(steps)
    return steps


def check(steps: list[Step]) -> None:
    """Refuse what could not be answered. Raises StepError."""
    if not steps:
        raise StepError("Enter at least one step.")
    if len(steps) > MOST:
        raise StepError(f"A checklist has at most {MOST} steps: make two of it.")
    for number, step in enumerate(steps, 1):
        problem = _problem(step)
        if problem:
            raise StepError(f"Step {number}: {problem}")


def write(steps: Iterable[Step]) -> str:
    """The text that ``parse`` reads."""
    return "\n".join(map(_line, steps))


def measured(number: Decimal, *, unit: str = "") -> str:
    """A reading in words: “38.5 °F”, “$1,204.50”, without needless zeros except in money."""
    if unit == MONEY:
        return f"{'−' if number < 0 else ''}${abs(number):,.2f}"
    return f"{number.normalize():f}{f' {unit}' if unit else ''}"


def is_outside(number: Decimal, *, lowest: Decimal | None, highest: Decimal | None) -> bool:
    """Whether a reading is beyond its limits; a limit itself is within."""
    return (lowest is not None and number < lowest) or (highest is not None and number > highest)


def _problem(step: Step) -> str:
    limits = [limit for limit in (step.lowest, step.highest) if limit is not None]
    if step.kind not in KINDS:
        return f"“{step.kind}” is none of {', '.join(KINDS)}."
    if not step.text or len(step.text) > TEXT:
        return f"enter a text of at most {TEXT} letters."
    if len(step.unit) > UNIT:
        return f"a unit has at most {UNIT} letters."
    if (limits or step.unit) and step.kind != "number":
        return "only a number has limits and a unit."
    if any(abs(limit) > WIDEST or limit != round(limit, 2) for limit in limits):
        return "a limit has at most two decimals."
    if len(limits) == 2 and limits[0] > limits[1]:
        return "the lowest value is above the highest."
    return ""


def _step(line: str, *, number: int) -> Step:
    found = LINE.match(line)
    if found is None:
        raise StepError(f"Line {number}: write it like “tick: Unlock the front door”.")
    limits = LIMITS.match(found["limits"].strip()) if found["limits"] is not None else None
    if found["limits"] is not None and limits is None:
        raise StepError(f"Line {number}: write limits like [36..46 °F].")
    try:
        return Step(
            text=found["text"],
            kind=found["kind"],
            lowest=_number(limits["lowest"]) if limits else None,
            highest=_number(limits["highest"]) if limits else None,
            unit=(limits["unit"] or "") if limits else "",
            required=not found["optional"],
        )
    except InvalidOperation:
        raise StepError(f"Line {number}: a limit is not a number.") from None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _line(step: Step) -> str:
    limits = ""
    if step.lowest is not None or step.highest is not None or step.unit:
        ends = [f"{end.normalize():f}" if end is not None else "" for end in (step.lowest, step.highest)]
        limits = f" [{'..'.join(ends)}{f' {step.unit}' if step.unit else ''}]"
    return f"{step.kind}: {step.text}{limits}{'' if step.required else ' (optional)'}"
