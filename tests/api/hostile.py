"""Hostile requests: values, bodies, headers and paths nobody means well with, on pages and on the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

SQL = (
    "'", "' OR '1'='1", "'; SELECT pg_sleep(3)--", "1; SELECT pg_sleep(3)", "') OR pg_sleep(3) IS NULL--",
    "\\'; SELECT pg_sleep(3);--", "1 UNION SELECT NULL--", "' || pg_sleep(3) || '", "(SELECT pg_sleep(3))",
    "1) AND 1=(SELECT 1 FROM pg_sleep(3))--", "%' AND pg_sleep(3) IS NULL AND '%'='", "-id;SELECT pg_sleep(3)",
)  # fmt: skip
TEXTS = (
    "", " ", "\0", "a\0b", "x" * 100_000, "￿", "‮", "é" * 500, "1e400", "-1e400", "NaN", "Infinity",
    str(2**64), str(-(2**64)), "9" * 400, "0x10", "1_000", "٣", "+1", "--", "0001-01-01", "9999-12-31",
    "2026-02-30", "0000-00-00", "20260304", "2026-W01-1", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "24:00", "25:61", "true", "null", "[]", "{}", "../../etc/passwd", "..%2f..%2f", "%00", "%ff", "%s%s%n",
    "{{7*7}}", "<script>alert(1)</script>", "javascript:alert(1)", "=cmd|' /C calc'!A0", "__class__", "id__gt",
    "01890000-0000-7000-8000-000000000000", "{01890000-0000-7000-8000-000000000000}", "WyJhIiwgImIiXQ==",
    "WzEsIHsiYSI6IDF9XQ==", "bnVsbA==", "cD0lMDA=", "\U0001f600" * 300, "a" * 5_000, *SQL,
)  # fmt: skip
HEADERS = (
    {"Accept": "text/html;q=x, */*;q=nonsense"}, {"Accept": "\xff/\xff"}, {"Accept": "a" * 5_000},
    {"Accept": "application/json; indent=99999999"}, {"Content-Type": "application/json; charset=hex"},
    {"Content-Type": "text/html; charset=idna"}, {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary=" + "b" * 5_000}, {"Content-Type": "application/xml"},
    {"Content-Type": "application/x-www-form-urlencoded; charset=utf-16"}, {"Content-Type": ";;;=;"},
    {"Content-Length": "-1"}, {"Content-Length": "abc"}, {"Host": "evil.example"}, {"Host": "a:b:c"}, {"Host": ""},
    {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-For": "1" * 4_000},
    {"Cookie": "wellrun_session=\0\0\0\0\0\0\0\0\0"}, {"Cookie": "=;=;;=" * 300},
    {"Cookie": 'wellrun_session="\\000aaaaaaaaaa"'},
    {"Referer": "\xff" * 300},
    {"Authorization": "Bearer"}, {"Authorization": "Bearer \0"}, {"Authorization": "Basic \xff"},
    {"Authorization": "Bearer " + "x" * 9_000}, {"Idempotency-Key": "k" * 5_000}, {"Idempotency-Key": "\xe9"},
    {"Idempotency-Key": "a\tb"}, {"If-Match": '"' * 500}, {"If-Match": "*, *"}, {"If-Match": "\xff"},
    {"If-None-Match": "W/" * 900}, {"If-Modified-Since": "Never"}, {"Range": "bytes=9-1"}, {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Target": "\xff" * 99}, {"X-Wellrun-Poll": "1"}, {"Accept-Language": "x" * 9_000},
    {"X-HTTP-Method-Override": "DELETE"}, {"Expect": "100-continue"}, {"Transfer-Encoding": "chunked"},
)  # fmt: skip
METHODS = ("GET", "GET", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get")
BODIES = (
    b"", b"\0", b"\xff\xfe", b"{", b"[" * 20_000, b'{"a":' * 2_000, b'{"a": 1e400}', b'{"a": NaN}',
    b'{"\\ud800": "\\udfff"}', b'{"a": ' + b"9" * 6_000 + b"}", b'"' + b"a" * 100_000 + b'"', b"a=1&a=%00&b=%ff",
    b"a" * 3_000 + b"=1", b"&" * 2_500, b"a=1&" * 2_100, b"--b\r\n\r\n\r\n--b--", b"<!DOCTYPE x [<!ENTITY a '1'>]>",
)  # fmt: skip
KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "text/plain",
    "",
)


def words(random: Random, *, names: tuple[str, ...]) -> dict[str, str]:
    """Parameters somebody might try: known names with values that do not belong there."""
    return {random.choice(names): random.choice(TEXTS) for _ in range(random.randint(0, 3))}


def requests(
    addresses: list[str], *, names: tuple[str, ...], count: int, seed: int
) -> Iterator[tuple[str, str, bytes, str, dict[str, str]]]:
    """(method, address, body, content type, headers), ``count`` of them, the same for the same seed."""
    random = Random(seed)
    for number in range(count):
        address = addresses[number % len(addresses)]
        method = random.choice(METHODS)
        if random.random() < 0.1:
            parts = address.split("/")
            parts[random.randrange(1, len(parts))] = quote(random.choice(TEXTS)[:3_000], safe="")
            address = "/".join(parts)
        if random.random() < 0.6:
            address += "?" + urlencode(words(random, names=names), errors="replace")
        elif random.random() < 0.1:
            address += random.choice(("?%", "?%00", "?%ff=%fe", "?" + "a&" * 1_100, "?=&=&", "?;a=1;"))
        kind = random.choice(KINDS)
        body = _body(random, kind=kind, names=names) if method not in ("GET", "HEAD") else b""
        headers = random.choice(HEADERS) if random.random() < 0.4 else {}
        yield method, address, body, kind, headers


def _body(random: Random, *, kind: str, names: tuple[str, ...]) -> bytes:
    if random.random() < 0.4:
        return random.choice(BODIES)
    values: dict[str, Any] = dict(words(random, names=names))
    if kind == "application/json":
        odd = [None, True, 2**64, -1, [], {}, [[]], {"a": {"a": []}}, 1.5]
        values |= {random.choice(names): random.choice(odd) for _ in range(2)}
        return json.dumps(values).encode()
    if kind.startswith("multipart"):
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in values.items()
        ]
        named = random.choice(("../../x.csv", "x.835\0", "é" * 200 + ".csv", ""))
        parts.append(
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="{named}"\r\n\r\nISA*\0\r\n--b--\r\n'
        )
        return "".join(parts).encode("utf-8", "replace")
    return urlencode(values, errors="replace").encode()
