"""The operator's figures out of the database: counts and ages over all practices, through one definer function."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from practice import probes
from practice.selectors.seal import seconds_behind


def figures() -> dict[str, Any]:
    """Jobs, nights, connections, the server's version and the newest migration of each app.

    Raises ``django.db.Error`` when the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT operating_figures()::text, current_setting('server_version'), "
            "current_setting('log_min_error_statement') IN ('fatal', 'panic') "
            "AND current_setting('log_statement') = 'none'"
        )
        told, version, silent = cursor.fetchone() or ("{}", "", False)
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
        heads = dict(cursor.fetchall())
    found: dict[str, Any] = json.loads(told)
    return {
        **found,
        "seal_seconds_behind": round(seconds_behind(), 1),
        "postgres": version.split()[0],
        "statements_kept_out_of_its_log": silent,
        "migrated": probes.migrated(),
        "migration_heads": heads,
    }
