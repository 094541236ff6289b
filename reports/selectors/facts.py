"""The rows each key figure counts: one SELECT per numerator or denominator, read by rollup and drill alike.

Every SELECT gives ``day, key, kind, record_id, location_id, patient_id, amount, since, note`` for rows of the
practice ``%(practice)s`` between ``%(first)s`` and ``%(last)s``. ``key`` orders the rows of a day, ``kind`` says
what record it is, ``since`` is where a lag or an age starts. Figure and rows cannot differ: they are one query.
"""

from __future__ import annotations

from typing import Any, Final

from scheduling import access_sql, flow_sql

_VISIT = """
SELECT a.local_day AS day, a.id::text AS key, 'appointment' AS kind, a.id AS record_id, a.location_id, a.patient_id,
       1::numeric AS amount, NULL::date AS since, a.status::text AS note
FROM scheduling_appointment a
WHERE a.practice_id = %(practice)s AND a.local_day BETWEEN %(first)s AND %(last)s
"""
# Seen before: an earlier completed visit at any site within the years a patient stays established.
_NEW = """
 AND a.status = 'completed' AND NOT EXISTS (
  SELECT 1 FROM scheduling_appointment b
  WHERE b.practice_id = a.practice_id AND b.patient_id = a.patient_id AND b.status = 'completed'
    AND b.starts_at <= a.starts_at AND (b.starts_at < a.starts_at OR b.id < a.id)
    AND b.local_day >= (a.local_day - make_interval(years => %(new_years)s))::date)
"""
# A reversal counts as what it takes back.
_MONEY = """
SELECT e.posted_on AS day, e.id::text AS key, 'entry' AS kind, e.id AS record_id, e.location_id, e.patient_id,
       {sign}e.amount AS amount, e.service_date AS since, e.kind::text AS note
FROM billing_ledgerentry e
LEFT JOIN billing_ledgerentry undone ON undone.practice_id = e.practice_id AND undone.id = e.reverses_id
WHERE e.practice_id = %(practice)s AND e.posted_on BETWEEN %(first)s AND %(last)s
  AND (e.kind IN ({kinds}) OR (e.kind = 'reversal' AND undone.kind IN ({kinds})))
"""
_CHARGE = """
SELECT e.posted_on AS day, c.id::text AS key, 'charge' AS kind, c.id AS record_id, e.location_id, e.patient_id,
       {amount} AS amount, c.service_date AS since, '' AS note
FROM billing_ledgerentry e
JOIN billing_charge c ON c.practice_id = e.practice_id AND c.id = e.charge_id
JOIN scheduling_appointment a ON a.practice_id = c.practice_id AND a.id = c.appointment_id
WHERE e.practice_id = %(practice)s AND e.posted_on BETWEEN %(first)s AND %(last)s AND e.kind = 'charge'
  AND c.voided_at IS NULL AND a.created_via <> 'import'
"""
_PAID = """
SELECT first_paid.posted_on AS day, c.id::text AS key, 'claim' AS kind, c.id AS record_id, c.location_id, c.patient_id,
       {amount} AS amount, c.first_submitted_on AS since, '' AS note
FROM (
  SELECT DISTINCT e.claim_id, e.posted_on FROM billing_ledgerentry e
  WHERE e.practice_id = %(practice)s AND e.posted_on BETWEEN %(first)s AND %(last)s
    AND e.kind = 'insurance_payment' AND e.amount < 0 AND e.claim_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM billing_ledgerentry earlier
      WHERE earlier.practice_id = e.practice_id AND earlier.claim_id = e.claim_id
        AND earlier.kind = 'insurance_payment' AND earlier.amount < 0 AND earlier.posted_on < e.posted_on)
) first_paid
JOIN billing_claim c ON c.practice_id = %(practice)s AND c.id = first_paid.claim_id
WHERE c.first_submitted_on IS NOT NULL AND c.origin <> 'import'
"""
# The first posted answer of a claim that is neither a reversal (22) nor a predetermination (25).
_ANSWERED = """
SELECT (m.posted_at AT TIME ZONE %(zone)s)::date AS day, c.id::text AS key, 'claim' AS kind, c.id AS record_id,
       c.location_id, c.patient_id, 1::numeric AS amount, c.first_submitted_on AS since, '' AS note
FROM billing_remittanceclaim answer
JOIN billing_remittance m ON m.practice_id = answer.practice_id AND m.id = answer.remittance_id
JOIN billing_claim c ON c.practice_id = answer.practice_id AND c.id = answer.claim_id
WHERE answer.practice_id = %(practice)s AND answer.posted AND answer.status_code NOT IN ('22', '25')
  AND m.posted_at >= (%(first)s::timestamp AT TIME ZONE %(zone)s)
  AND m.posted_at < ((%(last)s::date + 1)::timestamp AT TIME ZONE %(zone)s)
  AND NOT EXISTS (SELECT 1 FROM billing_remittanceclaim other
    JOIN billing_remittance sooner ON sooner.practice_id = other.practice_id AND sooner.id = other.remittance_id
    WHERE other.practice_id = answer.practice_id AND other.claim_id = answer.claim_id AND other.posted
      AND other.status_code NOT IN ('22', '25')
      AND (sooner.posted_at < m.posted_at OR (sooner.posted_at = m.posted_at AND other.id < answer.id)))
"""
_DENIED = """
  AND EXISTS (SELECT 1 FROM billing_denialcase d
    JOIN billing_remittanceadjustment cas ON cas.practice_id = d.practice_id AND cas.id = d.adjustment_id
    WHERE d.practice_id = answer.practice_id AND cas.remittance_claim_id = answer.id)
"""
# What each party owes on each charge at the end of %(last)s; money on no charge stands by itself.
_BALANCE = """
SELECT basis AS day, concat_ws('/', charge_id, payer_id, patient_id, location_id) AS key, 'balance' AS kind,
       charge_id AS record_id, location_id, patient_id, sum(amount) AS amount, basis AS since,
       COALESCE(payer, 'Patient') AS note
FROM (
  SELECT e.charge_id, e.payer_id, e.location_id, e.patient_id, e.amount, p.name AS payer,
         COALESCE(i.first_billed_on, e.service_date) AS basis
  FROM billing_ledgerentry e
  LEFT JOIN billing_openitem i ON i.practice_id = e.practice_id AND i.charge_id = e.charge_id
    AND i.payer_id IS NOT DISTINCT FROM e.payer_id
  LEFT JOIN practice_payer p ON p.practice_id = e.practice_id AND p.id = e.payer_id
  WHERE e.practice_id = %(practice)s AND e.posted_on <= %(last)s
) owed
WHERE {which}
GROUP BY basis, charge_id, payer_id, payer, location_id, patient_id HAVING sum(amount) <> 0
"""


def _money(*kinds: str, sign: str = "") -> str:
    return _MONEY.format(sign=sign, kinds=", ".join(f"'{kind}'" for kind in kinds))


FACTS: Final[dict[str, str]] = {
    "visits": _VISIT + " AND a.status = 'completed'",
    "new_visits": _VISIT + _NEW,
    "no_shows": _VISIT + " AND a.status = 'no_show'",
    "visits_due": _VISIT
    + " AND (a.status IN ('completed', 'no_show') OR (a.status = 'cancelled' AND a.cancelled_by = 'patient_late'))",
    "gross_charges": _money("charge"),
    "receipts": _money("insurance_payment", "patient_payment", "refund", sign="-"),
    "collectible": _money("charge", "adjustment"),
    "charge_lag": _CHARGE.format(amount="(e.posted_on - c.service_date)::numeric"),
    "charges_posted": _CHARGE.format(amount="1::numeric"),
    "payment_lag": _PAID.format(amount="(first_paid.posted_on - c.first_submitted_on)::numeric"),
    "claims_paid": _PAID.format(amount="1::numeric"),
    "claims_answered": _ANSWERED,
    "claims_denied": _ANSWERED + _DENIED,
    **access_sql.FACTS,
    **flow_sql.FACTS,
    "ar": _BALANCE.format(which="true"),
    "ar_old": _BALANCE.format(which="basis + %(old_days)s < %(last)s::date"),
}

# For stocks: changes of a running total. A change counts from its day on; all up to %(last)s are read.
_ENTRIES = """SELECT e.location_id, {day} AS day, e.amount FROM billing_ledgerentry e
 {join} WHERE e.practice_id = %(practice)s"""
_CHARGED = (
    _ENTRIES.format(
        day="e.posted_on {later}",
        join="LEFT JOIN billing_ledgerentry undone ON undone.practice_id = e.practice_id AND undone.id = e.reverses_id",
    )
    + " AND e.posted_on <= %(last)s AND (e.kind = 'charge' OR (e.kind = 'reversal' AND undone.kind = 'charge'))"
)
STREAMS: Final[dict[str, str]] = {
    "ar": _ENTRIES.format(day="e.posted_on", join="") + " AND e.posted_on <= %(last)s",
    # A balance grows old on the day its age passes the limit, or when it is posted if that is later.
    "ar_old": _ENTRIES.format(
        day="GREATEST(e.posted_on, COALESCE(i.first_billed_on, e.service_date) + %(old_days)s + 1)",
        join="LEFT JOIN billing_openitem i ON i.practice_id = e.practice_id AND i.charge_id = e.charge_id "
        "AND i.payer_id IS NOT DISTINCT FROM e.payer_id",
    )
    + " AND e.posted_on <= %(last)s",
    # A charge enters the window when it is posted and leaves it the window's length later.
    "charges_window": _CHARGED.format(later="")
    + " UNION ALL "
    + _CHARGED.format(later="+ %(window)s").replace("e.amount FROM", "-e.amount FROM"),
}


def rows_of(fact: str) -> str:
    """The SELECT of a fact. The window of charges is gross charges; its caller moves ``first``."""
    return FACTS["gross_charges" if fact == "charges_window" else fact]


def parameters(*, practice_id: Any, zone: str, made_with: dict[str, int]) -> dict[str, Any]:
    """What every SELECT may name, but its days: ``made_with`` holds the values of ``catalogue.MAKING``."""
    return {
        "practice": str(practice_id),
        "zone": zone,
        "window": made_with["kpi.days_in_ar.window_days"],
        "old_days": made_with["kpi.ar_old_days"],
        "new_years": made_with["kpi.new_patient_years"],
        **{name: made_with[code] for name, code in flow_sql.MADE_WITH.items()},
    }
