"""What an export of a practice holds: its tables and columns, from the models (and docs/export-format.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg2 import sql

from practice.checks import is_tenant
from practice.encrypted import EncryptedField

VERSION = 1
# Tables of the practice that are no records: what they hold ends by itself within days.
LEFT_OUT = {
    "practice_idempotencykey": "answers kept for a day, so that a repeated request is answered and not repeated",
    "practice_draft": "what somebody was typing when the session ended",
}
# Of tables that belong to no practice, the columns that concern it.
SHARED = {
    "practice_practice": ("id", "slug", "name"),
    "practice_user": ("id", "email", "name", "is_active", "created_at"),
}
# Which rows of those, beside the practice's own id.
SHARED_ROWS = {
    "practice_practice": "id = %(practice)s",
    "practice_user": "id IN (SELECT user_id FROM practice_membership WHERE practice_id = %(practice)s)",
}
OWN_ROWS = "practice_id = %(practice)s"
NEVER, IF_ASKED = "never exported", "only when asked for"


@dataclass(frozen=True)
class Column:
    """A column: its type in words, what it means, and whether it is withheld."""

    name: str
    type: str
    meaning: str
    empty: bool
    choices: dict[str, str] = field(default_factory=dict)
    references: str = ""
    withheld: str = ""


@dataclass(frozen=True)
class Table:
    """A table and its rows of a practice (``where`` takes the parameter ``practice``)."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...]
    where: str

    @property
    def sealed(self) -> list[Column]:
        """Columns that hold ciphertext."""
        return [column for column in self.columns if column.withheld == IF_ASKED]


# PostgreSQL's type, the word for it, and how its values are written.
TYPES: tuple[tuple[str, str, str], ...] = (
    (
        "timestamp with time zone",
        "moment (ISO 8601, UTC)",
        "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    ),
    ("date", "date (ISO 8601)", "to_char({}, 'YYYY-MM-DD')"),
    ("time", "time of day (HH:MM:SS)", "to_char({}, 'HH24:MI:SS')"),
    ("boolean", "true or false", "CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' END"),
    ("uuid", "id (UUID)", "{}::text"),
    ("numeric", "decimal number", "{}::text"),
    ("integer", "whole number", "{}::text"),
    ("bigint", "whole number", "{}::text"),
    ("smallint", "whole number", "{}::text"),
    ("double precision", "number", "{}::text"),
    ("jsonb", "JSON", "{}::text"),
    ("bytea", "bytes, hexadecimal", "encode({}, 'hex')"),
    ("inet", "IP address", "host({})"),
    ("xid8", "transaction number", "{}::text"),
    ("tstzrange", "span of time (PostgreSQL's form, UTC)", "{}::text"),
    ("daterange", "span of days (PostgreSQL's form)", "{}::text"),
    ("varchar", "text", "{}::text"),
    ("text", "text", "{}::text"),
    ("char", "text", "{}::text"),
)


def _kind(name: str) -> tuple[str, str]:
    """The word and the SQL for a type of PostgreSQL's. Raises KeyError for one we have no word for."""
    for start, word, expression in TYPES:
        if name.startswith(start):
            return word, expression
    raise KeyError(f"an export has no form for the type {name}")


def tables() -> list[Table]:
    """Everything an export holds, by name."""
    found = [_table(model) for model in apps.get_models() if _belongs(model)]
    return sorted(found, key=lambda table: table.name)


def _belongs(model: Any) -> bool:
    name = model._meta.db_table
    ours = is_tenant(model) and not model._meta.proxy and model._meta.app_label in settings.HOUSE
    return (ours and name not in LEFT_OUT) or name in SHARED


def _table(model: Any) -> Table:
    meta = model._meta
    name = meta.db_table
    chosen = SHARED.get(name)
    fields = [one for one in meta.local_concrete_fields if chosen is None or one.column in chosen]
    never = () if chosen else getattr(model, "secret_columns", ())
    unique = [rule.fields for rule in meta.constraints if isinstance(rule, models.UniqueConstraint)]
    return Table(
        name=name,
        meaning=" ".join((model.__doc__ or "").split()),
        columns=tuple(_column(one, never=never) for one in fields),
        unique=tuple(tuple(meta.get_field(part).column for part in parts) for parts in unique if parts),
        where=SHARED_ROWS.get(name, OWN_ROWS),
    )


def _column(one: Any, *, never: tuple[str, ...]) -> Column:
    withheld = IF_ASKED if isinstance(one, EncryptedField) else NEVER if one.column in never else ""
    other = one.related_model._meta.db_table if one.is_relation else ""
    made = getattr(one, "output_field", one)  # what the database computes has its type there
    return Column(
        name=one.column,
        type=_kind(made.db_type(connection) or "")[0],
        meaning=str(one.help_text) or str(one.verbose_name),
        empty=one.null,
        choices={str(value): str(label) for value, label in one.flatchoices},
        references=other,
        withheld=withheld,
    )


def selection(table: Table, *, raw: frozenset[str] = frozenset()) -> sql.Composed:
    """The SELECT of a table's rows in their written form; columns in ``raw`` come as they are stored."""
    forms = {word: expression for _, word, expression in TYPES}
    parts = []
    for column in table.columns:
        name = sql.Identifier(column.name)
        if column.withheld and column.name not in raw:
            parts.append(sql.SQL("NULL::text AS {}").format(name))
        else:
            form = sql.SQL(forms[column.type]).format(name)
            parts.append(sql.SQL("{} AS {}").format(form, name))
    return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY id").format(
        sql.SQL(", ").join(parts), sql.Identifier(table.name), sql.SQL(table.where)
    )


def schema(*, sealed_values: bool) -> dict[str, Any]:
    """schema.json: every table with its columns, types, keys and meanings."""
    described = {}
    for table in tables():
        columns = []
        for column in table.columns:
            entry: dict[str, Any] = {"name": column.name, "type": column.type, "meaning": column.meaning}
            entry["may_be_empty"] = column.empty
            if column.choices:
                entry["choices"] = column.choices
            if column.references:
                entry["references"] = f"{column.references}.id"
            if column.withheld == NEVER or (column.withheld and not sealed_values):
                entry["withheld"] = True
            columns.append(entry)
        described[table.name] = {
            "file": f"data/{table.name}.csv",
            "meaning": table.meaning,
            "key": "id",
            "unique": [list(parts) for parts in table.unique],
            "columns": columns,
        }
    return {"format": VERSION, "sealed_values": sealed_values, "tables": described, "left_out": LEFT_OUT}


def page() -> str:
    """docs/export-format.md."""
    lines = [HEAD]
    for table in tables():
        lines += [
            f"### `{table.name}`",
            "",
            table.meaning,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        for column in table.columns:
            words = [column.meaning.replace("|", "\\|")]
            words += [f"→ `{column.references}`"] if column.references else []
            words += (
                [f"one of {', '.join(f'`{value}`' for value in column.choices)}"] if column.choices else []
            )
            words += [column.withheld] if column.withheld else []
            lines.append(
                f"| `{column.name}` | {column.type}{', or empty' if column.empty else ''} | {'; '.join(words)} |"
            )
        lines.append("")
    lines += ["## Left out", ""]
    lines += [f"- `{name}`: {reason}" for name, reason in sorted(LEFT_OUT.items())]
    return "\n".join(lines) + "\n"


HEAD = """# The format of a practice's export

Made by `./run manage export_format_page` from the models; the suite fails when it is not current.

An export is one ZIP with everything of one practice, made in one snapshot: every figure in it is of the same moment.

| in the ZIP | what it is |
|---|---|
| `README.txt` | this, in short, for whoever opens the ZIP |
| `schema.json` | tables, columns, types, keys and meanings, for programs |
| `data/<table>.csv` | the rows of one table, in the order of their ids |
| `attachments/<id>/<name>` | stored files as they were uploaded; the id is a row of `practice_attachment` |
| `manifest.json` | rows of each table, bytes and SHA-256 of each file, and stored files that could not be read |

CSV follows RFC 4180: UTF-8, commas, CRLF, a header; a field with a comma, quote or line break stands in quotes. A
field that is empty without quotes has no value; `""` is an empty text. Dates and moments are ISO 8601, moments in UTC;
money is a decimal number of US dollars. These files are for programs: a spreadsheet may read a text that begins with
`=` as a formula. Sealed values (SSNs, tax ids) are in it only when the person who asked chose so and may; hashes of
passwords and tokens never are.

## Tables
"""
