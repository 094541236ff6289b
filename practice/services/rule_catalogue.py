"""The shipped rules: what each is (``practice/data/rules.csv``) and its values with sources (``rule_values.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from practice.rules.dated import Definition, Entry
from practice.rules.units import Limits, measure, parse

DATA = Path(__file__).resolve().parent.parent / "data"
NAMES, VALUES = DATA / "rules.csv", DATA / "rule_values.csv"
# The area of a rule that only its values name; the suite asks for a title and an area.
ELSEWHERE = "Other"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {name: text or "" for name, text in row.items()}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _limit(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _definition(code: str, *, unit_words: str, row: dict[str, str]) -> Definition:
    unit, of = measure(unit_words)
    limits = Limits(
        least=_limit(row.get("least", "")),
        most=_limit(row.get("most", "")),
        choices=tuple(row.get("choices", "").split("|")) if row.get("choices") else (),
    )
    title = row.get("title") or code.replace(".", ": ").replace("_", " ").capitalize()
    return Definition(
        code=code, title=title, area=row.get("area") or ELSEWHERE, unit=unit, of=of, limits=limits
    )


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """What each rule is, by code, in the order of rules.csv."""
    described = {row["code"]: row for row in _rows(NAMES)}
    measured: dict[str, str] = {}
    for row in _rows(VALUES):
        if measured.setdefault(row["code"], row["unit"]).split(" ")[0] != row["unit"].split(" ")[0]:
            raise ValueError(f"{VALUES.name}: {row['code']} has two units")
    codes = [code for code in described if code in measured] + [c for c in measured if c not in described]
    return {code: _definition(code, unit_words=measured[code], row=described.get(code, {})) for code in codes}


@lru_cache(maxsize=1)
def shipped() -> dict[str, tuple[Entry, ...]]:
    """The shipped values of each rule. ValueError names a row that says what its rule cannot be."""
    found: dict[str, list[Entry]] = {}
    for row in _rows(VALUES):
        known = definitions()[row["code"]]
        try:
            value = parse(row["value"], unit=known.unit, limits=known.limits)
        except ValueError as error:
            raise ValueError(f"{VALUES.name}: {row['code']}: {error}") from error
        found.setdefault(row["code"], []).append(
            Entry(
                value=value,
                effective_from=date.fromisoformat(row["effective_from"]),
                effective_to=_day(row["effective_to"]),
                state=row.get("jurisdiction", ""),
                citation=row["citation"],
                verified_on=_day(row["verified_on"]),
            )
        )
    return {code: tuple(entries) for code, entries in found.items()}


def areas() -> list[str]:
    """The areas of the catalogue, in its order."""
    return list(dict.fromkeys(each.area for each in definitions().values()))
