"""ARCHITECTURE.md 3 as questions to pg_catalog: each returns the sentences of what breaks it, so none is right.

Every rule comes with a violation to plant: a rule that cannot fail proves nothing. All of it runs as the owner.
"""

from __future__ import annotations

from dataclasses import dataclass

CURRENT = (
    "(practice_id = ( SELECT (NULLIF(current_setting('app.practice_id'::text, true), ''::text))::uuid "
    'AS "nullif"))'
)
OWN = (
    "(user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS \"nullif\"))"
)
OURS = "'wellrun_app', 'wellrun_jobs', 'wellrun_relay'"
# %(globals)s is the list of tables that belong to no practice; partitions count as tables of their own.
TENANT = (
    "SELECT c.oid, c.relname AS name, c.relrowsecurity, c.relforcerowsecurity, c.relispartition FROM pg_class c "
    "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
    "AND c.relname <> ALL (%(globals)s)"
)
# pg_roles and pg_auth_members may be stood in for by a temporary table of the planted violation.
PLANT_ROLES = (
    "CREATE TEMP TABLE pg_roles AS SELECT * FROM pg_catalog.pg_roles; "
    "SET LOCAL search_path = pg_temp, pg_catalog, public; "
)
PLANT_MEMBERS = (
    "CREATE TEMP TABLE pg_auth_members AS SELECT * FROM pg_catalog.pg_auth_members; "
    "SET LOCAL search_path = pg_temp, pg_catalog, public; "
)


@dataclass(frozen=True)
class Rule:
    """What must hold, the question that finds what breaks it, and DDL that breaks it."""

    says: str
    finds: str
    plant: str


RULES = {
    "forced": Rule(
        "Row-level security is enabled and forced on every table of a practice, partitions too",
        f"SELECT name FROM ({TENANT}) t WHERE NOT relrowsecurity OR NOT relforcerowsecurity",
        "ALTER TABLE practice_location NO FORCE ROW LEVEL SECURITY",
    ),
    "unknown_table": Rule(
        "A table that nobody thought of is found",
        f"SELECT name FROM ({TENANT}) t WHERE NOT relrowsecurity",
        "CREATE TABLE forgotten (id uuid)",
    ),
    "tenant_policy": Rule(
        "The tenant policy is for every command and everybody, word for word the same for reading and writing",
        f"SELECT t.name FROM ({TENANT}) t WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid "
        "AND p.polname = 'tenant' AND p.polcmd = '*' AND p.polpermissive AND p.polroles = '{0}' "
        "AND pg_get_expr(p.polqual, p.polrelid) = %(current)s "
        "AND pg_get_expr(p.polwithcheck, p.polrelid) = %(current)s)",
        "DROP POLICY tenant ON practice_location; CREATE POLICY tenant ON practice_location USING (true)",
    ),
    "other_policy": Rule(
        "No further policy lets anybody but the owner see or write more",
        f"SELECT t.name || '.' || p.polname FROM ({TENANT}) t JOIN pg_policy p ON p.polrelid = t.oid "
        "WHERE p.polpermissive AND p.polname <> 'tenant' "
        "AND NOT (p.polname = 'owner' AND p.polroles = ARRAY['wellrun_owner'::regrole::oid]) "
        "AND NOT (p.polname = 'own_memberships' AND t.name = 'practice_membership' AND p.polcmd = 'r' "
        "AND pg_get_expr(p.polqual, p.polrelid) = %(own)s)",
        "CREATE POLICY wider ON practice_location FOR SELECT USING (name = 'x')",
    ),
    "practice_column": Rule(
        "practice_id is a uuid and never empty",
        f"SELECT t.name FROM ({TENANT}) t WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid "
        "AND a.attname = 'practice_id' AND a.attnotnull AND a.atttypid = 'uuid'::regtype)",
        "ALTER TABLE practice_location ALTER practice_id DROP NOT NULL",
    ),
    "practice_key": Rule(
        "practice_id is part of a foreign key; the change trail alone has none, for it outlives what it tells of",
        f"SELECT t.name FROM ({TENANT}) t WHERE t.name <> ALL (%(keyless)s) "
        "AND NOT EXISTS (SELECT FROM pg_constraint k "
        "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'practice_id' "
        "WHERE k.conrelid = t.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))",
        "CREATE TABLE loose (id uuid PRIMARY KEY, practice_id uuid NOT NULL)",
    ),
    "composite_key": Rule(
        "A key from one table of a practice to another is (practice_id, x) -> (practice_id, id)",
        f"WITH t AS ({TENANT}) SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k "
        "JOIN t a ON a.oid = k.conrelid JOIN t b ON b.oid = k.confrelid WHERE k.contype = 'f' AND k.conparentid = 0 "
        "AND (SELECT array_agg(attname::text ORDER BY o) FROM unnest(k.confkey) WITH ORDINALITY u(n, o) "
        "JOIN pg_attribute ON attrelid = k.confrelid AND attnum = n) <> ARRAY['practice_id', 'id'] "
        "OR k.contype = 'f' AND b.oid = k.confrelid AND (SELECT attname FROM pg_attribute "
        "WHERE attrelid = k.conrelid AND attnum = k.conkey[1]) <> 'practice_id'",
        "ALTER TABLE practice_room ADD FOREIGN KEY (location_id) REFERENCES practice_location (id)",
    ),
    "pointed_in": Rule(
        "No table outside of the practices has a key into one",
        f"WITH t AS ({TENANT}) SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k "
        "JOIN t b ON b.oid = k.confrelid WHERE k.contype = 'f' AND k.conrelid NOT IN (SELECT oid FROM t)",
        "ALTER TABLE practice_user ADD COLUMN site uuid REFERENCES practice_location (id)",
    ),
    "leaned_on": Rule(
        "Every table of a practice has the (practice_id, id) key that others lean on",
        f"SELECT t.name FROM ({TENANT}) t WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid "
        "AND pg_get_constraintdef(k.oid) = 'UNIQUE (practice_id, id)')",
        "CREATE TABLE leaning (id uuid PRIMARY KEY, practice_id uuid NOT NULL)",
    ),
    "unique": Rule(
        "Every unique index starts with practice_id, the primary key on the uuid excepted",
        f"SELECT i.indexrelid::regclass::text FROM ({TENANT}) t JOIN pg_index i ON i.indrelid = t.oid "
        "LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] WHERE i.indisunique "
        "AND coalesce(a.attname, '') <> 'practice_id' "
        "AND NOT (i.indisprimary AND i.indnkeyatts = 1 AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype)",
        "CREATE UNIQUE INDEX oracle ON practice_location (name, practice_id)",
    ),
    "exclusion": Rule(
        "An exclusion constraint compares the practice, or an id that belongs to one",
        f"SELECT k.conname::text FROM ({TENANT}) t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'x' "
        "WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey) "
        "AND a.atttypid = 'uuid'::regtype)",
        "ALTER TABLE practice_location ADD EXCLUDE USING btree (name WITH =)",
    ),
    "views": Rule(
        "Views run as their caller; nothing is materialised",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' "
        "OR relkind = 'v' AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on'])",
        "CREATE VIEW leaky AS SELECT * FROM practice_location",
    ),
    "materialised": Rule(
        "A materialised view is found",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'",
        "CREATE MATERIALIZED VIEW stale AS SELECT * FROM practice_location",
    ),
    "partitions": Rule(
        "A partition grants no right that its whole table does not",
        "SELECT c.relname || ' ' || r FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition, "
        "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) r WHERE has_table_privilege('wellrun_app', c.oid, r) "
        "AND NOT has_table_privilege('wellrun_app', i.inhparent, r)",
        "CREATE TABLE whole (id uuid) PARTITION BY HASH (id); REVOKE ALL ON whole FROM wellrun_app; "
        "CREATE TABLE part PARTITION OF whole FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    ),
    "roles": Rule(
        "None of our accounts is more than it must be; only the owner may make databases",
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'wellrun\\_%%' AND rolname <> 'wellrun_admin' "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication "
        "OR rolcreatedb AND rolname <> 'wellrun_owner')",
        PLANT_ROLES + "UPDATE pg_roles SET rolbypassrls = true WHERE rolname = 'wellrun_app'",
    ),
    "members": Rule(
        "The worker's account is in the web's, which it cannot become; no account of ours is in any other",
        "SELECT m.member::regrole || ' in ' || m.roleid::regrole FROM pg_auth_members m WHERE m.member::regrole::text "
        f"IN ({OURS}) AND NOT (m.member = 'wellrun_jobs'::regrole AND m.roleid = 'wellrun_app'::regrole "
        "AND m.inherit_option AND NOT m.set_option AND NOT m.admin_option)",
        PLANT_MEMBERS + "UPDATE pg_auth_members SET roleid = 'wellrun_owner'::regrole "
        "WHERE member = 'wellrun_jobs'::regrole",
    ),
    "owned": Rule(
        "What the accounts use belongs to none of them",
        f"SELECT classid::regclass || ' ' || objid FROM pg_shdepend WHERE deptype = 'o' "
        f"AND refobjid::regrole::text IN ({OURS}) "
        "AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
        "CREATE TEMP TABLE pg_shdepend AS SELECT * FROM pg_catalog.pg_shdepend LIMIT 1; "
        "UPDATE pg_shdepend SET deptype = 'o', refobjid = 'wellrun_app'::regrole, "
        "dbid = (SELECT oid FROM pg_database WHERE datname = current_database()); "
        "SET LOCAL search_path = pg_temp, pg_catalog, public",
    ),
    "schema": Rule(
        "Only the owner makes tables",
        f"SELECT r FROM unnest(ARRAY[{OURS}, 'public']) r WHERE has_schema_privilege(r, 'public', 'CREATE')",
        "GRANT CREATE ON SCHEMA public TO wellrun_app",
    ),
    "functions": Rule(
        "No function of ours is open to everybody",
        "SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') "
        "AND p.prorettype <> 'trigger'::regtype AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, "
        "acldefault('f', p.proowner))) a WHERE a.grantee = 0 AND p.prosecdef)",
        "CREATE FUNCTION open_door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; "
        "GRANT EXECUTE ON FUNCTION open_door() TO PUBLIC",
    ),
    "search_path": Rule(
        "A function that runs as the owner, and every trigger's, pins where it looks names up",
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef "
        "AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=pg_catalog, public']",
        "CREATE FUNCTION lost() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ),
    "new_tables": Rule(
        "A new table gives the app four rights and nobody else any; a new function is closed",
        "SELECT defaclobjtype::text || ' ' || a.grantee::regrole || ' ' || a.privilege_type FROM pg_default_acl d, "
        "aclexplode(d.defaclacl) a WHERE d.defaclrole = 'wellrun_owner'::regrole AND a.grantee <> d.defaclrole "
        "AND NOT (a.grantee = 'wellrun_app'::regrole AND (d.defaclobjtype = 'r' "
        "AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') "
        "OR d.defaclobjtype = 'S' AND a.privilege_type IN ('USAGE', 'SELECT'))) "
        "UNION ALL SELECT 'functions are open' WHERE NOT EXISTS (SELECT FROM pg_default_acl WHERE "
        "defaclrole = 'wellrun_owner'::regrole AND defaclobjtype = 'f' AND defaclnamespace = 0)",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO wellrun_relay",
    ),
    "mighty_rights": Rule(
        "Nobody but the owner may truncate, point at or put triggers on a table",
        f"SELECT c.relname || ' ' || r || ' ' || p FROM pg_class c, unnest(ARRAY[{OURS}]) r, "
        "unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) p "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') "
        "AND has_table_privilege(r, c.oid, p)",
        "GRANT TRUNCATE ON practice_auditaccess TO wellrun_app",
    ),
    "relay": Rule(
        "The relay reads and writes no table; the worker has no right of its own; everybody has none",
        "SELECT c.relname || ' ' || a.grantee || ' ' || a.privilege_type FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner "
        "AND a.grantee <> 'wellrun_app'::regrole",
        "GRANT SELECT ON practice_user TO PUBLIC",
    ),
    "sequences": Rule(
        "The app draws numbers and cannot set them back",
        f"SELECT c.relname || ' ' || r FROM pg_class c, unnest(ARRAY[{OURS}]) r WHERE c.relkind = 'S' "
        "AND c.relnamespace = 'public'::regnamespace AND has_sequence_privilege(r, c.oid, 'UPDATE')",
        "CREATE SEQUENCE counted; GRANT UPDATE ON SEQUENCE counted TO wellrun_app",
    ),
    "triggers": Rule(
        "No trigger of ours is switched off",
        "SELECT t.tgrelid::regclass || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND t.tgenabled NOT IN ('O', 'A')",
        "ALTER TABLE practice_location DISABLE TRIGGER audit_row",
    ),
    "unlogged": Rule(
        "No table loses its rows in a crash",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND relpersistence <> 'p'",
        "CREATE UNLOGGED TABLE fleeting (id uuid)",
    ),
}  # fmt: skip
