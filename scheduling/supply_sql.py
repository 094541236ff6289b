"""How open time is made: template minus exceptions, wall clock to instants, in one statement a resource.

A wall-clock time that does not exist (spring) is the moment as much later as the clock skips, and its block is marked;
of one that comes twice (autumn) the first is taken. PostgreSQL takes the second, so an hour before is looked at too:
clocks of every US zone change by one hour.
"""

from __future__ import annotations

from typing import Final

# Which template is in force on a day: the published one, or the draft that is looked at before it is published.
_IN_FORCE = """
 t.practice_id = r.practice_id AND t.resource_id = r.id
 AND t.valid_from <= d.day AND (t.valid_to IS NULL OR d.day <= t.valid_to)
 AND (t.id = %(draft)s::uuid OR (t.state = 'published' AND NOT EXISTS (
   SELECT 1 FROM scheduling_scheduletemplate own WHERE own.practice_id = r.practice_id AND own.id = %(draft)s::uuid
     AND own.valid_from <= d.day AND (own.valid_to IS NULL OR d.day <= own.valid_to))))
"""
_WEEK = "mod(mod(((d.monday - t.monday) / 7), t.cycle_weeks) + t.cycle_weeks, t.cycle_weeks) + 1"

BLOCKS: Final = f"""
r AS (
  SELECT s.id, s.practice_id, s.capacity, s.kind, s.has_hours, s.location_id, l.timezone AS zone
  FROM scheduling_resource s
  JOIN practice_location l ON l.practice_id = s.practice_id AND l.id = s.location_id
  WHERE s.practice_id = %(practice)s AND s.id = %(resource)s
), d AS (
  SELECT g::date AS day, extract(isodow FROM g)::int - 1 AS weekday,
         g::date - (extract(isodow FROM g)::int - 1) AS monday
  FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') g
), e AS (
  SELECT x.* FROM scheduling_scheduleexception x JOIN r ON x.practice_id = r.practice_id
    AND (x.resource_id = r.id OR x.location_id = r.location_id)
  WHERE x.withdrawn_at IS NULL AND x.starts_on <= %(last)s AND x.ends_on >= %(first)s
), t AS (
  SELECT v.*, v.anchor_date - (extract(isodow FROM v.anchor_date)::int - 1) AS monday
  FROM scheduling_scheduletemplate v JOIN r ON v.practice_id = r.practice_id AND v.resource_id = r.id
), wall AS (
  SELECT d.day, d.day + b.starts_at AS a, d.day + b.ends_at AS z, b.kind::text AS kind, b.label::text AS label,
         COALESCE(b.capacity, r.capacity) AS capacity, b.release_hours_before AS hours, b.id AS source_id,
         NULL::uuid AS exception_id
  FROM r CROSS JOIN d JOIN t ON {_IN_FORCE}
  JOIN scheduling_templateblock b ON b.practice_id = t.practice_id AND b.template_id = t.id
    AND b.weekday = d.weekday AND (b.cycle_week IS NULL OR b.cycle_week = {_WEEK})
  WHERE NOT EXISTS (SELECT 1 FROM e WHERE e.kind = 'retime' AND d.day BETWEEN e.starts_on AND e.ends_on)
  UNION ALL
  SELECT d.day, d.day + e.starts_at, d.day + e.ends_at, 'open', left(e.reason, 30), r.capacity, NULL, NULL, e.id
  FROM r CROSS JOIN d JOIN e ON e.kind IN ('extra', 'retime') AND d.day BETWEEN e.starts_on AND e.ends_on
  UNION ALL
  SELECT d.day, d.day + COALESCE(e.starts_at, time '00:00'),
         CASE WHEN e.ends_at IS NULL THEN (d.day + 1)::timestamp ELSE d.day + e.ends_at END,
         'closed', left(e.reason, 30), 1, NULL, NULL, e.id
  FROM d JOIN e ON e.kind = 'closed' AND d.day BETWEEN e.starts_on AND e.ends_on
), moments AS (
  SELECT w.*, r.zone,
         CASE WHEN (w.a AT TIME ZONE r.zone - interval '1 hour') AT TIME ZONE r.zone = w.a
              THEN w.a AT TIME ZONE r.zone - interval '1 hour' ELSE w.a AT TIME ZONE r.zone END AS s,
         CASE WHEN (w.z AT TIME ZONE r.zone - interval '1 hour') AT TIME ZONE r.zone = w.z
              THEN w.z AT TIME ZONE r.zone - interval '1 hour' ELSE w.z AT TIME ZONE r.zone END AS f,
         (w.a AT TIME ZONE r.zone) AT TIME ZONE r.zone <> w.a
           OR (w.z AT TIME ZONE r.zone) AT TIME ZONE r.zone <> w.z AS shifted
  FROM wall w CROSS JOIN r
), base AS (
  SELECT * FROM moments WHERE kind <> 'closed' AND s < f
), shut AS (
  SELECT day, range_agg(tstzrange(s, f)) AS at, min(label) AS label, min(exception_id::text)::uuid AS exception_id
  FROM moments WHERE kind = 'closed' AND s < f GROUP BY day
), bookable AS (
  SELECT day, range_agg(tstzrange(s, f)) AS at FROM base WHERE kind <> 'admin' GROUP BY day
), made AS (
  SELECT base.day, lower(piece) AS starts_at, upper(piece) AS ends_at, base.kind, base.label, base.capacity,
         CASE WHEN base.kind = 'held' THEN COALESCE(base.s - make_interval(hours => base.hours),
                                                    base.day::timestamp AT TIME ZONE base.zone) END AS releases_at,
         base.shifted, base.source_id, base.exception_id
  FROM base LEFT JOIN shut USING (day)
  CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange(base.s, base.f)) - COALESCE(shut.at, '{{}}')) piece
  UNION ALL
  SELECT shut.day, lower(piece), upper(piece), 'admin', shut.label, 1, NULL, false, NULL, shut.exception_id
  FROM shut JOIN bookable USING (day) CROSS JOIN LATERAL unnest(shut.at * bookable.at) piece
  UNION ALL
  SELECT shut.day, lower(piece), upper(piece), 'admin', shut.label, 1, NULL, false, NULL, shut.exception_id
  FROM shut CROSS JOIN r CROSS JOIN LATERAL unnest(shut.at) piece
  WHERE r.kind <> 'provider' AND NOT r.has_hours
)
"""  # noqa: S608  constants of this file

REBUILD: Final = f"""
WITH {BLOCKS}, gone AS (
  DELETE FROM scheduling_availabilityblock
  WHERE practice_id = %(practice)s AND resource_id = %(resource)s AND local_day >= %(first)s
)
INSERT INTO scheduling_availabilityblock
  (practice_id, resource_id, local_day, starts_at, ends_at, kind, label, capacity, releases_at, shifted, source_id,
   exception_id)
SELECT r.practice_id, r.id, made.day, made.starts_at, made.ends_at, made.kind, made.label, made.capacity,
       made.releases_at, made.shifted, made.source_id, made.exception_id
FROM made CROSS JOIN r
"""  # noqa: S608  constants of this file

PREVIEW: Final = f"""
WITH {BLOCKS}
SELECT day, starts_at, ends_at, kind, capacity, releases_at, source_id FROM made ORDER BY starts_at
"""  # noqa: S608  constants of this file
