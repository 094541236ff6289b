"""The bench's queries as bare SQL with an explicit practice: what the floor runs and raw SQL is timed with."""

from __future__ import annotations

COLUMNS = (
    "id, mrn, first_name, last_name, birth_date, sex, phone, email, address_line, city, state, postal_code, "
    "usual_provider_id, deceased_on, is_restricted, updated_at"
)
_PATIENTS = (
    f"SELECT {COLUMNS} FROM patients_patient "
    "WHERE practice_id = %(practice)s AND NOT entered_in_error AND merged_into_id IS NULL"
)
_BY_NAME = " ORDER BY last_name_key, first_name_key, id LIMIT 20"


def _with_word(kinds: str) -> str:
    return (
        f"{_PATIENTS} AND id IN (SELECT patient_id FROM patients_patientword WHERE practice_id = %(practice)s "
        f"AND kind IN ({kinds}) AND word >= %(a)s AND word < %(b)s){_BY_NAME}"
    )


PROBE = _PATIENTS + " ORDER BY last_name_key, first_name_key, id LIMIT 25"
# What the product's search means by what is typed: a part of a name, a telephone or record number that begins so.
SEARCH = {
    "name": _with_word("'name'"),
    "phone": _with_word("'phone'"),
    "born": f"{_PATIENTS} AND birth_date = %(a)s{_BY_NAME}",
    "number": _with_word("'phone', 'number', 'member'"),
}
DAY = (
    "SELECT * FROM scheduling_appointment WHERE practice_id = %s AND provider_id = %s AND local_day = %s "
    "ORDER BY id LIMIT 51"
)
BOOK_VISIT = """
INSERT INTO scheduling_appointment (practice_id, patient_id, provider_id, location_id, type_id, starts_at, ends_at,
  local_day, status, cancelled_by, cancel_reason, reason, is_new_patient, created_via, version)
VALUES (%(practice)s, %(patient)s, %(provider)s, %(location)s, %(type)s, %(starts_at)s, %(ends_at)s,
  (%(starts_at)s::timestamptz AT TIME ZONE 'America/New_York')::date, 'booked', '', '', '', false, 'api', 1)
RETURNING *
"""
BOOK_LANE = """
INSERT INTO scheduling_resourcebooking (practice_id, appointment_id, resource_id, lane, starts_at, ends_at, active,
  overbooked_by, overbook_reason)
VALUES (%(practice)s, %(appointment)s, %(resource)s, 0, %(starts_at)s, %(ends_at)s, true, '', '')
"""
FIRST_AVAILABLE = """
WITH b AS MATERIALIZED (
  SELECT resource_id, starts_at, ends_at FROM scheduling_availabilityblock
  WHERE practice_id = %(practice)s AND local_day >= current_date AND local_day < current_date + %(days)s
    AND kind = 'open' AND ends_at > now()
), free AS (
  SELECT b.resource_id, unnest(
    tstzmultirange(tstzrange(LEAST(GREATEST(b.starts_at, now()), b.ends_at), b.ends_at)) - COALESCE((
      SELECT range_agg(k.during) FROM scheduling_resourcebooking k
      WHERE k.practice_id = %(practice)s AND k.resource_id = b.resource_id AND k.active
        AND k.starts_at < b.ends_at AND k.starts_at > b.starts_at - interval '1 day' AND k.ends_at > b.starts_at),
    '{}')) AS gap
  FROM b
)
SELECT resource_id, at FROM free
CROSS JOIN LATERAL generate_series(
  lower(gap), upper(gap) - make_interval(mins => %(minutes)s), interval '10 minutes') at
ORDER BY at LIMIT 9
"""
