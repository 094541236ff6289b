"""The rows that flow figures count, from visits' status events: one SELECT a fact, as in ``access_sql``.

Waits begin on arrival, or at the booked time for who comes early (IHI). The first event of a status counts. What does
not reach the status that ends a wait has no wait. Definitions: DOMAIN.md 1, docs/flow.md.
"""

from __future__ import annotations

from typing import Final

# The first moment of each status of a visit, in one look at its history.
_SELECT = """
SELECT a.local_day AS day, a.id::text AS key, 'appointment' AS kind, a.id AS record_id, a.location_id, a.patient_id,
       {amount} AS amount, NULL::date AS since, a.status::text AS note
FROM scheduling_appointment a
CROSS JOIN LATERAL (
  SELECT min(e.at) FILTER (WHERE e.status = 'arrived') AS arrived,
         min(e.at) FILTER (WHERE e.status = 'roomed') AS roomed,
         min(e.at) FILTER (WHERE e.status = 'with_provider') AS began,
         min(e.at) FILTER (WHERE e.status = 'completed') AS completed
  FROM scheduling_statusevent e WHERE e.practice_id = a.practice_id AND e.appointment_id = a.id
) m
WHERE a.practice_id = %(practice)s AND a.local_day BETWEEN %(first)s AND %(last)s AND a.created_via <> 'import'
  AND {which}
"""
_DOOR = "GREATEST(m.arrived, a.starts_at)"
_ROOMED = "m.arrived IS NOT NULL AND m.roomed IS NOT NULL"
_BEGUN = "m.roomed IS NOT NULL AND m.began IS NOT NULL"
_DONE = "m.arrived IS NOT NULL AND m.completed IS NOT NULL AND a.status = 'completed'"
_ONE = "1::numeric"


def _minutes(start: str, *, end: str) -> str:
    """Minutes between two moments to the hundredth; below zero (a room before the booked time) is no wait."""
    return f"round(GREATEST(0, extract(epoch FROM {end} - {start}) / 60)::numeric, 2)"


def _after(moment: str, *, minutes: str) -> str:
    return f"{moment} > a.starts_at + make_interval(mins => %({minutes})s)"


FACTS: Final[dict[str, str]] = {
    "door_to_room_minutes": _SELECT.format(amount=_minutes(_DOOR, end="m.roomed"), which=_ROOMED),
    "door_to_room_visits": _SELECT.format(amount=_ONE, which=_ROOMED),
    "room_to_provider_minutes": _SELECT.format(amount=_minutes("m.roomed", end="m.began"), which=_BEGUN),
    "room_to_provider_visits": _SELECT.format(amount=_ONE, which=_BEGUN),
    "cycle_minutes": _SELECT.format(amount=_minutes(_DOOR, end="m.completed"), which=_DONE),
    "cycle_visits": _SELECT.format(amount=_ONE, which=_DONE),
    "on_time_starts": _SELECT.format(
        amount=_ONE, which=f"m.began IS NOT NULL AND NOT ({_after('m.began', minutes='on_time')})"
    ),
    "visits_begun": _SELECT.format(amount=_ONE, which="m.began IS NOT NULL"),
    "late_arrivals": _SELECT.format(amount=_ONE, which=_after("m.arrived", minutes="late")),
    "left_unseen": _SELECT.format(amount=_ONE, which="m.arrived IS NOT NULL AND a.status = 'left'"),
    "arrivals": _SELECT.format(amount=_ONE, which="m.arrived IS NOT NULL"),
}
KINDS: Final[dict[str, str]] = dict.fromkeys(FACTS, "appointment")
# The rules that some of them are made with, by the name of their parameter: minutes after the booked time.
MADE_WITH: Final[dict[str, str]] = {"on_time": "flow.on_time_minutes", "late": "flow.late_arrival_minutes"}

# A fact's rows by provider, by local hour of the booked time, and all: how many, the sum, median, 90th percentile.
SPREAD: Final = """
SELECT a.provider_id, h.hour, count(*), sum(fact.amount),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY fact.amount),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY fact.amount)
FROM ({rows}) fact
JOIN scheduling_appointment a ON a.practice_id = %(practice)s AND a.id = fact.record_id
JOIN practice_location l ON l.practice_id = a.practice_id AND l.id = a.location_id
CROSS JOIN LATERAL (SELECT extract(hour FROM a.starts_at AT TIME ZONE l.timezone)::int AS hour) h
WHERE (%(sites)s::uuid[] IS NULL OR a.location_id = ANY(%(sites)s::uuid[]))
GROUP BY GROUPING SETS ((a.provider_id), (h.hour), ())
"""
