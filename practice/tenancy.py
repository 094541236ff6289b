"""Every tenant table: UUIDv7 key, practice, forced row-level security, same-practice keys, audit trigger.

The database side rides on ``Meta.constraints``: the fields add their own rules, so makemigrations writes
them and nobody can forget (ARCHITECTURE.md 3).
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.backends.utils import names_digest
from django.db.models.expressions import Col
from django.db.models.functions import Cast, Now, NullIf
from django.db.models.lookups import Exact

from kit.ids import uuid7

CURRENT_PRACTICE = "(SELECT NULLIF(current_setting('app.practice_id', true), '')::uuid)"
EDITABLE_AUDIT = "insert,update,delete"
APPEND_ONLY_AUDIT = "update,delete"


class UUID7(models.Func):
    """PostgreSQL 18's own ``uuidv7()``: the key of rows made by INSERT ... SELECT."""

    function, template, output_field = "uuidv7", "%(function)s()", models.UUIDField()


class Setting(models.Func):
    """A transaction-local setting of ``acting_in``, as text ('' when nothing is set)."""

    def __init__(self, name: str, **extra: Any) -> None:
        super().__init__(models.Value(name), models.Value(True), function="current_setting", **extra)
        self.name = name

    template = "COALESCE(%(function)s(%(expressions)s), '')"
    output_field = models.TextField()


def current_practice() -> models.expressions.Combinable:
    """The practice ``acting_in`` has chosen. For reads that the tables' owner makes too, whom no policy narrows."""
    return Cast(NullIf(Setting("app.practice_id"), models.Value("")), models.UUIDField())


class CurrentTransaction(models.Func):
    """The 64-bit id of the writing transaction: what the audit seal orders and bounds by."""

    function, template = "pg_current_xact_id", "%(function)s()"


# Django's fields take no type argument when run; only the stubs call them generic.
class TransactionIdField(models.Field):  # type: ignore[type-arg]
    """``xid8``. Filled by the database, never by us."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


def rule_name(*parts: str) -> str:
    """A constraint name of at most 63 characters that stays unique when it has to be cut."""
    name = "_".join(parts)
    return name if len(name) <= 63 else f"{name[:54]}_{names_digest(name, length=8)}"


class SchemaRule(models.constraints.BaseConstraint):
    """DDL that belongs to a table but is neither CHECK nor UNIQUE; carried by Meta.constraints.

    Django's own constraints hand a Statement to the schema editor, which follows it through renames; the stubs
    say ``str``, so the rules below that return one ignore the override.
    """

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        raise TypeError(f"{type(self).__name__} has no DDL")

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing inside CREATE TABLE: the rule's DDL is left for when the table stands."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def statement(self, model: Any, schema_editor: Any, template: str, **parts: Any) -> Statement:
        return Statement(template, table=Table(model._meta.db_table, schema_editor.quote_name), **parts)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Nothing to check in Python: the database does."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaRule) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]


# What composite keys lean on. Whoever comes first makes it: a table's own rule or a key that points at it.
UNIQUE_KEY = (
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '%(table)s'::regclass "
    "AND pg_get_constraintdef(oid) = 'UNIQUE (practice_id, id)') "
    "THEN ALTER TABLE %(table)s ADD UNIQUE (practice_id, id); END IF; END $$; "
)


# What the database itself writes on an append-only row, so that no code can claim another time or author.
DATABASE_WRITES = {
    "tx": "pg_current_xact_id()",
    "created_at": "statement_timestamp()",
    "created_by": "COALESCE(current_setting('app.actor', true), '')",
    "request_id": "COALESCE(current_setting('app.request_id', true), '')",
}


def sealed_sql(table: str, *, columns: Container[str]) -> str:
    """What every append-only tenant table gets for the seal: an index by transaction, and honest stamps.

    The policy holds for the app's roles only: a restore copies rows as their owner.
    """
    stamps = [f"{name} = (SELECT {value})" for name, value in DATABASE_WRITES.items() if name in columns]
    return (
        f"CREATE INDEX IF NOT EXISTS {table}_tx ON {table} (practice_id, tx); "
        f"DROP POLICY IF EXISTS stamped ON {table}; "
        f"CREATE POLICY stamped ON {table} AS RESTRICTIVE FOR INSERT TO wellrun_app "
        f"WITH CHECK ({' AND '.join(stamps)}); "
    )


class TenantTable(SchemaRule):
    """Row-level security, the (practice_id, id) key others lean on, the audit trigger, and narrowed grants."""

    CREATE = (
        "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; ALTER TABLE %(table)s FORCE ROW LEVEL SECURITY; "
        "CREATE POLICY tenant ON %(table)s USING (practice_id = "
        + CURRENT_PRACTICE
        + ") WITH CHECK (practice_id = "
        + CURRENT_PRACTICE
        + "); CREATE POLICY owner ON %(table)s TO CURRENT_USER USING (true) WITH CHECK (true); "
    )
    AUDIT = (
        "CREATE TRIGGER audit_row AFTER %(events)s ON %(table)s FOR EACH ROW "
        "EXECUTE FUNCTION audit_row(%(secrets)s); "
    )
    REVOKE = "REVOKE %(revoked)s ON %(table)s FROM wellrun_app; "
    # The UNIQUE key stays on removal: other tables' composite keys lean on it.
    REMOVE = (
        "DROP TRIGGER IF EXISTS audit_row ON %(table)s; DROP POLICY owner ON %(table)s; "
        "DROP POLICY IF EXISTS stamped ON %(table)s; "
        "DROP POLICY tenant ON %(table)s; ALTER TABLE %(table)s NO FORCE ROW LEVEL SECURITY; "
        "ALTER TABLE %(table)s DISABLE ROW LEVEL SECURITY"
    )

    def __init__(
        self, *, name: str, audit: str = EDITABLE_AUDIT, revoked: str = "", secrets: str = ""
    ) -> None:
        super().__init__(name=name)
        self.audit, self.revoked, self.secrets = audit, revoked, secrets

    def create_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        sql = UNIQUE_KEY + self.CREATE
        sql += self.AUDIT if self.audit else ""
        sql += self.REVOKE if self.revoked else ""
        columns = {field.column for field in model._meta.local_fields}
        sql += sealed_sql(model._meta.db_table, columns=columns) if "tx" in columns else ""
        return self.statement(
            model,
            schema_editor,
            sql,
            events=self.audit.upper().replace(",", " OR "),
            revoked=self.revoked.upper(),
            secrets=f"'{self.secrets}'",
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        return self.statement(model, schema_editor, self.REMOVE)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        for key in ("audit", "revoked", "secrets"):
            kwargs[key] = getattr(self, key)
        return path, args, kwargs


class SamePractice(SchemaRule):
    """FOREIGN KEY (practice_id, x_id) REFERENCES x (practice_id, id): what is pointed at is in this practice."""

    def __init__(self, *, name: str, field: str, deferred: bool = False) -> None:
        super().__init__(name=name)
        self.field, self.deferred = field, deferred

    def create_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        # Django wants a statement it can run now or later; the key itself must come last of all.
        nothing_now = self.statement(model, schema_editor, "SELECT 1")
        try:
            field = model._meta.get_field(self.field)
        except FieldDoesNotExist:
            return nothing_now  # undoing a DeleteModel: Django re-adds the field afterwards
        quote = schema_editor.quote_name
        # Like Django's own keys: last, when every target has its UNIQUE.
        schema_editor.deferred_sql.append(
            self.statement(
                model,
                schema_editor,
                UNIQUE_KEY.replace("%(table)s", "%(to)s")
                + "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (practice_id, %(column)s) "
                "REFERENCES %(to)s (practice_id, id)%(when)s",
                name=quote(self.name),
                column=quote(field.column),
                to=Table(field.related_model._meta.db_table, quote),
                when=" DEFERRABLE INITIALLY DEFERRED" if self.deferred else "",
            )
        )
        return nothing_now

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        self.create_sql(model, schema_editor)  # defers the key by itself
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        return self.statement(
            model,
            schema_editor,
            "ALTER TABLE %(table)s DROP CONSTRAINT IF EXISTS %(name)s",
            name=schema_editor.quote_name(self.name),
        )

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "deferred": self.deferred}


def _add_rule(cls: Any, rule: SchemaRule) -> None:
    meta = cls._meta
    unwanted = cls.__module__ == "__fake__" or meta.abstract or meta.proxy
    if unwanted or any(existing.name == rule.name for existing in meta.constraints):
        return
    meta.constraints = [*meta.constraints, rule]
    meta.original_attrs["constraints"] = meta.constraints  # what makemigrations looks at


class PracticeField(models.ForeignKey):  # type: ignore[type-arg]
    """The tenant of a row. Makes its table a tenant table.

    A model may set ``audit`` (events its trigger logs, '' for none), ``revoked`` (what the app role may not do)
    and ``secret_columns`` (logged as "changed", never with their value).
    """

    def __init__(self, **kwargs: Any) -> None:
        fixed = {
            "to": "practice.Practice",
            "on_delete": models.PROTECT,
            "editable": False,
            "related_name": "+",
            "db_index": False,
        }
        super().__init__(**{**fixed, **kwargs})

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **kwargs)
        rule = TenantTable(
            name=rule_name(cls._meta.db_table, "tenant"),
            audit=getattr(cls, "audit", EDITABLE_AUDIT),
            revoked=getattr(cls, "revoked", ""),
            secrets=",".join(getattr(cls, "secret_columns", ())),
        )
        _add_rule(cls, rule)


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A key to another tenant table: composite in the database, joined on both columns.

    Immediate by default, so that the error comes from the statement; ``deferred=True`` only for cycles.
    """

    def __init__(self, to: Any, on_delete: Any, *, deferred: bool = False, **kwargs: Any) -> None:
        self.deferred = deferred
        super().__init__(to, on_delete, **{**kwargs, "db_constraint": False})

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **kwargs)
        same = rule_name(cls._meta.db_table, name, "same")
        _add_rule(cls, SamePractice(name=same, field=name, deferred=self.deferred))

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        """Join on (practice_id, id), so the planner sees the composite key (30 times faster lists)."""
        if alias is None or related_alias is None:
            return None  # Query.trim_start: the join is gone
        theirs: Any = self.related_model._meta.get_field("practice")
        ours: Any = self.model._meta.get_field("practice")
        return Exact(Col(alias, theirs, theirs.target_field), Col(related_alias, ours, ours.target_field))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        if self.deferred:
            kwargs["deferred"] = True
        return name, path, args, kwargs


class TenantModel(models.Model):
    """A row of one practice that people may edit; every change is in the audit trail."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    practice = PracticeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now(), editable=False)

    class Meta:
        abstract = True


class AppendOnlyModel(models.Model):
    """A row that is its own record: the app role may neither update nor delete it.

    It carries who and which request wrote it, and the writing transaction (for the seal).
    """

    audit = APPEND_ONLY_AUDIT
    revoked = "update, delete"

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUID7(), editable=False)
    practice = PracticeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.TextField(db_default=Setting("app.actor"), editable=False)
    request_id = models.TextField(db_default=Setting("app.request_id"), editable=False)
    tx = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        abstract = True
