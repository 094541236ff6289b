"""One provider's day (G3), booking (G4), and rivals at one slot."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bench.measure import Report, compare, race
from bench.servers import Caller
from bench.world import ZONE, World, owner, patient_ids
from scheduling.models import Resource

RIVALS, SLOTS = 32, 20


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """The day as JSON, then bookings into free slots of providers of one's own."""
    ours = Caller(product, headers={"Authorization": f"Bearer {world.token}"})
    bare = Caller(floor)
    day, provider = world.last_day.isoformat(), world.resources[0].provider_id
    times = race(
        {
            "floor": lambda: bare.get(f"/day/?practice={world.practice.id}&provider={provider}&day={day}"),
            "ours": lambda: ours.get(f"{world.api}appointments/?provider={provider}&day={day}"),
        },
        n=world.size.n,
    )
    report.lines.append(
        compare(
            "one provider's day, 24 visits, JSON", floor=times["floor"], ours=times["ours"], limit=2, at=0.95
        )
    )
    _booking(world, report=report, ours=ours, bare=bare)
    _rivals(world, report=report, product=product)


def _slots(world: World, *, resource: Resource) -> Iterator[datetime]:
    for day in world.free_days():
        for slot in range(24):
            start = datetime.combine(day, time(8 + (slot >= 12)), tzinfo=ZONE)
            yield start + timedelta(minutes=20 * slot)


def _asked(world: World, *, resource: Resource, patient: uuid.UUID, at: datetime) -> dict[str, str]:
    return {
        "patient": str(patient),
        "provider": str(resource.provider_id),
        "location": str(world.location.pk),
        "type": str(world.visit_type.pk),
        "starts_at": at.isoformat(),
    }


def _booking(world: World, *, report: Report, ours: Caller, bare: Caller) -> None:
    """Each request takes the next free slot; product and floor book with providers of their own."""
    people = iter(patient_ids(world, many=world.size.n * 4 + 200))
    mine, theirs = world.resources[1:4], world.resources[4:7]
    my_slots = itertools.chain.from_iterable(([(r, at) for at in _slots(world, resource=r)]) for r in mine)
    their_slots = itertools.chain.from_iterable(
        ([(r, at) for at in _slots(world, resource=r)]) for r in theirs
    )

    def book() -> None:
        resource, at = next(my_slots)
        body = _asked(world, resource=resource, patient=next(people), at=at)
        ours.ask(
            "POST", f"{world.api}appointments/", body=body, expect=(201,), Idempotency_Key=str(uuid.uuid4())
        )

    def book_bare() -> None:
        resource, at = next(their_slots)
        body = _asked(world, resource=resource, patient=next(people), at=at) | {
            "practice": str(world.practice.id),
            "resource": str(resource.pk),
            "ends_at": (at + timedelta(minutes=20)).isoformat(),
        }
        bare.ask("POST", "/book/", body=body, expect=(201,))

    times = race({"floor": book_bare, "ours": book}, n=world.size.n)
    report.lines.append(
        compare(
            "book a visit, JSON, keyed and audited",
            floor=times["floor"],
            ours=times["ours"],
            limit=3,
            at=0.95,
        )
    )


def _rivals(world: World, *, report: Report, product: int) -> None:
    """Thirty-two at once for each of twenty slots: one gets it."""
    resource = world.resources[7]
    people = patient_ids(world, many=RIVALS + 1_200)[-RIVALS:]
    answers: list[int] = []
    for at in itertools.islice(_slots(world, resource=resource), SLOTS):
        barrier = threading.Barrier(RIVALS)

        def rival(patient: uuid.UUID, at: datetime = at, barrier: threading.Barrier = barrier) -> None:
            caller = Caller(product, headers={"Authorization": f"Bearer {world.token}"})
            body = _asked(world, resource=resource, patient=patient, at=at)
            barrier.wait()
            status, _ = caller.ask(
                "POST",
                f"{world.api}appointments/",
                body=body,
                expect=(201, 409, 422),
                Idempotency_Key=str(uuid.uuid4()),
            )
            answers.append(status)

        threads = [threading.Thread(target=rival, args=(patient,)) for patient in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with owner() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT starts_at FROM scheduling_resourcebooking WHERE resource_id = %s AND active "
            "GROUP BY starts_at HAVING count(*) > 1) twice",
            [str(resource.pk)],
        )
        overbooked = cursor.fetchone()[0]
    fair = answers.count(201) == SLOTS and len(answers) == SLOTS * RIVALS
    report.facts.append(
        (f"{RIVALS} rivals at {SLOTS} slots: {overbooked} overbooked", fair and overbooked == 0)
    )
