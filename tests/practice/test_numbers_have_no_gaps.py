"""Numbers under real concurrency: no gap, no repeat, whoever is rolled back; and how they are written."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.errors import DomainError, Forbidden
from patients.numbers import MRN
from practice.models import NumberSeries
from practice.rules.numbers import Format, Series, counter, written
from practice.services import sequences
from practice.transactions import acting_in
from tests.cast import actor_named

DAY = date(2026, 11, 30)
THREADS, ROUNDS = 6, 12


class Changed(Exception):
    """Somebody thought better of it."""


def _take(actor, seed):
    """Take numbers, some of them in transactions that are rolled back. Returns those that were kept."""
    chance, kept = random.Random(seed), []
    try:
        for _ in range(ROUNDS):
            try:
                with acting_in(actor.practice_id, actor=actor):
                    got = sequences.next_texts(MRN, on=DAY, actor=actor, count=chance.randint(1, 3))
                    if chance.random() < 0.4:
                        raise Changed
            except Changed:
                continue
            kept += got
    finally:
        connection.close()
    return kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "style", [Format(), Format(prefix="HV", yearly=True, width=5)], ids=["plain", "yearly"]
)
def test_many_takers_at_once_leave_no_gap_and_get_no_number_twice(style):
    ours, theirs = actor_named("owner"), actor_named("stranger")
    with acting_in(ours.practice_id, actor=ours):
        sequences.set_format(MRN, letters=style.prefix, yearly=style.yearly, width=style.width, actor=ours)
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(_take, [ours] * THREADS, range(THREADS)))
    kept = sorted(int(text.split("-")[-1]) for each in found for text in each)
    first = 1 if style.yearly else 100_001
    assert kept == list(range(first, first + len(kept)))
    assert len(kept) > THREADS
    with acting_in(ours.practice_id, actor=ours):
        [after] = sequences.next_texts(MRN, on=DAY, actor=ours)
    assert int(after.split("-")[-1]) == first + len(kept)
    with acting_in(theirs.practice_id, actor=theirs):
        assert sequences.next_texts(MRN, on=DAY, actor=theirs) == ["100001"], "each practice has its own"


@pytest.mark.django_db
def test_each_year_begins_again_and_changing_to_and_fro_repeats_none(acting):
    with acting("owner") as actor:

        def take(day=DAY):
            return sequences.next_texts(MRN, on=day, actor=actor)[0]

        seen = [take()]
        sequences.set_format(MRN, letters="inv", yearly=True, width=5, actor=actor)
        seen += [take(), take(), take(date(2027, 1, 1))]
        assert seen[1:] == ["INV-2026-00001", "INV-2026-00002", "INV-2027-00001"]
        assert sequences.upcoming(MRN, on=DAY) == "INV-2026-00003"
        sequences.set_format(MRN, letters="", yearly=False, width=1, actor=actor)
        seen.append(take())
        sequences.set_format(MRN, letters="INV", yearly=True, width=3, actor=actor)
        seen.append(take())
        assert len(seen) == len(set(seen))
        assert seen[-2:] == ["100002", "INV-2026-003"]


styles = st.builds(Format, prefix=st.text("ABZ", max_size=6), yearly=st.booleans(), width=st.integers(1, 8))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared
@given(
    styles=st.lists(styles, min_size=1, max_size=12),
    years=st.lists(st.integers(2024, 2027), min_size=12, max_size=12),
)
def test_no_sequence_of_formats_writes_a_number_twice(styles, years):
    series, counts, seen = Series(code="x", title="X", style=Format(), above=100_000), {}, []
    for style, year in zip(styles, sorted(years), strict=False):
        for _ in range(3):
            name = counter(series, style=style, year=year)
            counts[name] = counts.get(name, 0) + 1
            seen.append(written(counts[name], series=series, style=style, year=year))
    assert len(seen) == len(set(seen))


@pytest.mark.django_db
def test_what_no_number_can_begin_with_is_refused(acting):
    with acting("owner") as actor:
        for bad in ({"letters": "A1"}, {"letters": "TOOLONG"}, {"letters": "É"}, {"width": 0}, {"width": 9}):
            with pytest.raises(DomainError):
                sequences.set_format(MRN, **{"letters": "", "yearly": False, "width": 1} | bad, actor=actor)
        assert not NumberSeries.objects.exists()
    with acting("biller") as actor, pytest.raises(Forbidden):
        sequences.set_format(MRN, letters="A", yearly=False, width=1, actor=actor)


@pytest.mark.django_db
def test_the_page_shows_the_next_number_and_saves_a_format(manager, biller, stranger):
    assert b"100001" in manager.at("settings/numbers/").content
    assert biller.at("settings/numbers/").status_code == 403
    page = f"settings/numbers/{MRN}/"
    refused = manager.send(page, {"letters": "7", "width": "5"})
    assert (refused.status_code, b"letters A to Z" in refused.content) == (422, True)
    assert manager.send(page, {"letters": "hv", "width": "5", "yearly": "on"}).status_code == 302
    assert b"HV-" in manager.at("settings/numbers/").content
    assert b"HV-" not in stranger.at("settings/numbers/").content
    assert manager.at("settings/numbers/nothing/").status_code == 404
