"""Background work of the reports."""

from __future__ import annotations

from reports import jobs_pnl, jobs_rollup  # noqa: F401  their kinds register on import
