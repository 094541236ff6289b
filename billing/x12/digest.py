"""Identity of a payment's content, independent of delimiters, line ends and number style."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from billing.x12.tokenizer import Segment

_DECIMAL = re.compile(r"([+-]?)([0-9]*)\.([0-9]+)")


def digest_segments(segments: Iterable[Segment]) -> str:
    """SHA-256 (hex) over the segments, blanks stripped, trailing empty elements removed.

    Numbers with a decimal point lose trailing zeros (34.50 and 34.5 and .5 and 0.5 are the same);
    digits without a point stay as they are, they may be an id with leading zeros.
    """
    digest = hashlib.sha256()
    for segment in segments:
        component = segment.delimiters.component
        elements = [
            "\x1e".join([_normal(part) for part in text.split(component)])
            if component in text
            else _normal(text)
            for text in segment.elements
        ]
        while elements and not elements[-1]:
            elements.pop()
        digest.update("\x1f".join([segment.id, *elements, "\x1d"]).encode())
    return digest.hexdigest()


def _normal(text: str) -> str:
    text = " ".join(text.split())
    match = _DECIMAL.fullmatch(text) if "." in text else None
    if match is None:
        return text
    sign, whole, fraction = match.groups()
    fraction = fraction.rstrip("0")
    number = (whole or "0") + ("." + fraction if fraction else "")
    return ("-" if sign == "-" and number.strip("0.") else "") + number
