"""The SQL that fills the bench's tables. Names come from syllables, so every prefix has its share of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patients import search_sql

if TYPE_CHECKING:
    from bench.world import World

ONSETS = (
    "{Ba,Be,Bro,Ca,Che,Co,Da,De,Fa,Ga,Gon,Ha,Hu,Ja,Ka,Ki,"
    "La,Le,Lo,Ma,Mc,Mo,Na,O,Pa,Pe,Ra,Ro,Sa,Sch,Smi,Ste,Ta,Tho,Va,Wa,Wi,Wu,Ya,Za}"
)
CODAS = "{son,ton,man,berg,ley,ez,as,ski,ng,lis,mer,field,th,ard,nne,well,ks,ville,chez,ers,ini,a,o,den,ford}"
FIRST = (
    "{Ana,Ben,Carla,Dan,Eve,Frank,Gina,Hal,Ida,Jon,Kim,Leo,Mia,"
    "Ned,Ola,Pia,Quin,Rosa,Sam,Tess,Uma,Vic,Wes,Xena,Yan,Zoe}"
)

OTHERS = """
INSERT INTO practice_practice (id, slug, name)
SELECT uuidv7(), 'other-' || n, 'Other ' || n FROM generate_series(1, %(others)s) n
"""
PATIENTS = f"""
INSERT INTO patients_patient (practice_id, mrn, first_name, last_name, birth_date, sex, ssn, ssn_last4, phone, email,
  address_line, city, state, postal_code, is_restricted, restriction_reason, entered_in_error)
SELECT %(practice)s::uuid, (100000 + n)::text,
  ('{FIRST}'::text[])[1 + n %% 26],
  ('{ONSETS}'::text[])[1 + (n * 7) %% 40] || ('{CODAS}'::text[])[1 + (n / 40) %% 25]
    || CASE WHEN n %% 11 = 0 THEN '-' || ('{ONSETS}'::text[])[1 + n %% 40] ELSE '' END,
  date '1935-01-01' + (n * 37) %% 32000, CASE WHEN n %% 2 = 0 THEN 'F' ELSE 'M' END, '', '',
  (2120000000 + n)::text, '', n || ' Main Street', 'Springfield', 'NY', '10001', false, '', false
FROM generate_series(1, %(many)s) n
"""
VISITS = """
CREATE TEMP TABLE seat AS SELECT provider_id, row_number() OVER (ORDER BY id) - 1 AS n, id AS resource_id
  FROM scheduling_resource WHERE practice_id = %(practice)s;
CREATE TEMP TABLE person AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM patients_patient
  WHERE practice_id = %(practice)s;
CREATE INDEX ON person (n);
ANALYZE person;
INSERT INTO scheduling_appointment (practice_id, patient_id, provider_id, location_id, type_id, starts_at, ends_at,
  local_day, status, cancelled_by, cancel_reason, reason, is_new_patient, created_via, version)
SELECT %(practice)s, person.id, seat.provider_id, %(location)s, %(type)s, slot.at, slot.at + interval '20 minutes',
  slot.day, 'completed', '', '', '', false, 'import', 1
FROM generate_series(0, %(visits)s - 1) v
JOIN seat ON seat.n = v %% %(providers)s
JOIN person ON person.n = (v * 7919::bigint) %% %(large)s
CROSS JOIN LATERAL (SELECT v / %(providers)s %% 24 AS slot, v / %(providers)s / 24 AS day) cell
CROSS JOIN LATERAL (SELECT %(last_day)s::date - 7 * (cell.day / 5) - cell.day %% 5 AS day) on_day
CROSS JOIN LATERAL (SELECT on_day.day, (on_day.day + time '08:00' + cell.slot * interval '20 minutes'
  + CASE WHEN cell.slot >= 12 THEN interval '1 hour' ELSE interval '0' END) AT TIME ZONE 'America/New_York' AS at) slot;
INSERT INTO scheduling_resourcebooking (practice_id, appointment_id, resource_id, lane, starts_at, ends_at, active,
  overbooked_by, overbook_reason)
SELECT a.practice_id, a.id, seat.resource_id, 0, a.starts_at, a.ends_at, true, '', ''
FROM scheduling_appointment a JOIN seat ON seat.provider_id = a.provider_id WHERE a.practice_id = %(practice)s;
"""
# The other practices' providers are open when the first of the large practice is.
OPEN_TIME = """
INSERT INTO scheduling_availabilityblock (practice_id, resource_id, local_day, starts_at, ends_at, kind, label)
SELECT r.practice_id, r.id, b.local_day, b.starts_at, b.ends_at, b.kind, b.label
FROM scheduling_resource r
JOIN scheduling_availabilityblock b ON b.resource_id = (
  SELECT id FROM scheduling_resource WHERE practice_id = %(practice)s AND kind = 'provider' ORDER BY id LIMIT 1)
WHERE r.practice_id <> %(practice)s AND r.kind = 'provider'
"""
LOADED = (
    "patients_patient", "patients_patientword", "scheduling_appointment", "scheduling_resourcebooking",
    "billing_charge",
)  # fmt: skip
KEYS = (
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])"
)


def everything(cursor: Any, *, world: World) -> None:
    """Other practices, patients, visits with their lanes; without the change trail, which would only slow the load, and
    with keys made again at the end: checked in one go instead of row by row.
    """
    keys = without_keys(cursor)
    cursor.execute(OTHERS, {"others": world.size.others})
    cursor.execute("SELECT id::text FROM practice_practice WHERE slug LIKE 'other-%'")
    for (practice,) in cursor.fetchall():
        cursor.execute(PATIENTS, {"practice": practice, "many": world.size.each})
    cursor.execute(PATIENTS, {"practice": str(world.small.id), "many": 1_000})
    cursor.execute(PATIENTS, {"practice": str(world.practice.id), "many": world.size.large})
    cursor.execute(search_sql.FILL)  # the trigger that keeps them is off with the others
    visits(cursor, world=world, many=world.size.visits, people=world.size.large)
    for table in LOADED:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    cursor.execute("VACUUM ANALYZE")


def without_keys(cursor: Any) -> list[tuple[str, str, str]]:
    """Take keys and triggers off the tables that are loaded; the keys, to make them again."""
    cursor.execute(KEYS, [list(LOADED)])
    keys: list[tuple[str, str, str]] = cursor.fetchall()
    for table, name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table in LOADED:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return keys


def visits(cursor: Any, *, world: World, many: int, people: int) -> None:
    """Completed visits of the large practice, day by day back from its last day."""
    cursor.execute(
        VISITS,
        {
            "practice": str(world.practice.id),
            "location": str(world.location.pk),
            "type": str(world.visit_type.pk),
            "visits": many,
            "providers": world.size.providers,
            "large": people,
            "last_day": world.last_day,
        },
    )
