"""``field__prefix="smi"``: the prefix search an index still serves under row-level security."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


@models.CharField.register_lookup
@models.TextField.register_lookup
class Prefix(models.Lookup):  # type: ignore[type-arg]  # not subscriptable at run time
    """starts_with() is leakproof, LIKE is not: only the former may run before the policy (ARCHITECTURE.md 3).

    Point it at a column with COLLATE "C" and give the text in that column's case.
    """

    lookup_name = "prefix"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, column_values = self.process_lhs(compiler, connection)
        text, text_values = self.process_rhs(compiler, connection)
        values = (*column_values, *text_values)
        if connection.vendor == "postgresql":
            return f"starts_with({column}, {text})", values
        return f"substr({column}, 1, length({text})) = {text}", (*values, *text_values)
