"""The one JSON parser: bounded in size and depth before Python's recursive one sees a byte of it."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.core.exceptions import BadRequest
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LIMIT = 1_000_000  # bytes
DEPTH = 40
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class TooLarge(APIException):
    """More bytes than one request may carry."""

    status_code = 413
    default_detail = f"Send at most {LIMIT:,} bytes"


def _refuse(token: str) -> NoReturn:
    raise ValueError(f"{token} is not JSON")


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


def read_json(body: bytes) -> Any:
    """JSON text as values. Raises BadRequest saying why: too deep, not UTF-8, not JSON, NaN, infinity."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not UTF-8 text") from error
    if depth_of(text) > DEPTH:
        raise BadRequest(f"The JSON nests deeper than {DEPTH} levels")
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}") from error


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
        body = stream.read(LIMIT + 1)
        if len(body) > LIMIT:
            raise TooLarge
        try:
            return read_json(body)
        except BadRequest as error:
            raise ParseError(str(error)) from error
