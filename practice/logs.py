"""The log: one line an event, JSON in production, never personal data (SECURITY.md 2, "Log scrubbing").

Our own messages hold ids and names of code only, and so are trusted. Those of libraries, and the words of every
exception, may carry a name, a query string or a database row: of them only the fixed part is written.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from structlog.contextvars import get_contextvars

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "practice",
    "kit",
    "staff",
    "patients",
    "finance",
    "scheduling",
    "billing",
    "compliance",
    "reports",
    "interop",
)
SERVERS = ("celery", "gunicorn", "kombu")  # what they say up to the first mark is about themselves
LEFT_OUT = "(text of a library, left out)"
FRAMES = 15
PLACEHOLDER = re.compile(
    r"%(?:\((?P<name>[^)]+)\))?[#0\- +]*[\d*]*(?:\.\d+)?[hlL]?(?P<kind>[diouxXeEfFgGcrsa%])"
)
# What a library may say of its own accord: numbers, uuids, names of tasks, the address of a service.
HARMLESS = re.compile(
    r"-?\d+(\.\d+)?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|practice\.[a-z_]+|"
    r"(http|redis)://(:\*\*@)?[\w.]+(:\d+)?(/\d*)?|(celery|wellrun)@[\w.-]+|True|False|None"
)


class Formatter(logging.Formatter):
    """Makes the line. ``readable`` is for a developer's terminal: plain words, whole tracebacks."""

    def __init__(self, *, readable: bool = False) -> None:
        super().__init__()
        self.readable = readable

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON, or one readable one."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event(record),
            **get_contextvars(),
            **getattr(record, "facts", {}),
        }
        error = record.exc_info[1] if record.exc_info else None
        if not self.readable:
            return json.dumps(entry | (failure(error) if error else {}), default=str)
        rest = " ".join(f"{name}={value}" for name, value in entry.items() if name not in _HEAD)
        line = f"{entry['at'][11:23]} {entry['level']:<7} {entry['logger']}: {entry['event']} {rest}".rstrip()
        return line + ("\n" + "".join(traceback.format_exception(error)) if error else "")


_HEAD = ("at", "level", "logger", "event")


def event(record: logging.LogRecord) -> str:
    """What happened: our own words whole, a library's without the values in them."""
    if record.name == "django.request":  # its values are the address; the request's own line names the route
        return "request failed"
    if record.name.split(".")[0] in OURS:
        return _filled(record, keep=lambda value: type(value).__name__ if _is_error(value) else str(value))
    if not record.args:  # put together before it came here: nobody knows what is text and what is value
        known = isinstance(record.msg, str) and record.name.split(".")[0] in SERVERS
        return re.split(r"[:='\"\n?<({]", record.msg, maxsplit=1)[0].strip() if known else LEFT_OUT
    return _filled(record, keep=_harmless)


def _is_error(value: object) -> bool:
    return isinstance(value, BaseException)


def _harmless(value: object) -> str:
    text = str(value) if isinstance(value, int | float | str | bool | None) else ""
    return text if HARMLESS.fullmatch(text) else "…"


def _filled(record: logging.LogRecord, *, keep: Any) -> str:
    """The template with its values, each as ``keep`` writes it."""
    values = record.args if isinstance(record.args, dict) else list(record.args or ())

    def one(match: re.Match[str]) -> str:
        if match["kind"] == "%":
            return "%"
        if isinstance(values, dict):
            return str(keep(values.get(match["name"])))
        return str(keep(values.pop(0))) if values else "…"

    return (
        PLACEHOLDER.sub(one, str(record.msg)).split("\n")[0][:300] if record.args else str(record.msg)[:300]
    )


def failure(error: BaseException) -> dict[str, Any]:
    """An exception without its words: its kind, what PostgreSQL calls it, and where it happened."""
    facts: dict[str, Any] = {"error": [_kind(one) for one in _chain(error)]}
    for one in _chain(error):
        found = getattr(one, "diag", None)
        if found is not None:
            names = ("sqlstate", "table_name", "column_name", "constraint_name")
            facts["postgres"] = {name: value for name in names if (value := getattr(found, name, None))}
    facts["where"] = _where(error.__traceback__)
    return facts


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    count = 0
    while error is not None and count < 5:
        yield error
        error, count = error.__cause__ or error.__context__, count + 1


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _where(found: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(found)[-FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    return path.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]


def configuration(*, readable: bool, level: str) -> dict[str, Any]:
    """Python's logging settings for every process: web server, workers, relay, commands."""
    quiet: dict[str, Any] = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "practice.logs.Formatter", "readable": readable}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # A page of a PDF is no news; neither is a font table, nor a request answered with 404 (it has its line).
            "weasyprint": quiet,
            "fontTools": quiet,
            "django": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
