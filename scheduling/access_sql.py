"""The rows that access figures count, one SELECT a fact, and the third open slot of every provider and type.

Each fact gives ``day, key, kind, record_id, location_id, patient_id, amount, since, note`` for rows of the practice
``%(practice)s`` between ``%(first)s`` and ``%(last)s``, as ``reports.selectors.facts`` does: the night's key figures
and the access lab read the same SELECTs. Definitions: DOMAIN.md 1, docs/scheduling.md.
"""

from __future__ import annotations

from typing import Final

# A booked visit took time of the template, whether or not the patient came; what was cancelled or moved gave it back.
# Imported visits come without a template.
_VISIT = """
SELECT a.local_day AS day, a.id::text AS key, 'appointment' AS kind, a.id AS record_id, a.location_id, a.patient_id,
       {amount} AS amount, {since} AS since, a.status::text AS note
FROM scheduling_appointment a {join}
WHERE a.practice_id = %(practice)s AND a.local_day BETWEEN %(first)s AND %(last)s AND a.created_via <> 'import'
  AND a.status {status}
"""
_MINUTES = "(extract(epoch FROM a.ends_at - a.starts_at) / 60)::numeric"
_STANDS = "NOT IN ('requested', 'held', 'cancelled', 'rescheduled', 'entered_in_error')"
# When a visit was booked: the first note of its history, as a day of the practice.
_BOOKED = """
CROSS JOIN LATERAL (
  SELECT (min(e.at) AT TIME ZONE %(zone)s)::date AS day FROM scheduling_statusevent e
  WHERE e.practice_id = a.practice_id AND e.appointment_id = a.id AND e.status = 'booked'
) booked
"""
_LED = f"{_STANDS} AND booked.day IS NOT NULL"
_OPEN = """
SELECT b.local_day AS day, b.id::text AS key, 'block' AS kind, b.id AS record_id, r.location_id,
       NULL::uuid AS patient_id,
       (extract(epoch FROM b.ends_at - b.starts_at) / 60 * b.capacity)::numeric AS amount, NULL::date AS since,
       r.name::text AS note
FROM scheduling_availabilityblock b
JOIN scheduling_resource r ON r.practice_id = b.practice_id AND r.id = b.resource_id
WHERE b.practice_id = %(practice)s AND b.local_day BETWEEN %(first)s AND %(last)s AND b.kind IN ('open', 'held')
  AND r.kind = 'provider'
"""
_THIRD = """
SELECT d.day, d.id::text AS key, 'access' AS kind, d.id AS record_id, r.location_id, NULL::uuid AS patient_id,
       {amount} AS amount, NULL::date AS since, r.name || ', ' || t.name AS note
FROM scheduling_accessday d
JOIN scheduling_resource r ON r.practice_id = d.practice_id AND r.id = d.resource_id
JOIN scheduling_appointmenttype t ON t.practice_id = d.practice_id AND t.id = d.type_id
WHERE d.practice_id = %(practice)s AND d.day BETWEEN %(first)s AND %(last)s AND d.sampled
"""

FACTS: Final[dict[str, str]] = {
    "booked_minutes": _VISIT.format(amount=_MINUTES, since="NULL::date", join="", status=_STANDS),
    "completed_minutes": _VISIT.format(amount=_MINUTES, since="NULL::date", join="", status="= 'completed'"),
    "bookable_minutes": _OPEN,
    "lead_days": _VISIT.format(
        amount="GREATEST(0, a.local_day - booked.day)::numeric", since="booked.day", join=_BOOKED, status=_LED
    ),
    "lead_visits": _VISIT.format(amount="1::numeric", since="booked.day", join=_BOOKED, status=_LED),
    "third_next_days": _THIRD.format(amount="COALESCE(d.days, d.lookahead)::numeric"),
    "third_next_pairs": _THIRD.format(amount="1::numeric"),
}
KINDS: Final[dict[str, str]] = {
    "booked_minutes": "appointment", "completed_minutes": "appointment", "bookable_minutes": "block",
    "lead_days": "appointment", "lead_visits": "appointment", "third_next_days": "access",
    "third_next_pairs": "access",
}  # fmt: skip

# Days to the third open slot of each provider and type that is offered. Blocks come in the order of their index and
# the search of a pair ends with its third slot. A slot is the length of the visit with the minutes around it; held
# time never counts, not even when it is let go (IHI); lanes are taken as they stand.
THIRD_NEXT: Final = """
WITH pair AS (
  SELECT r.id AS resource_id, r.provider_id, t.id AS type_id,
         make_interval(mins => COALESCE(p.minutes, t.minutes)) AS length,
         make_interval(mins => COALESCE(p.buffer_before, t.buffer_before)) AS ahead,
         make_interval(mins => COALESCE(p.buffer_after, t.buffer_after)) AS behind,
         (%(now)s::timestamptz AT TIME ZONE l.timezone)::date AS today
  FROM scheduling_resource r
  JOIN practice_location l ON l.practice_id = r.practice_id AND l.id = r.location_id
  JOIN staff_provider s ON s.practice_id = r.practice_id AND s.id = r.provider_id AND s.is_active
  CROSS JOIN scheduling_appointmenttype t
  LEFT JOIN scheduling_providertyperule p ON p.practice_id = r.practice_id AND p.provider_id = r.provider_id
    AND p.type_id = t.id
  WHERE r.practice_id = %(practice)s AND t.practice_id = %(practice)s AND r.kind = 'provider' AND r.is_active
    AND t.is_active AND COALESCE(p.is_offered, true)
    AND (p.id IS NULL
      OR NOT EXISTS (SELECT 1 FROM scheduling_providertypesite w
                     WHERE w.practice_id = p.practice_id AND w.rule_id = p.id)
      OR EXISTS (SELECT 1 FROM scheduling_providertypesite w WHERE w.practice_id = p.practice_id AND w.rule_id = p.id
                 AND w.location_id = r.location_id))
    AND (%(sites)s::uuid[] IS NULL OR r.location_id = ANY(%(sites)s::uuid[]))
    AND (%(types)s::uuid[] IS NULL OR t.id = ANY(%(types)s::uuid[]))
)
SELECT pair.resource_id, pair.type_id, third.day - pair.today AS days
FROM pair LEFT JOIN LATERAL (
  SELECT first_three.day FROM (
    SELECT b.local_day AS day, slot.at
    FROM scheduling_availabilityblock b
    CROSS JOIN LATERAL (
      SELECT at FROM generate_series(0, b.capacity - 1) lane
      CROSS JOIN LATERAL unnest(
        tstzmultirange(tstzrange(LEAST(GREATEST(b.starts_at, %(now)s), b.ends_at), b.ends_at)) - COALESCE((
          SELECT range_agg(tstzrange(k.starts_at - pair.behind, k.ends_at + pair.ahead))
          FROM scheduling_resource own
          JOIN scheduling_resourcebooking k ON k.practice_id = own.practice_id AND k.resource_id = own.id
          WHERE own.practice_id = %(practice)s AND own.provider_id = pair.provider_id AND k.active
            AND k.starts_at > b.starts_at - interval '24 hours' AND k.starts_at < b.ends_at + interval '4 hours'
            AND k.ends_at > b.starts_at - interval '4 hours'
            AND (own.id <> b.resource_id OR LEAST(k.lane, b.capacity - 1) = lane)
        ), '{}')) gap
      CROSS JOIN LATERAL generate_series(
        lower(gap), upper(gap) - pair.length, pair.length + pair.ahead + pair.behind) at
    ) slot
    WHERE b.practice_id = %(practice)s AND b.resource_id = pair.resource_id AND b.local_day >= pair.today
      AND b.local_day < pair.today + %(lookahead)s AND b.kind = 'open' AND b.ends_at > %(now)s
      AND (b.source_id IS NULL
        OR NOT EXISTS (SELECT 1 FROM scheduling_templateblocktype k
                       WHERE k.practice_id = b.practice_id AND k.block_id = b.source_id)
        OR EXISTS (SELECT 1 FROM scheduling_templateblocktype k
                   WHERE k.practice_id = b.practice_id AND k.block_id = b.source_id AND k.type_id = pair.type_id))
    ORDER BY b.local_day, slot.at LIMIT 3
  ) first_three OFFSET 2
) third ON true
ORDER BY pair.resource_id, pair.type_id
"""
