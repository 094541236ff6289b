"""A practice's own questions when a hundred times as many practices stand beside it (G8)."""

from __future__ import annotations

from functools import partial

from bench import fill
from bench.measure import Report, compare, race
from bench.servers import Caller
from bench.world import World, owner

FEW, LIMIT = 10, 1.5
PEOPLE = 1_000
TENANTS = """
INSERT INTO practice_practice (id, slug, name)
SELECT uuidv7(), 'grown-' || n, 'Grown ' || n FROM generate_series(%(first)s, %(last)s) n
"""
# Every one of them has the visits of the measured practice once more; whose they are is asked by no question.
VISITS = """
INSERT INTO scheduling_appointment (practice_id, patient_id, provider_id, location_id, type_id, starts_at, ends_at,
  local_day, status, cancelled_by, cancel_reason, reason, is_new_patient, created_via, version)
SELECT p.id, patient_id, provider_id, location_id, type_id, starts_at, ends_at, local_day, status, '', '', '', false,
  'import', 1
FROM practice_practice p CROSS JOIN scheduling_appointment a
WHERE p.slug IN (SELECT 'grown-' || n FROM generate_series(%(first)s, %(last)s) n) AND a.practice_id = %(practice)s
"""


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """The same practice among ten and among many, each of them with as many visits as it has."""
    many, each = world.size.tenants
    _own(world, visits=each)
    _grow(world, first=2, last=FEW)
    signed_in = Caller(product, headers={"Cookie": f"wellrun_session={world.session}"})
    by_token = Caller(product, headers={"Authorization": f"Bearer {world.token}"})
    day, provider = world.last_day.isoformat(), world.resources[0].provider_id
    questions = {
        "one provider's day, JSON": partial(
            by_token.get, f"{world.api}appointments/?provider={provider}&day={day}"
        ),
        "latest visits, page": partial(
            signed_in.get, f"/p/{world.practice.slug}/scheduling/visits/?view=all"
        ),
    }
    before = {name: race({name: ask}, n=world.size.n)[name] for name, ask in questions.items()}
    _grow(world, first=FEW + 1, last=many)
    for name, ask in questions.items():
        after = race({name: ask}, n=world.size.n)[name]
        operation = f"{name}, {many:,} against {FEW} practices of {each:,} visits"
        report.lines.append(compare(operation, floor=before[name], ours=after, limit=LIMIT, at=0.95))


def _own(world: World, *, visits: int) -> None:
    with owner() as cursor:
        fill.without_keys(cursor)
        cursor.execute(fill.PATIENTS, {"practice": str(world.practice.id), "many": PEOPLE})
        fill.visits(cursor, world=world, many=visits, people=PEOPLE)


def _grow(world: World, *, first: int, last: int) -> None:
    """More practices, with nothing but visits: keys are gone, so the rows need no more."""
    with owner() as cursor:
        for few in range(first, last + 1, 50):
            given = {"first": few, "last": min(few + 49, last)}
            cursor.execute(TENANTS, given)
            cursor.execute(VISITS, {**given, "practice": str(world.practice.id)})
        cursor.execute("VACUUM ANALYZE")
