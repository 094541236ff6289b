"""First available over 60 days and third next available of every provider, in a schedule that is full for weeks."""

from __future__ import annotations

from functools import partial

from bench.measure import Report, compare, race
from bench.servers import Caller
from bench.world import World, owner

FULL_DAYS = 45  # the first free slots lie behind these: what is asked has to look past them
# Every slot of the days ahead is taken, by visits of whoever comes first.
FULL = """
WITH seat AS (
  SELECT id AS resource_id, provider_id, row_number() OVER (ORDER BY id) - 1 AS n
  FROM scheduling_resource WHERE practice_id = %(practice)s AND kind = 'provider'
), slot AS (
  SELECT seat.*, b.local_day, at
  FROM seat
  JOIN scheduling_availabilityblock b ON b.practice_id = %(practice)s AND b.resource_id = seat.resource_id
    AND b.local_day BETWEEN current_date AND current_date + %(days)s
  CROSS JOIN LATERAL generate_series(b.starts_at, b.ends_at - interval '20 minutes', interval '20 minutes') at
  WHERE NOT EXISTS (
    SELECT FROM scheduling_resourcebooking k WHERE k.practice_id = %(practice)s AND k.resource_id = seat.resource_id
      AND k.active AND k.starts_at = at)
), person AS (
  SELECT id FROM patients_patient WHERE practice_id = %(practice)s LIMIT 1
), made AS (
  INSERT INTO scheduling_appointment (practice_id, patient_id, provider_id, location_id, type_id, starts_at, ends_at,
    local_day, status, cancelled_by, cancel_reason, reason, is_new_patient, created_via, version)
  SELECT %(practice)s, person.id, slot.provider_id, %(location)s, %(type)s, slot.at, slot.at + interval '20 minutes',
    slot.local_day, 'booked', '', '', '', false, 'import', 1
  FROM slot CROSS JOIN person
  RETURNING id, provider_id, starts_at, ends_at
)
INSERT INTO scheduling_resourcebooking (practice_id, appointment_id, resource_id, provider_id, lane, starts_at, ends_at,
  active, overbooked_by, overbook_reason)
SELECT %(practice)s, made.id, seat.resource_id, seat.provider_id, 0, made.starts_at, made.ends_at, true, '', ''
FROM made JOIN seat ON seat.provider_id = made.provider_id
"""
TABLES = ("scheduling_appointment", "scheduling_resourcebooking", "scheduling_availabilityblock")


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """The same questions to the product and as bare SQL with an explicit practice."""
    with owner() as cursor:
        given = {"practice": str(world.practice.id), "location": str(world.location.pk)}
        cursor.execute(FULL, {**given, "type": str(world.visit_type.pk), "days": FULL_DAYS})
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    ours = Caller(product, headers={"Authorization": f"Bearer {world.token}"})
    bare = Caller(floor)
    asked = f"practice={world.practice.id}&type={world.visit_type.pk}"
    questions = (
        ("first available over 60 days, all providers", "openings/?limit=9", "/first/", 5),
        ("third next available, all providers", "access/?", "/third/", 2),
    )
    for name, path, plain, limit in questions:
        times = race(
            {
                "floor": partial(bare.get, f"{plain}?{asked}"),
                "ours": partial(ours.get, f"{world.api}{path}&type={world.visit_type.pk}"),
            },
            n=max(25, world.size.n // 4),
        )
        report.lines.append(compare(name, floor=times["floor"], ours=times["ours"], limit=limit, at=0.95))
