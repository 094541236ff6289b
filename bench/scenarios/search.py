"""Patients by name, telephone, birth date and record number (G1, G2), and lists that do not grow (G5)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

from bench import queries
from bench.measure import Report, compare, race
from bench.servers import Caller
from bench.world import World, owner
from patients.rules import after_prefix
from patients.selectors import patients
from practice.transactions import acting_in

LONG = ("smi", "gon", "sch", "wil", "broton", "chel", "mcski", "tho", "ste", "lole")
SHORT = ("wu", "ma", "s", "b", "ya", "o", "la", "mc", "za", "d")


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """Times against raw SQL and the minimal DRF view; then what must simply hold."""
    ours = Caller(product, headers={"Authorization": f"Bearer {world.token}"})
    bare = Caller(floor)
    practice = str(world.practice.id)

    def mine(words: tuple[str, ...]) -> Callable[[], object]:
        turn = itertools.cycle(words)
        return lambda: ours.get(f"{world.api}patients/?page_size=20&q={quote(next(turn))}")

    def theirs(by: str, values: Iterator[tuple[str, ...]]) -> Callable[[], object]:
        def ask() -> object:
            given = "".join(f"&{key}={quote(one)}" for key, one in zip("ab", next(values), strict=False))
            return bare.get(f"/search/?practice={practice}&by={by}{given}")

        return ask

    def ranges(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        return itertools.cycle([(word, after_prefix(word)) for word in words])

    phones = tuple(str(2_120_000_000 + number) for number in range(1, 900, 31))
    births = ("1960-05-04", "1971-02-11", "1988-09-30", "2001-12-01")
    records = tuple(str(100_000 + number) for number in range(1, 900, 37))
    cases: tuple[tuple[str, Callable[[], object], Callable[[], object], float, float], ...] = (
        ("patient search, 3+ letters", mine(LONG), theirs("name", ranges(LONG)), 2.0, 0.5),
        ("patient search, 3+ letters", mine(LONG), theirs("name", ranges(LONG)), 2.0, 0.95),
        ("patient search, 1-2 letters", mine(SHORT), theirs("name", ranges(SHORT)), 2.0, 0.95),
        ("patient by telephone", mine(phones), theirs("phone", ranges(phones)), 2.0, 0.95),
        ("patient by birth date", mine(births), theirs("born", _single(births)), 2.0, 0.95),
        ("patient by record number", mine(records), theirs("number", ranges(records)), 2.0, 0.95),
    )
    for operation, run, floor_run, limit, at in cases:
        times = race({"floor": floor_run, "ours": run}, n=world.size.n)
        line = compare(f"{operation}, JSON", floor=times["floor"], ours=times["ours"], limit=limit, at=at)
        report.lines.append(line)
    _lists(world, report=report, product=product)
    _facts(world, report=report, ours=ours)


def _single(values: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return itertools.cycle([(value,) for value in values])


def _lists(world: World, *, report: Report, product: int) -> None:
    """The first page of all patients: the large practice against the one of 1,000."""
    signed_in = Caller(product, headers={"Cookie": f"wellrun_session={world.session}"})
    times = race(
        {
            "small": lambda: signed_in.get(f"/p/{world.small.slug}/patients/"),
            "large": lambda: signed_in.get(f"/p/{world.practice.slug}/patients/"),
        },
        n=world.size.n,
    )
    report.lines.append(
        compare(
            f"patient list, {world.size.large:,} against 1,000 rows, page",
            floor=times["small"],
            ours=times["large"],
            limit=1.3,
        )
    )


def _facts(world: World, *, report: Report, ours: Caller) -> None:
    """The same people as raw SQL finds, nobody else's, and an index behind each search."""
    same = True
    with owner() as cursor:
        for word in (*LONG, *SHORT):
            given = {"practice": str(world.practice.id), "a": word, "b": after_prefix(word)}
            cursor.execute(queries.SEARCH["name"], given)
            wanted = [str(row[0]) for row in cursor.fetchall()]
            body = json.loads(ours.get(f"{world.api}patients/?page_size=20&q={quote(word)}"))
            same = same and [row["id"] for row in body["results"]] == wanted
    report.facts.append(("every search by name gives what raw SQL gives, in its order", same))
    with acting_in(world.practice.id, actor=world.actor):
        plans = [patients.visible_to(world.actor).filter(**given).order_by("id")[:20].explain() for given in (
            {"last_name_key__gte": "wu", "last_name_key__lt": "wv"}, {"phone": "2120000007"},
            {"birth_date": "1960-05-04"}, {"mrn": "100007"})]  # fmt: skip
    report.facts.append(("no search reads the whole table", not any("Seq Scan" in plan for plan in plans)))
