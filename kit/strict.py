"""JSON values are what the schema says: text is text, a date is ISO, a yes is true. Nothing is guessed.

DRF and Django forms forgive a lot (5 for "5", "on" for true, 20260304 for a date). A machine that sends
such a value has a mistake somewhere, so the API names it instead of storing a guess.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

DAY = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)")
_TEXTS = (serializers.CharField, serializers.ChoiceField, serializers.UUIDField)
_FORMS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], re.Pattern[str], str], ...] = (
    (serializers.DateTimeField, MOMENT, "Send a date and time with its zone, like 2026-03-04T14:10:00Z"),
    (serializers.DateField, DAY, "Send a date like 2026-03-04"),
    (serializers.TimeField, CLOCK, "Send a time like 14:10"),
)
_NEVER_EMPTY = ((serializers.UUIDField, "an id"), (serializers.EmailField, "an e-mail address"))
SMALLEST, LARGEST = -(2**31), 2**31 - 1


def mistakes(serializer: Any, *, data: Any) -> dict[str, list[str]]:
    """Fields whose JSON type is not the declared one, each with what to send. Unknown fields are not looked at."""
    found: dict[str, list[str]] = {}
    for name, message in _walk(serializer, data=data, path=""):
        found.setdefault(name, []).append(message)
    return found


def missing(serializer: Any, *, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Required fields without a value."""
    asked = (name for name, field in serializer.fields.items() if field.required)
    return {name: ["Send a value"] for name in asked if data.get(name) in (None, "")}


def _walk(serializer: Any, *, data: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, field in serializer.fields.items():
        if field.read_only or name not in data:
            continue
        if data[name] is not None:
            yield from _value(field, value=data[name], path=f"{path}{name}")
        elif not field.allow_null and not field.required:
            yield f"{path}{name}", "Send a value, or leave it out"


def _value(field: Any, *, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        longest = getattr(field, "max_length", None)
        if isinstance(value, list) and longest is not None and len(value) > longest:
            yield path, f"Send at most {longest:,}"
        yield from _each(field.child, value=value, path=path)
    elif isinstance(field, serializers.Serializer):
        if isinstance(value, dict):
            yield from _walk(field, data=value, path=f"{path}.")
        else:
            yield path, "Send an object"
    elif message := _wrong(field, value=value):
        yield path, message


def _each(child: Any, *, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, "Send a list"
        return
    for number, each in enumerate(value):
        yield from _value(child, value=each, path=f"{path}.{number}")


def _wrong(field: Any, *, value: Any) -> str:
    """What to send instead of a single value, "" when its type is right."""
    for kind, pattern, message in _FORMS:
        if isinstance(field, kind):
            return "" if isinstance(value, str) and pattern.fullmatch(value) else message
    if isinstance(field, serializers.BooleanField):
        return "" if isinstance(value, bool) else "Send true or false"
    if isinstance(field, serializers.IntegerField):
        return _no_integer(value)
    if isinstance(field, serializers.DecimalField):
        number = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
        return "" if number else "Send an amount like “12.50”"
    if isinstance(field, _TEXTS) and not isinstance(value, str):
        return "Send text"
    return _no_text(field, value=value)


def _no_text(field: Any, *, value: Any) -> str:
    for kind, words in _NEVER_EMPTY:
        if isinstance(field, kind) and not value:
            return f"Send {words}, null, or leave it out"
    longest = getattr(field, "max_length", None)
    if isinstance(value, str) and longest is not None and len(value) > longest:
        return f"Send at most {longest:,} characters"
    return ""


def _no_integer(value: Any) -> str:
    whole = isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)
    if not whole:
        return "Send a whole number"
    return "" if SMALLEST <= value <= LARGEST else "Send a smaller number"
