"""The only place where markup is declared safe: a tiny builder that escapes every value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

AttrValue = str | int | float | Decimal | None

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:_-]*\Z")


def element(
    name: str, *, attrs: Mapping[str, AttrValue] | None = None, children: Iterable[str] = ()
) -> SafeString:
    """Build one element. Attribute values and plain strings are escaped, built elements are kept.

    An attribute that is None is left out. Raises ValueError on a name that is no XML name.
    """
    pairs = [(key, value) for key, value in (attrs or {}).items() if value is not None]
    for part in (name, *(key for key, _ in pairs)):
        if not _NAME.match(part):
            raise ValueError(f"not an element or attribute name: {part!r}")
    opening = name + "".join(f' {key}="{conditional_escape(_plain(value))}"' for key, value in pairs)
    inner = "".join(conditional_escape(child) for child in children)
    if not inner:
        return mark_safe(f"<{opening}/>")  # noqa: S308  every part above is escaped or checked
    return mark_safe(f"<{opening}>{inner}</{name}>")  # noqa: S308  same


def _plain(value: AttrValue) -> str:
    """Write a number shortly: one decimal is a tenth of a pixel."""
    if isinstance(value, float | Decimal):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
