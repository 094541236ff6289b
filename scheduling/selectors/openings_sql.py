"""The days worth a closer look when the next ones are booked up, in one statement."""

from typing import Final

# Local days on which a resource has a gap as long as the visit, by what is open (held time too: it may be let go) less
# what is booked. It may name a day too many (buffers, marks of the hour, rooms and limits are looked at later), never
# one too few: where several fit at once, and where a block reaches past midnight, the day always counts.
ROOMY: Final = """
WITH asked AS (
  SELECT a.id, a.length, l.timezone
  FROM unnest(%(resources)s::uuid[], %(minutes)s::int[]) AS given (id, minutes)
  JOIN scheduling_resource r ON r.practice_id = %(practice)s AND r.id = given.id
  JOIN practice_location l ON l.practice_id = r.practice_id AND l.id = r.location_id
  CROSS JOIN LATERAL (SELECT given.id, make_interval(mins => given.minutes) AS length) a
), day AS (
  SELECT asked.id, asked.length, b.local_day, range_agg(tstzrange(b.starts_at, b.ends_at)) AS open,
         min(b.starts_at) AS begins, max(b.ends_at) AS ends,
         max(b.capacity) > 1 OR bool_or((b.ends_at AT TIME ZONE asked.timezone)::date > b.local_day) AS always
  FROM asked
  JOIN scheduling_availabilityblock b ON b.practice_id = %(practice)s AND b.resource_id = asked.id
    AND b.local_day BETWEEN %(first)s AND %(last)s AND b.kind IN ('open', 'held')
  GROUP BY asked.id, asked.length, b.local_day
)
SELECT DISTINCT day.local_day FROM day
WHERE day.always OR EXISTS (
  SELECT FROM unnest(day.open - COALESCE((
    SELECT range_agg(tstzrange(k.starts_at, k.ends_at)) FROM scheduling_resourcebooking k
    WHERE k.practice_id = %(practice)s AND k.resource_id = day.id AND k.active
      AND k.starts_at > day.begins - interval '24 hours' AND k.starts_at < day.ends AND k.ends_at > day.begins
  ), '{}')) gap
  WHERE upper(gap) - lower(gap) >= day.length)
ORDER BY 1
"""
