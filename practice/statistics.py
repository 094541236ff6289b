"""Tell the planner about rows that were just loaded in bulk (jobs and seeds only)."""

from __future__ import annotations

from typing import Any

from django.db import connection


def refresh(*models: Any) -> None:
    """ANALYZE the tables of these models, inside the caller's transaction: it sees its own new rows.

    Does nothing for a role that may not (the web's): it never loads in bulk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('refresh_statistics(text[])', 'EXECUTE')")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT refresh_statistics(%s)", [[model._meta.db_table for model in models]])
