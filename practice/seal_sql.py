"""The database's part of the audit seal and of the trail of people (ARCHITECTURE.md 5). Migrations run it.

The digest of a batch must come out the same for whoever computes it, in any session and after columns were
added: each function that digests fixes what the text of a value depends on, and every batch names its columns.
``practice.services.verification`` computes the same digests with statements of its own.
"""

# What the text of a value depends on. PostgreSQL's own defaults are not relied upon.
STEADY = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}

# One digest over rows: each row's text is hashed, the hashes in order of transaction and id are hashed again.
# ROW(...)::text quotes, so no two different rows have the same text.
DIGEST = (
    "sha256(coalesce(string_agg(sha256(convert_to(ROW({columns})::text, 'UTF8')), ''::bytea "
    "ORDER BY tx, id), ''::bytea))"
)


def _filled(text: str) -> str:
    """The SQL with what its functions have in common written in."""
    steady = " ".join(f"SET {name} = '{value}'" for name, value in STEADY.items())
    definer = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public"
    digest = DIGEST.replace("{columns}", "%s").replace("'", "''")  # it stands inside a string there
    return text.replace("{STEADY}", steady).replace("{OWN}", definer).replace("{DIGEST}", digest)


COVERED = """
-- Every append-only table, from the catalog: a table that is made later joins the seal by itself.
CREATE FUNCTION seal_covers() RETURNS TABLE (name text, tenant boolean, clock text, columns text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT c.relname::text, bool_or(a.attname = 'practice_id'),
      CASE WHEN bool_or(a.attname = 'created_at') THEN 'created_at' ELSE 'at' END,
      string_agg(quote_ident(a.attname), ',' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tx'
                AND t.atttypid = 'xid8'::regtype AND NOT t.attisdropped)
  GROUP BY c.relname $$;
GRANT EXECUTE ON FUNCTION seal_covers() TO wellrun_app;

-- The oldest transaction that may still write here. Transactions of other databases of the server cannot.
CREATE FUNCTION seal_horizon() RETURNS xid8 LANGUAGE sql VOLATILE SET search_path = pg_catalog, public AS $$
  WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS seen)
  SELECT coalesce(
    (SELECT min(running) FROM now, pg_snapshot_xip(now.seen) running
     WHERE NOT EXISTS (SELECT FROM pg_stat_activity a
                       WHERE a.datname <> current_database() AND a.backend_xid = running::xid)),
    (SELECT pg_snapshot_xmax(seen) FROM now)) $$;

-- Where each chain stands: its practice, and the transaction from which on nothing is sealed yet.
CREATE FUNCTION seal_heads() RETURNS TABLE (chain uuid, since xid8, started timestamptz)
  LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  WITH era AS (SELECT count(*) + 1 AS number, coalesce(max(started_at), '-infinity') AS started
               FROM practice_auditepoch)
  SELECT p.id, CASE WHEN s.epoch = era.number THEN s.upto ELSE '0'::xid8 END, era.started
  FROM era, (SELECT id FROM practice_practice UNION ALL SELECT '00000000-0000-0000-0000-000000000000') p
  LEFT JOIN LATERAL (SELECT l.epoch, l.upto FROM practice_auditseal l WHERE l.practice_id = p.id
                     ORDER BY l.number DESC LIMIT 1) s ON true $$;
"""

SEALING = _filled("""
CREATE FUNCTION seal_batch(chain uuid, horizon xid8, before timestamptz) RETURNS practice_auditseal
  LANGUAGE plpgsql SET search_path = pg_catalog, public {STEADY} AS $$
DECLARE
  last practice_auditseal; made practice_auditseal; part practice_auditsealpart; parts practice_auditsealpart[];
  one record; shape practice_auditshape; era int; started timestamptz; said text := '';
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('seal:' || chain, 0));
  SELECT count(*) + 1, coalesce(max(e.started_at), '-infinity') INTO era, started FROM practice_auditepoch e;
  SELECT * INTO last FROM practice_auditseal s WHERE s.practice_id = chain ORDER BY s.number DESC LIMIT 1;
  made.id := uuidv7(); made.practice_id := chain; made.number := coalesce(last.number, 0) + 1; made.epoch := era;
  made.since := CASE WHEN last.epoch = era THEN last.upto ELSE '0'::xid8 END;
  made.upto := horizon; made.rows := 0; made.previous := coalesce(last.digest, ''::bytea);
  made.at := clock_timestamp();
  IF made.upto <= made.since THEN RETURN NULL; END IF;
  FOR one IN SELECT * FROM seal_covers() c ORDER BY c.name COLLATE "C" LOOP
    CONTINUE WHEN NOT one.tenant AND chain <> '00000000-0000-0000-0000-000000000000';
    EXECUTE format('SELECT count(*) AS rows, {DIGEST} AS digest, '
        'min(%I) AS first_at, max(%I) AS last_at FROM public.%I WHERE %s tx >= %L AND tx < %L AND %I >= %L AND %I < %L',
        one.columns, one.clock, one.clock, one.name,
        CASE WHEN one.tenant THEN format('practice_id = %L AND', chain) ELSE '' END,
        made.since, made.upto, one.clock, started, one.clock, before)
      INTO part.rows, part.digest, part.first_at, part.last_at;
    CONTINUE WHEN part.rows = 0;
    shape := NULL;
    SELECT * INTO shape FROM practice_auditshape s WHERE s.practice_id = chain AND s.table_name = one.name
      AND s.columns = one.columns;
    IF shape.id IS NULL THEN
      INSERT INTO practice_auditshape (practice_id, table_name, columns, digest)
        VALUES (chain, one.name, one.columns, sha256(convert_to(one.name || '|' || one.columns, 'UTF8')))
        RETURNING * INTO shape;
    END IF;
    part.id := uuidv7(); part.practice_id := chain; part.seal_id := made.id;
    part.table_name := one.name; part.shape_id := shape.id;
    parts := parts || part; made.rows := made.rows + part.rows;
    said := said || concat_ws('|', one.name, encode(shape.digest, 'hex'), part.rows, encode(part.digest, 'hex'),
        (extract(epoch FROM part.first_at) * 1000000)::bigint, (extract(epoch FROM part.last_at) * 1000000)::bigint)
        || E'\\n';
  END LOOP;
  IF made.rows = 0 THEN RETURN NULL; END IF;
  made.digest := sha256(made.previous || convert_to(concat_ws('|', chain, made.number, era, made.since, made.upto,
      made.rows, (extract(epoch FROM made.at) * 1000000)::bigint) || E'\\n' || said, 'UTF8'));
  INSERT INTO practice_auditseal SELECT made.*;
  INSERT INTO practice_auditsealpart SELECT p.* FROM unnest(parts) p;
  RETURN made;
END $$;

-- The two doors of the sealer (role wellrun_relay): which chains have something new, and seal one of them.
CREATE FUNCTION seals_due() RETURNS SETOF uuid {OWN} AS $$
DECLARE one record; horizon xid8 := seal_horizon(); floor timestamptz;
BEGIN
  SELECT coalesce(max(e.started_at), '-infinity') INTO floor FROM practice_auditepoch e;
  FOR one IN SELECT * FROM seal_covers() LOOP
    RETURN QUERY EXECUTE format('SELECT h.chain FROM seal_heads() h WHERE %s EXISTS (SELECT FROM public.%I t WHERE '
        '%s t.tx >= h.since AND t.tx < %L AND t.%I >= %L)',
        CASE WHEN one.tenant THEN '' ELSE 'h.chain = ''00000000-0000-0000-0000-000000000000'' AND' END,
        one.name, CASE WHEN one.tenant THEN 't.practice_id = h.chain AND' ELSE '' END, horizon, one.clock, floor);
  END LOOP;
END $$;

CREATE FUNCTION seal_chain(chain uuid)
  RETURNS TABLE (slug text, number int, epoch int, digest text, rows bigint, at timestamptz) {OWN} AS $$
DECLARE made practice_auditseal;
BEGIN
  made := seal_batch(chain, seal_horizon(), 'infinity');
  IF made.id IS NOT NULL THEN
    RETURN QUERY SELECT coalesce((SELECT p.slug::text FROM practice_practice p WHERE p.id = chain), 'global'),
        made.number, made.epoch, encode(made.digest, 'hex'), made.rows, made.at;
  END IF;
END $$;

-- When the oldest row was written that no batch holds yet: of the practice that is set, or of all of them.
CREATE FUNCTION seal_oldest(everywhere boolean) RETURNS timestamptz {OWN} AS $$
DECLARE one record; found timestamptz; oldest timestamptz;
  mine uuid := NULLIF(current_setting('app.practice_id', true), '')::uuid;
BEGIN
  FOR one IN SELECT * FROM seal_covers() c WHERE c.tenant OR everywhere LOOP
    EXECUTE format('SELECT min(f.written) FROM seal_heads() h, LATERAL (SELECT t.%I AS written FROM public.%I t '
        'WHERE %s t.tx >= h.since AND t.%I >= h.started ORDER BY t.tx LIMIT 1) f WHERE %s', one.clock, one.name,
        CASE WHEN one.tenant THEN 't.practice_id = h.chain AND' ELSE '' END, one.clock,
        CASE WHEN NOT one.tenant THEN 'h.chain = ''00000000-0000-0000-0000-000000000000'''
             WHEN everywhere THEN 'true' ELSE format('h.chain = %L', mine) END) INTO found;
    oldest := least(oldest, found);
  END LOOP;
  RETURN oldest;
END $$;

REVOKE ALL ON FUNCTION seal_covers(), seal_horizon(), seal_heads(), seal_batch(uuid, xid8, timestamptz), seals_due(),
  seal_chain(uuid), seal_oldest(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seals_due(), seal_chain(uuid) TO wellrun_relay;
GRANT EXECUTE ON FUNCTION seal_oldest(boolean) TO wellrun_app;
REVOKE INSERT, UPDATE, DELETE ON practice_auditepoch FROM wellrun_app;
""")

# Owner only: a restore counts transactions from another number, so what is new is told from what is old by time.
EPOCHS = """
CREATE FUNCTION start_epoch(why text)
  RETURNS TABLE (slug text, chain uuid, epoch int, number int, started_at timestamptz)
  LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE one record; next int; newest timestamptz; floor timestamptz; head record;
BEGIN
  FOR one IN SELECT * FROM seal_covers() LOOP
    EXECUTE format('LOCK TABLE public.%I IN SHARE ROW EXCLUSIVE MODE', one.name);
    EXECUTE format('SELECT greatest(%L, max(%I)) FROM public.%I', newest, one.clock, one.name) INTO newest;
  END LOOP;
  floor := clock_timestamp();
  IF newest >= floor THEN
    RAISE EXCEPTION 'the newest row is of %, the clock of this server says %: set the clock first', newest, floor;
  END IF;
  SELECT count(*) + 2 INTO next FROM practice_auditepoch;
  FOR head IN SELECT p.id, p.slug::text AS slug, (SELECT coalesce(max(s.number), 0) FROM practice_auditseal s
                  WHERE s.practice_id = p.id) AS number
              FROM (SELECT r.id, r.slug FROM practice_practice r
                    UNION ALL SELECT '00000000-0000-0000-0000-000000000000', 'global') p LOOP
    PERFORM seal_batch(head.id, '18446744073709551615', floor);
    slug := head.slug; chain := head.id; epoch := next; number := head.number; started_at := floor;
    RETURN NEXT;
  END LOOP;
  INSERT INTO practice_auditepoch (number, started_at, transaction, reason)
    VALUES (next, floor, pg_current_xact_id(), left(why, 200));
  -- Only rows of the new epoch are looked for by transaction from now on.
  FOR one IN SELECT * FROM seal_covers() LOOP
    EXECUTE format('DROP INDEX IF EXISTS public.%I', one.name || '_tx');
    EXECUTE format('CREATE INDEX %I ON public.%I (%s tx) WHERE %I >= %L', one.name || '_tx', one.name,
        CASE WHEN one.tenant THEN 'practice_id,' ELSE '' END, one.clock, floor);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION start_epoch(text) FROM PUBLIC;
"""

PEOPLE = _filled("""
-- What people do at the door, whether or not a practice is known. Written by the web process after the answer's
-- own transaction; ``typed`` is a keyed hash.
CREATE FUNCTION note_person(what text, person uuid, typed text, peer inet, request text) RETURNS void {OWN} AS $$
BEGIN
  INSERT INTO practice_auditglobal (table_name, row_id, action, columns, actor, event, detail, address, request_id)
    VALUES ('practice_user', person, '', '[]', coalesce('user:' || person, ''), left(what, 40), left(typed, 80), peer,
            left(request, 80));
END $$;

-- Newest first: the door of the people of the practice that is set, while they belonged to it.
CREATE FUNCTION people_at_the_door(who uuid, kinds text[], since timestamptz, until timestamptz, after uuid, most int)
  RETURNS TABLE (id uuid, person uuid, event text, detail text, address inet, at timestamptz) {OWN} AS $$
BEGIN
  RETURN QUERY SELECT g.id, g.row_id, g.event::text, g.detail::text, g.address, g.at
    FROM practice_membership m CROSS JOIN LATERAL (
      SELECT * FROM practice_auditglobal l WHERE l.row_id = m.user_id AND l.event <> ''
        AND l.at >= m.created_at AND (m.ended_at IS NULL OR l.at <= m.ended_at)
        AND (kinds IS NULL OR l.event = ANY (kinds)) AND (since IS NULL OR l.at >= since)
        AND (until IS NULL OR l.at < until) AND (after IS NULL OR l.id < after)
      ORDER BY l.id DESC LIMIT most) g
    WHERE m.practice_id = NULLIF(current_setting('app.practice_id', true), '')::uuid
      AND (who IS NULL OR m.user_id = who)
    ORDER BY g.id DESC LIMIT most;
END $$;
REVOKE ALL ON FUNCTION note_person(text, uuid, text, inet, text),
  people_at_the_door(uuid, text[], timestamptz, timestamptz, uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_person(text, uuid, text, inet, text),
  people_at_the_door(uuid, text[], timestamptz, timestamptz, uuid, int) TO wellrun_app;

-- Second factors and addresses are allauth's tables: who changed them shows even past the product.
CREATE FUNCTION audit_of_person() RETURNS trigger {OWN} AS $$
DECLARE changed jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(n.key), '[]') INTO changed FROM jsonb_each(to_jsonb(coalesce(NEW, OLD))) n
    WHERE TG_OP <> 'UPDATE' OR n.value IS DISTINCT FROM to_jsonb(OLD) -> n.key;
  IF changed IN ('[]', '["last_used_at"]') THEN RETURN NULL; END IF;
  INSERT INTO practice_auditglobal (table_name, row_id, action, columns)
    VALUES (TG_TABLE_NAME, coalesce(NEW.user_id, OLD.user_id), left(TG_OP, 1), changed);
  RETURN NULL;
END $$;
CREATE TRIGGER audit_of_person AFTER INSERT OR UPDATE OR DELETE ON mfa_authenticator
  FOR EACH ROW EXECUTE FUNCTION audit_of_person();
CREATE TRIGGER audit_of_person AFTER INSERT OR UPDATE OR DELETE ON account_emailaddress
  FOR EACH ROW EXECUTE FUNCTION audit_of_person();
""")

MAKE = COVERED + SEALING + EPOCHS + PEOPLE
DROP = """
DROP FUNCTION audit_of_person() CASCADE;
DROP FUNCTION seals_due(), seal_chain(uuid), seal_oldest(boolean), start_epoch(text),
  seal_batch(uuid, xid8, timestamptz), seal_heads(), seal_horizon(), seal_covers(),
  note_person(text, uuid, text, inet, text),
  people_at_the_door(uuid, text[], timestamptz, timestamptz, uuid, int);
"""
