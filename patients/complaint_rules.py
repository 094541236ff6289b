"""Pure rules of complaints: which stage may follow which, and how deadlines are counted."""

from __future__ import annotations

from datetime import date, timedelta

# What may follow (DOMAIN.md 6). A small thing is settled on the spot and closed; a grievance is answered first.
STEPS: dict[str, tuple[str, ...]] = {
    "received": ("acknowledged", "investigating", "closed"),
    "acknowledged": ("investigating", "responded", "closed"),
    "investigating": ("responded", "closed"),
    "responded": ("investigating", "closed"),
    "closed": ("reopened",),
    "reopened": ("investigating", "responded"),
}
WRITTEN = ("letter", "email")
FRIDAY = 4


def before(stage: str) -> tuple[str, ...]:
    """The stages from which this one can be reached."""
    return tuple(given for given, following in STEPS.items() if stage in following)


def refusal(given: str, *, wanted: str, is_grievance: bool) -> str:
    """Why a stage cannot follow, in words; '' when it can."""
    if wanted not in STEPS[given]:
        return f"A complaint that is {given} cannot become {wanted}."
    if wanted == "closed" and is_grievance and given != "responded":
        return "A grievance is answered before it is closed (yardstick: 42 CFR 482.13): respond first."
    return ""


def is_grievance(channel: str, *, marked: bool) -> bool:
    """What came in writing is a grievance even when nobody marked it."""
    return marked or channel in WRITTEN


def add_business_days(day: date, *, days: int) -> date:
    """The day so many business days (Monday to Friday; no holidays) after a day. Zero gives the day itself."""
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() <= FRIDAY:
            days -= 1
    return day
