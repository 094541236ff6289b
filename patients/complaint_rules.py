"""Pure rules of complaints: which stage may follow which."""

from __future__ import annotations

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
