"""The one JSON parser: bounded in size and depth before Python's recursive one sees a byte of it."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.core.exceptions import BadRequest
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

LIMIT = 1_000_000  # bytes
DEPTH = 40
DIGITS = 40  # before or after the point: no amount, rate or count comes near
CHARSETS = ("", "utf-8", "utf8", "us-ascii")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class TooLarge(APIException):
    """More bytes than one request may carry."""

    status_code = 413
    default_detail = f"Send at most {LIMIT:,} bytes"


def _refuse(token: str) -> NoReturn:
    raise ValueError(f"{token} is not JSON")


def _decimal(token: str) -> Decimal:
    """A number with a point or an exponent, exactly as written."""
    number = Decimal(token)
    if abs(number.adjusted()) > DIGITS or len(token) > 2 * DIGITS:
        raise ValueError("a number is out of range")
    return number


def _whole(token: str) -> int:
    if len(token) > DIGITS:
        raise ValueError("a number is out of range")
    return int(token)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which every name stands once; which of two would count is anybody's guess."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{_shown(twice)}” is given twice")
    return made


def _shown(name: str) -> str:
    return name[:60].encode("utf-8", "replace").decode()


def depth_of(text: str) -> int:
    """How deep brackets nest outside strings; linear, never recursive."""
    deepest = depth = 0
    for character in _STRING.sub("", text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _texts(value: Any) -> Iterator[str]:
    """Every text in parsed JSON, names included; bounded by DEPTH."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def read_json(body: bytes) -> Any:
    """JSON text as values; numbers with a point are Decimals.

    Raises BadRequest saying why: too deep, not UTF-8, not JSON, NaN, infinity, a number out of range, a name
    given twice, half a surrogate pair.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not UTF-8 text") from error
    if depth_of(text) > DEPTH:
        raise BadRequest(f"The JSON nests deeper than {DEPTH} levels")
    try:
        value = json.loads(
            text, parse_constant=_refuse, parse_float=_decimal, parse_int=_whole, object_pairs_hook=_once
        )
        if "\\u" in text:
            for each in _texts(value):
                each.encode()
    except UnicodeEncodeError as error:
        raise BadRequest(
            "The body has half a surrogate pair (\\ud800 to \\udfff), which is no text"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}") from error
    return value


class JSONParser(BaseParser):
    """``application/json`` for DRF; deep, broken or huge bodies answer 400 or 413, never 500."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed body."""
        _, given = parse_header_parameters(media_type or "")
        if given.get("charset", "").lower() not in CHARSETS:
            raise UnsupportedMediaType(media_type or "", detail="Send JSON as UTF-8")
        body = stream.read(LIMIT + 1)
        if len(body) > LIMIT:
            raise TooLarge
        try:
            return read_json(body)
        except BadRequest as error:
            raise ParseError(str(error)) from error
