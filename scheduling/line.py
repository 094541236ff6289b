"""The booking line: what a person types on one line, understood word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from patients.rules import read_day

PARTS = {"am": "am", "morning": "am", "mornings": "am", "pm": "pm", "afternoon": "pm", "afternoons": "pm"}
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        ("mon monday", "tue tues tuesday", "wed wednesday", "thu thur thurs thursday", "fri friday", "sat saturday",
         "sun sunday")
    )
    for word in words.split()
}  # fmt: skip
FILLING = ("next", "on", "from")
DAY = re.compile(r"^\d{1,2}/\d{1,2}(/\d{2}|/\d{4})?$")
YEARS = (1900, 2199)  # a day outside has no week before or after that could be shown
WEEKS = re.compile(r"^\+(\d{1,2})w$")
TIME_FORMATS = ("%I:%M %p", "%I %p", "%H:%M")
NO_COLON = re.compile(r"^(\d{1,2})(\d\d)\s(?=[AP]M$)")
HALF = re.compile(r"\s*([AP])\.?\s?(?:M\.?)?$")


@dataclass(frozen=True, slots=True)
class Line:
    """A booking line: words of the patient, code of the visit type, part of the day, days from now, @provider, whether
    the time is only held, and once the patient is chosen a weekday or a day ("mon", "12/15").
    """

    who: str = ""
    code: str = ""
    part: str = ""
    days: int = 0
    provider: str = ""
    hold: bool = False
    on: str = ""

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
        elif patient_known and (word in WEEKDAYS or _is_day(word)):
            found["on"] = word
        elif word.startswith("@"):
            found["provider"] = word[1:]
        elif word != "today" and not (patient_known and word in FILLING):
            who.append(written)
    return Line(who=" ".join(who), **found)  # type: ignore[arg-type]


def _is_day(word: str) -> bool:
    return bool(DAY.match(word) and (read_day(word) or read_day(f"{word}/2024")))


def first_day(line: Line, *, start: date) -> date:
    """From which day on a line asks for openings; ``start`` is the day on screen, and never before today."""
    if line.on in WEEKDAYS:
        start += timedelta(days=(WEEKDAYS[line.on] - start.weekday()) % 7)
    elif line.on:
        years = ("",) if line.on.count("/") > 1 else (f"/{start.year}", f"/{start.year + 1}")
        days = [read_day(line.on + year) for year in years]
        start = next((day for day in days if day and start <= day and day.year <= YEARS[1]), start)
    return start + timedelta(days=line.days)


def read_time(text: str) -> time | None:
    """ "2:10 PM", "2 p.m.", "210p" or "14:10"; None for anything else."""
    plain = NO_COLON.sub(r"\1:\2 ", HALF.sub(r" \1M", text.strip().upper()))
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(plain, form).time()
        except ValueError:
            continue
    return None


def day_from(text: str, *, default: date) -> date:
    """The day an address or a person names, the default for anything else."""
    return typed_day(text) or default


def typed_day(text: str) -> date | None:
    """A day as an address or a person writes it; None for anything else and for years that no schedule has."""
    found = read_day(text.strip())
    return found if found and YEARS[0] <= found.year <= YEARS[1] else None


def day_label(day: date, *, today: date) -> str:
    """ "Today", "Tue" within the week, "Mar 24" later."""
    if day == today:
        return "Today"
    return f"{day:%a}" if day - today < timedelta(days=7) else f"{day:%b} {day.day}"
