"""What a column of a sheet holds: how full it is, what its values look like, which of them do not fit."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kit.sheet_reader.dates import AMBIGUOUS, EPOCH, FORMS, form_of, forms_of
from kit.sheet_reader.tables import Sheet
from kit.sheet_reader.values import KINDS, WORDS, is_short_zip
from kit.words import counted

ROWS, DISTINCT, SAMPLES, COMMON, ODD = 5_000, 1_000, 3, 30, 3
MOST = 0.9  # a column is what nine in ten of its values are
MANY = 0.6  # and what its heading says when six in ten agree
DATE_WORDS = ("date", "dob", "birth", "day", "born", "from", "to", "start", "end", "since", "until", "posted")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A column in figures and words. ``form`` is the form of its dates; ``common`` its values when they are few."""

    heading: str
    position: int
    rows: int
    filled: int
    distinct: int
    samples: tuple[str, ...]
    looks: str
    form: str = ""
    notes: tuple[str, ...] = ()
    common: tuple[tuple[str, int], ...] = ()

    @property
    def words(self) -> str:
        """What the column looks like."""
        return WORDS[self.looks]


@dataclass
class _Column:
    """Counts of one column while the rows go by."""

    heading: str
    position: int
    rows: int = 0
    filled: int = 0
    values: Counter[str] = field(default_factory=Counter)
    first_row: dict[str, int] = field(default_factory=dict)

    def see(self, text: str, *, row: int) -> None:
        self.rows += 1
        if text:
            self.filled += 1
            if text in self.values or len(self.values) <= DISTINCT:
                self.values[text] += 1
                self.first_row.setdefault(text, row)

    def profile(self) -> Profile:
        looks, form, notes = self._looks()
        few = looks in ("choice", "yes_no") or (
            looks in ("text", "number") and len(self.values) <= COMMON // 2
        )
        return Profile(
            heading=self.heading,
            position=self.position,
            rows=self.rows,
            filled=self.filled,
            distinct=len(self.values),
            samples=tuple(value[:80] for value in itertools.islice(self.values, SAMPLES)),
            looks=looks,
            form=form,
            notes=tuple(notes),
            common=tuple((text[:200], count) for text, count in self.values.most_common(COMMON))
            if few
            else (),
        )

    def _looks(self) -> tuple[str, str, list[str]]:
        if not self.filled:
            return "empty", "", ["Every cell is empty"]
        if dates := self._dates():
            return dates
        for kind, looks in KINDS:
            fits = {value for value in self.values if looks(value)}
            if kind == "zip" and not self._is_of_zips(fits):
                continue  # five digits are an account, an id or a ZIP code: the heading says which
            short = self._short_zips(fits) if kind == "zip" else set()
            if self._share(fits | short) >= MOST and (fits or short):
                notes = self._odd(fits | short, what=WORDS[kind].lower())
                if short:
                    said = counted(
                        sum(self.values[v] for v in short), one="ZIP code has", many="ZIP codes have"
                    )
                    notes.insert(
                        0, f"{said} lost a leading zero, which is put back: {min(short)} is 0{min(short)}"
                    )
                return kind, "", notes
        repeat = len(self.values) <= 12 and self.filled >= 2 * len(self.values)
        return ("choice" if repeat else "text"), "", []

    def _share(self, fits: set[str]) -> float:
        return sum(self.values[value] for value in fits) / max(sum(self.values.values()), 1)

    def _short_zips(self, fits: set[str]) -> set[str]:
        """Numbers of three or four digits among ZIP codes."""
        return {value for value in self.values if is_short_zip(value)} - fits

    def _is_of_zips(self, fits: set[str]) -> bool:
        named = any(word in self.heading.casefold() for word in ("zip", "postal", "postcode"))
        return named or any("-" in value for value in fits)

    def _dates(self) -> tuple[str, str, list[str]] | None:
        forms = {value: forms_of(value) for value in self.values}
        named = any(word in self.heading.casefold().replace("_", " ").split() for word in DATE_WORDS) or any(
            word in self.heading.casefold() for word in ("date", "dob", "birth")
        )
        if not named:  # numbers are day numbers or eight digits only where the heading speaks of days
            forms = {value: found - {"serial", "ymd"} for value, found in forms.items()}
        dated = {value for value, found in forms.items() if found}
        if self._share(dated) < (MANY if named else MOST):
            return None
        form, _, other = form_of((found, self.values[value]) for value, found in forms.items())
        notes = [FORMS.get(form, "")] if form not in (AMBIGUOUS, "iso") else []
        if form == AMBIGUOUS:
            form = "mdy"
            shown = next(value for value, found in forms.items() if "dmy" in found and found != {"iso"})
            notes = [
                f"Every day is 12 or less, so {shown[:20]} can be read two ways. Read as month first: check it"
            ]
        if form == "serial":
            shown = next(value for value in self.values if "serial" in forms[value])
            notes = [
                f"Excel's day numbers: {shown} is {EPOCH.fromordinal(EPOCH.toordinal() + int(float(shown)))}"
            ]
        if other:
            notes.append(
                f"{counted(other, one='date is', many='dates are')} in another form and will be refused"
            )
        return "date", form, notes + self._odd(dated, what="dates")

    def _odd(self, fits: set[str], *, what: str) -> list[str]:
        """The first values that are not what the others are, with their rows."""
        odd = [value for value in self.values if value not in fits]
        if not odd:
            return []
        shown = ", ".join(f"row {self.first_row[value]:,} “{value[:30]}”" for value in odd[:ODD])
        more = f" and {len(odd) - ODD:,} more" if len(odd) > ODD else ""
        return [f"Not {what}: {shown}{more}"]


def profile_of(sheet: Sheet, *, rows: int = ROWS) -> list[Profile]:
    """A profile of every column, from the first rows. Raises DomainError as the sheet itself does."""
    columns: Sequence[_Column] = [
        _Column(heading=heading, position=place) for place, heading in enumerate(sheet.headings, start=1)
    ]
    for row in itertools.islice(sheet.rows(), rows):
        for column in columns:
            column.see(row.values[column.heading], row=row.number)
    return [column.profile() for column in columns]
