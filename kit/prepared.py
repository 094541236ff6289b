"""Counts that stand on every page: their statements are built once, and asked every time."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

STATEMENTS = 2048  # kept for each count: some hundred members, the latest of their days and roles


class PreparedCount:
    """``PreparedCount(rows)(actor, today)`` is ``rows(actor, today).count()``.

    Django takes several times as long to build such a statement as PostgreSQL takes to answer it.

    rows: hashable arguments -> the rows to count. Whatever its filters depend on must be in the arguments.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any]]) -> None:
        self._rows = rows
        self._statement = lru_cache(maxsize=STATEMENTS)(self._build)

    def __call__(self, *asked: Any) -> int:
        """How many rows there are now."""
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(*asked))
            return int(cursor.fetchone()[0])

    def _build(self, *asked: Any) -> tuple[str, tuple[Any, ...]]:
        try:
            rows, values = self._rows(*asked).values("pk").query.sql_with_params()
        except EmptyResultSet:  # what a filter rules out before anybody asks
            return "SELECT 0", ()
        return f"SELECT count(*) FROM ({rows}) counted", values  # noqa: S608  Django's own statement
