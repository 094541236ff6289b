"""The booking line: what a person types on one line, understood word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

PARTS = {"am": "am", "morning": "am", "mornings": "am", "pm": "pm", "afternoon": "pm", "afternoons": "pm"}
YEARS = (1900, 2199)  # a day outside has no week before or after that could be shown
WEEKS = re.compile(r"^\+(\d{1,2})w$")
TIME_FORMATS = ("%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H:%M")


@dataclass(frozen=True, slots=True)
class Line:
    """A booking line: words of the patient, code of the visit type, part of the day, days from now, @provider, and
    whether the time is only held.
    """

    who: str = ""
    code: str = ""
    part: str = ""
    days: int = 0
    provider: str = ""
    hold: bool = False

    @property
    def how(self) -> str:
        """The line without the patient's words: what stays when the patient is chosen."""
        weeks = {0: "", 1: "tomorrow"}.get(self.days, f"+{self.days // 7}w")
        provider = f"@{self.provider}" if self.provider else ""
        words = (self.code, self.part, weeks, provider, "hold" if self.hold else "")
        return " ".join(word for word in words if word)


def read_line(text: str, *, codes: Collection[str], patient_known: bool) -> Line:
    """Understand "smith 1980 fu tomorrow am @okafor hold"; a code and "hold" count only after a word of the patient."""
    who: list[str] = []
    found: dict[str, str | int | bool] = {}
    for written in text.split():
        word = written.lower()
        weeks = WEEKS.match(word)
        if word in codes and (patient_known or who):
            found["code"] = word
        elif word == "hold" and (patient_known or who):
            found["hold"] = True
        elif word in PARTS:
            found["part"] = PARTS[word]
        elif word == "tomorrow":
            found["days"] = 1
        elif weeks:
            found["days"] = 7 * int(weeks[1])
        elif word.startswith("@"):
            found["provider"] = word[1:]
        elif word not in ("today",):
            who.append(written)
    return Line(who=" ".join(who), **found)  # type: ignore[arg-type]


def read_time(text: str) -> time | None:
    """ "2:10 PM", "2 pm" or "14:10"; None for anything else."""
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(text.strip().upper(), form).time()
        except ValueError:
            continue
    return None


def day_from(text: str, *, default: date) -> date:
    """An ISO day from an address, the default for anything else and for days outside of this and the next century."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return default
    return found if YEARS[0] <= found.year <= YEARS[1] else default


def day_label(day: date, *, today: date) -> str:
    """ "Today", "Tue" within the week, "Mar 24" later."""
    if day == today:
        return "Today"
    return f"{day:%a}" if day - today < timedelta(days=7) else f"{day:%b} {day.day}"
