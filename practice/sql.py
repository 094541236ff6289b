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
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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

# What jobs may do across practices while they run; handing them out is in operating_sql.py (ARCHITECTURE.md 6).
JOB_FUNCTIONS = """
CREATE FUNCTION job_beat(job uuid, done int, total int, note text, lease_seconds int) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE practice_jobrun SET progress_done = done, progress_total = total, progress_note = left(note, 200),
      lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
  WHERE id = job AND state = 'running' RETURNING true $$;

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

REVOKE ALL ON FUNCTION job_beat(uuid, int, int, text, int) FROM PUBLIC;
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
# deleted, and a secret's look-up row is made or removed, never bent to another row. The list of destroyed
# practices is the tables' owner's alone.
GLOBAL_RIGHTS = """
REVOKE INSERT, UPDATE, DELETE ON practice_practice FROM wellrun_app;
GRANT INSERT (id, slug, name), UPDATE (name) ON practice_practice TO wellrun_app;
REVOKE DELETE ON practice_user FROM wellrun_app;
REVOKE UPDATE ON practice_tokenlookup FROM wellrun_app;
REVOKE ALL ON practice_destroyedpractice FROM wellrun_app;
"""
GLOBAL_RIGHTS_BACK = """
GRANT INSERT, UPDATE, DELETE ON practice_practice TO wellrun_app;
GRANT DELETE ON practice_user TO wellrun_app;
GRANT UPDATE ON practice_tokenlookup TO wellrun_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON practice_destroyedpractice TO wellrun_app;
"""
