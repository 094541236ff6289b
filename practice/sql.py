"""The database's own part of the ground floor, in one readable place; migrations run it (ARCHITECTURE.md 3, 5, 6)."""

# First of all migrations, as wellrun_owner: what the other roles get on every later table.
GRANTS = """
GRANT USAGE ON SCHEMA public TO wellrun_app, wellrun_jobs, wellrun_relay;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wellrun_app;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM wellrun_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO wellrun_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wellrun_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wellrun_app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
"""

# The change trail: only the changed columns, with actor and request. Columns named in the trigger's argument
# are secrets: the trail says that they changed, never to what.
AUDIT_ROW = """
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  before jsonb; after jsonb; secret text;
BEGIN
  -- Retirement of the log says what it removed in the chain, not row by row; only the owner may delete here.
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME LIKE 'practice_auditaccess%' AND current_setting('app.retiring', true) = 'on'
  THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' THEN
    IF before = after THEN RETURN NULL; END IF;
    SELECT jsonb_object_agg(k.key, k.value), jsonb_object_agg(k.key, after -> k.key) INTO before, after
      FROM jsonb_each(before) k WHERE k.value IS DISTINCT FROM after -> k.key;
    IF before - 'updated_at' = '{}'::jsonb THEN RETURN NULL; END IF;
  END IF;
  FOREACH secret IN ARRAY string_to_array(coalesce(TG_ARGV[0], ''), ',') LOOP
    IF before ? secret THEN before := jsonb_set(before, ARRAY[secret], '"changed"'); END IF;
    IF after ? secret THEN after := jsonb_set(after, ARRAY[secret], '"changed"'); END IF;
  END LOOP;
  INSERT INTO practice_auditchange (practice_id, table_name, row_id, action, old, new)
    VALUES (coalesce(NEW.practice_id, OLD.practice_id), TG_TABLE_NAME, coalesce(NEW.id, OLD.id), left(TG_OP, 1),
            before, after);
  RETURN NULL;
END $$;
"""
DROP_AUDIT_ROW = "DROP FUNCTION audit_row() CASCADE"

# Users belong to no practice: their changes are kept by column name only, where the app role cannot look.
AUDIT_GLOBAL = """
CREATE FUNCTION audit_global_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE changed jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(n.key), '[]') INTO changed FROM jsonb_each(to_jsonb(NEW)) n
    WHERE TG_OP = 'INSERT' OR n.value IS DISTINCT FROM to_jsonb(OLD) -> n.key;
  IF changed = '["last_login"]' THEN RETURN NULL; END IF;
  INSERT INTO practice_auditglobal (table_name, row_id, action, columns)
    VALUES (TG_TABLE_NAME, coalesce(NEW.id, OLD.id), left(TG_OP, 1), changed);
  RETURN NULL;
END $$;
CREATE TRIGGER audit_global AFTER INSERT OR UPDATE OR DELETE ON practice_user
  FOR EACH ROW EXECUTE FUNCTION audit_global_row();
REVOKE ALL ON practice_auditglobal FROM wellrun_app;
"""

# Which practices a person belongs to must be known before one is chosen.
OWN_MEMBERSHIPS = """
CREATE POLICY own_memberships ON practice_membership FOR SELECT
  USING (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid));
"""

# Django's database cache: allauth's lock-out counters live here, not in Redis.
CACHE_TABLE = """
CREATE TABLE practice_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX practice_cache_expires ON practice_cache (expires);
"""

# Work across practices goes through these functions only; they return ids (ARCHITECTURE.md 6).
JOB_FUNCTIONS = """
CREATE FUNCTION take_jobs(batch int) RETURNS TABLE (id uuid, practice_id uuid)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE practice_jobrun j SET state = 'sent', lease_until = clock_timestamp() + interval '60 seconds'
  FROM (SELECT w.id FROM practice_jobrun w WHERE w.state = 'queued' AND w.run_after <= clock_timestamp()
        ORDER BY w.run_after LIMIT batch FOR UPDATE SKIP LOCKED) w
  WHERE j.id = w.id RETURNING j.id, j.practice_id $$;

CREATE FUNCTION sweep_jobs() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE swept int;
BEGIN
  UPDATE practice_jobrun j SET
      state = CASE WHEN j.state = 'running' AND j.attempts >= j.max_attempts THEN 'failed' ELSE 'queued' END,
      error = CASE WHEN j.state = 'running' AND j.attempts >= j.max_attempts
                   THEN 'The worker stopped without a word too often.' ELSE j.error END,
      finished_at = CASE WHEN j.state = 'running' AND j.attempts >= j.max_attempts THEN clock_timestamp() END,
      lease_until = NULL
  FROM (SELECT w.id FROM practice_jobrun w WHERE w.state IN ('sent', 'running')
        AND w.lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED) w
  WHERE j.id = w.id;
  GET DIAGNOSTICS swept = ROW_COUNT;
  RETURN swept;
END $$;

CREATE FUNCTION job_beat(job uuid, done int, total int, note text, lease_seconds int) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE practice_jobrun SET progress_done = done, progress_total = total, progress_note = left(note, 200),
      lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
  WHERE id = job AND state = 'running' RETURNING true $$;

CREATE FUNCTION dispatch_due(job_kind text, every text) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE made int;
BEGIN
  INSERT INTO practice_jobrun (practice_id, kind, key, args, state, attempts, max_attempts, progress_done,
      progress_total, progress_note, error, result, request_id)
  SELECT p.practice_id, job_kind,
      CASE every WHEN 'month' THEN to_char(local.day - interval '1 month', 'YYYY-MM') ELSE local.day::text END,
      '{}', 'queued', 0, 5, 0, 0, '', '', '{}', 'dispatch'
  FROM practice_practiceprofile p,
    LATERAL (SELECT (now() AT TIME ZONE p.timezone)::date AS day,
                    extract(hour FROM now() AT TIME ZONE p.timezone) AS hour) local
  WHERE local.hour >= p.night_hour
  ON CONFLICT (practice_id, kind, key) DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$;

-- A bulk load outruns autovacuum; without statistics the planner reads whole tables for each row of another.
CREATE FUNCTION refresh_statistics(names text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY names LOOP
    EXECUTE format('ANALYZE public.%I', one);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION refresh_statistics(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_statistics(text[]) TO wellrun_app;

REVOKE ALL ON FUNCTION take_jobs(int), sweep_jobs(), job_beat(uuid, int, int, text, int), dispatch_due(text, text)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_jobs(int), sweep_jobs(), dispatch_due(text, text) TO wellrun_relay;
GRANT EXECUTE ON FUNCTION job_beat(uuid, int, int, text, int) TO wellrun_jobs;
"""

# A session ends when no practice is left to its person; row-level security hides the other practices, so this
# function looks for one. VOLATILE: after waiting for the person's row it must see what the other one committed.
LIVE_MEMBERSHIP = """
CREATE FUNCTION has_live_membership(person uuid) RETURNS boolean
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM practice_membership WHERE user_id = person AND ended_at IS NULL) $$;
REVOKE ALL ON FUNCTION has_live_membership(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION has_live_membership(uuid) TO wellrun_app;
"""

# The tables known before a practice is: the app role may open a practice and rename it, no more; people are never
# deleted, and a secret's look-up row is made or removed, never bent to another row.
GLOBAL_RIGHTS = """
REVOKE INSERT, UPDATE, DELETE ON practice_practice FROM wellrun_app;
GRANT INSERT (id, slug, name), UPDATE (name) ON practice_practice TO wellrun_app;
REVOKE DELETE ON practice_user FROM wellrun_app;
REVOKE UPDATE ON practice_tokenlookup FROM wellrun_app;
"""
GLOBAL_RIGHTS_BACK = """
GRANT INSERT, UPDATE, DELETE ON practice_practice TO wellrun_app;
GRANT DELETE ON practice_user TO wellrun_app;
GRANT UPDATE ON practice_tokenlookup TO wellrun_app;
"""

# Practices opened before roles could ask for a second factor.
ROLES_WITH_A_SECOND_FACTOR = """
UPDATE practice_role SET requires_mfa = true WHERE code IN ('owner', 'manager', 'biller', 'hr', 'compliance');
"""

# Practices that stand already: their owners get what only owners may do.
OWNERS_PERMISSIONS = """
INSERT INTO practice_rolepermission (practice_id, role_id, permission)
SELECT r.practice_id, r.id, p.permission FROM practice_role r,
  (VALUES ('practice.export_practice'), ('practice.export_sealed'), ('practice.destroy_practice')) p (permission)
WHERE r.code = 'owner' ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# Practices that stand already: their default roles get what new practices start with around letters.
LETTER_PERMISSIONS = """
INSERT INTO practice_rolepermission (practice_id, role_id, permission)
SELECT r.practice_id, r.id, p.permission FROM practice_role r JOIN (VALUES
  ('practice.view_letter', 'owner manager front_desk physician biller outside_biller hr compliance auditor'),
  ('practice.send_letter', 'owner manager front_desk biller hr compliance'),
  ('practice.log_message', 'owner manager front_desk physician biller outside_biller hr compliance'),
  ('practice.change_letters', 'owner manager compliance')
) p (permission, roles) ON r.code = ANY (string_to_array(p.roles, ' '))
ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""
