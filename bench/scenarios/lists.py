"""The kit's lists at a thousand and at many rows (G5): the same questions, none of them unbounded, hardly slower.

Two of them: vendors (plain records) and journal lines (three joins, filters on other records, two totals).
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measure import Report, compare, race
from bench.servers import Caller
from bench.world import World, owner

SMALL, OTHERS = 1_000, 500
LIMIT = 1.3
LISTS = {"vendors": "settings/vendors/", "journal lines": "finance/lines/"}
FILLED = ("practice_vendor", "finance_journal", "finance_journalline")
VENDORS = """
INSERT INTO practice_vendor
  (practice_id, name, kind, account_number, contact_name, phone, email, address, notes, is_active)
SELECT %(practice)s, 'Vendor ' || lpad(((n * 7919::bigint) %% 10000019)::text, 8, '0'),
  (ARRAY['supplies', 'equipment', 'laboratory', 'software', 'services', 'other'])[1 + n %% 6],
  'A-' || n, 'Sam ' || n, '2125550100', '', '', '', n %% 9 > 0
FROM generate_series(1, %(rows)s) n
"""
ACCOUNTS = """
INSERT INTO finance_account (practice_id, number, name, section, is_contra, polarity, behaviour, driver, benchmark_ref,
  is_active)
SELECT %(practice)s, 9000 + n, 'Bench account ' || n, 'operating', false, -1, 'fixed', '', '', true
FROM generate_series(1, 40) n
"""
LINES = """
WITH made AS (
  INSERT INTO finance_journal (practice_id, dated_on, source, source_key, memo)
  SELECT %(practice)s, date '2026-03-06' - n %% 700, 'bench', n::text, 'Bench ' || n
  FROM generate_series(1, %(rows)s / 10) n RETURNING id, dated_on
), account AS (
  SELECT id, row_number() OVER (ORDER BY number) - 1 AS n FROM finance_account
  WHERE practice_id = %(practice)s AND number > 9000
)
INSERT INTO finance_journalline (practice_id, journal_id, account_id, dated_on, basis, debit, credit)
SELECT %(practice)s, made.id, account.id, made.dated_on, 'both', CASE WHEN line %% 2 = 0 THEN 12.34 ELSE 0 END,
  CASE WHEN line %% 2 = 1 THEN 12.34 ELSE 0 END
FROM made CROSS JOIN generate_series(1, 10) line JOIN account ON account.n = line
"""


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """Page, API and a page far behind of each list, large against small; then what must simply hold."""
    fill(world)
    signed_in = Caller(product, headers={"Cookie": f"wellrun_session={world.session}"})
    slugs = {"small": world.small.slug, "large": world.practice.slug}
    for name, path in LISTS.items():
        for what, tail in (("list", ""), ("page 20", "?page=20")):
            times = race(
                {size: _asking(signed_in, f"/p/{slug}/{path}{tail}") for size, slug in slugs.items()},
                n=world.size.n,
            )
            operation = f"{name}, {world.size.rows:,} against {SMALL:,} rows, {what}"
            line = compare(operation, floor=times["small"], ours=times["large"], limit=LIMIT)
            report.lines.append(line)
        _facts(world, report=report, name=name, path=path)


def _asking(caller: Caller, address: str) -> Any:
    return lambda: caller.get(address)


def _facts(world: World, *, report: Report, name: str, path: str) -> None:
    """The questions behind a list: as many for any number of rows, and each count or sum with an end."""
    browser = Client(headers={"host": "localhost"})
    browser.cookies["wellrun_session"] = world.session
    asked = {
        (practice.slug, size): _questions(browser, f"/p/{practice.slug}/{path}?size={size}")
        for practice in (world.small, world.practice)
        for size in (50, 100)
    }
    many = sorted({len(each) for each in asked.values()})
    report.facts.append((f"{name}: as many queries for any number of rows ({many[-1]})", len(many) == 1))
    counts = [
        sql
        for each in asked.values()
        for sql in each
        if re.search(r"\b(COUNT|SUM)\(", sql) and "LIMIT" not in sql
    ]
    report.facts.append((f"{name}: no count or sum without an end", not counts))


def _questions(browser: Client, address: str) -> list[str]:
    browser.get(address)  # what is remembered between requests settles first
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return [each["sql"] for each in queries.captured_queries]


def fill(world: World) -> None:
    """Rows of the large, the small and every other practice, as the tables' owner and without their triggers; once."""
    if world.listed:
        return
    world.listed = True
    with owner() as cursor:
        cursor.execute("SELECT id::text FROM practice_practice WHERE slug LIKE 'other-%'")
        sizes = {practice: OTHERS for (practice,) in cursor.fetchall()}
        sizes |= {str(world.small.id): SMALL, str(world.practice.id): world.size.rows}
        for table in FILLED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for practice, rows in sizes.items():
            for statement in (VENDORS, ACCOUNTS, LINES):
                cursor.execute(statement, {"practice": practice, "rows": rows})
        for table in FILLED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"VACUUM ANALYZE {', '.join((*FILLED, 'finance_account'))}")
