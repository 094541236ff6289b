"""Definer functions of the jobs' last mile and of the status page; migrations run them (ARCHITECTURE.md 6).

They work across practices, so they return ids and counts only.
"""

# Hands out the oldest first, also to whoever reads the rows in order.
TAKE_JOBS = """
CREATE FUNCTION take_jobs(batch int) RETURNS TABLE (id uuid, practice_id uuid)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH taken AS (
    UPDATE practice_jobrun j SET state = 'sent', lease_until = clock_timestamp() + interval '60 seconds'
    FROM (SELECT w.id FROM practice_jobrun w WHERE w.state = 'queued' AND w.run_after <= clock_timestamp()
          ORDER BY w.run_after LIMIT batch FOR UPDATE SKIP LOCKED) w
    WHERE j.id = w.id RETURNING j.id, j.practice_id, j.run_after)
  SELECT t.id, t.practice_id FROM taken t ORDER BY t.run_after, t.id $$;
REVOKE ALL ON FUNCTION take_jobs(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_jobs(int) TO wellrun_relay;
"""

# An expired lease always goes back into the queue. Whether it was once too often, the worker decides that takes it
# next: it can say so in words and put it on somebody's list.
SWEEP_JOBS = """
CREATE FUNCTION sweep_jobs() RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE swept int;
BEGIN
  UPDATE practice_jobrun j SET state = 'queued', lease_until = NULL
  FROM (SELECT w.id FROM practice_jobrun w WHERE w.state IN ('sent', 'running')
        AND w.lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED) w
  WHERE j.id = w.id;
  GET DIAGNOSTICS swept = ROW_COUNT;
  RETURN swept;
END $$;
REVOKE ALL ON FUNCTION sweep_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_jobs() TO wellrun_relay;
"""

# What is due at an instant, by each practice's own local night. The key is the local date (or the month that has
# ended), so two beats, a clock change and a repeated hour make one job. ``each_missed``: also every period since the
# last one that was queued, oldest first, a month of nights or a year of months at most.
DISPATCH_DUE = """
CREATE FUNCTION dispatch_due(job_kind text, every text, each_missed boolean, at timestamptz) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  made int;
  shape text := CASE every WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY-MM-DD' END;
  pace interval := CASE every WHEN 'month' THEN interval '1 month' ELSE interval '1 day' END;
  reach int := CASE every WHEN 'month' THEN 11 ELSE 30 END;
BEGIN
  INSERT INTO practice_jobrun (practice_id, kind, key, args, state, attempts, max_attempts, progress_done,
      progress_total, progress_note, error, result, request_id, run_after)
  SELECT p.practice_id, job_kind, due.key, '{}', 'queued', 0, 5, 0, 0, '', '', '{}', 'dispatch',
      clock_timestamp() + due.place * interval '1 millisecond'
  FROM practice_practiceprofile p,
    LATERAL (SELECT at AT TIME ZONE p.timezone AS now) local,
    LATERAL (SELECT CASE every WHEN 'month' THEN date_trunc('month', local.now) - pace
                    ELSE date_trunc('day', local.now) END AS period) final,
    LATERAL (SELECT to_date(max(j.key), shape)::timestamp AS period FROM practice_jobrun j
             WHERE j.practice_id = p.practice_id AND j.kind = job_kind AND j.request_id = 'dispatch') last,
    LATERAL (SELECT to_char(g, shape) AS key, row_number() OVER (ORDER BY g) AS place
             FROM generate_series(
               CASE WHEN each_missed THEN greatest(coalesce(last.period + pace, final.period),
                                                   final.period - reach * pace)
                    ELSE final.period END, final.period, pace) g) due
  WHERE extract(hour FROM local.now) >= p.night_hour
  ON CONFLICT (practice_id, kind, key) DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION dispatch_due(text, text, boolean, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch_due(text, text, boolean, timestamptz) TO wellrun_relay;
"""

# The operator's figures: counts, ages in seconds, ids of practices, names of job kinds. Nothing of a patient.
OPERATING_FIGURES = """
CREATE FUNCTION operating_figures() RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object(
    'practices', (SELECT count(*) FROM practice_practice),
    'jobs', (SELECT jsonb_build_object(
        'waiting', count(*) FILTER (WHERE state = 'queued' AND run_after <= now()),
        'oldest_waiting_seconds', coalesce(round(extract(epoch FROM
            now() - min(run_after) FILTER (WHERE state IN ('queued', 'sent') AND run_after <= now()))), 0),
        'later', count(*) FILTER (WHERE state = 'queued' AND run_after > now()),
        'sent', count(*) FILTER (WHERE state = 'sent'),
        'running', count(*) FILTER (WHERE state = 'running'),
        'oldest_lease_seconds_left', round(extract(epoch FROM
            min(lease_until) FILTER (WHERE state IN ('sent', 'running')) - now())))
      FROM practice_jobrun WHERE state IN ('queued', 'sent', 'running')),
    'failed_24h', (SELECT coalesce(jsonb_object_agg(kind, n), '{}') FROM (
        SELECT kind, count(*) AS n FROM practice_jobrun
        WHERE state = 'failed' AND finished_at > now() - interval '24 hours' GROUP BY kind) f),
    'nights', (SELECT coalesce(jsonb_agg(n ORDER BY n.night, n.practice), '[]') FROM (
        SELECT j.practice_id AS practice, j.key AS night, count(*) FILTER (WHERE j.state = 'done') AS done,
            count(*) FILTER (WHERE j.state = 'failed') AS failed,
            count(*) FILTER (WHERE j.state NOT IN ('done', 'failed')) AS waiting
        FROM practice_jobrun j JOIN (
            SELECT practice_id, max(key) AS key FROM practice_jobrun
            WHERE request_id = 'dispatch' AND length(key) = 10 GROUP BY practice_id) l USING (practice_id, key)
        WHERE j.request_id = 'dispatch' GROUP BY j.practice_id, j.key ORDER BY j.key, j.practice_id LIMIT 100) n),
    'connections', (SELECT coalesce(jsonb_object_agg(usename, n), '{}') FROM (
        SELECT usename, count(*) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND usename IS NOT NULL GROUP BY usename) c),
    'connections_allowed', current_setting('max_connections')::int,
    'lock_waits', (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock')) $$;
REVOKE ALL ON FUNCTION operating_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operating_figures() TO wellrun_app;
"""

MAKE = TAKE_JOBS + SWEEP_JOBS + DISPATCH_DUE + OPERATING_FIGURES
DROP = """
DROP FUNCTION take_jobs(int), sweep_jobs(), dispatch_due(text, text, boolean, timestamptz), operating_figures();
"""
