"""The one way out over HTTP: to public addresses only, pinned, without redirects, small and short (ARCHITECTURE.md 11).

A name is looked up once and the connection goes to the very address that was judged, so that a name cannot show a
public address to the check and a private one to the connection (DNS rebinding). TLS is verified for the name.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 5.0
LARGEST = 64 * 1024
PORTS = {"https": 443, "http": 80}
Resolver = Callable[[str, int], list[str]]


class Refused(Exception):
    """The address is not one the product may call, or the answer broke a limit. Nothing more was sent."""


@dataclass(frozen=True)
class Answer:
    """What came back. A redirect is an answer like any other; nobody follows it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    """A judged address: where to connect (``ip``) and what to ask there."""

    scheme: str
    host: str
    ip: str
    port: int
    path: str


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system knows them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"{host} has no address.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address is a global unicast one; IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64) is judged too."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(one is not None and not one.is_global for one in inner):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def judge(url: str, *, resolver: Resolver = resolve) -> Target:
    """The target of a URL. Raises Refused for any scheme, port, user info or address that is not allowed.

    All addresses of the name must be public: one private one among them is an attack or a mistake.
    """
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise Refused("The address contains blanks or control signs.")
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused("That is no address.") from error
    if parts.scheme not in PORTS or port not in PORTS.values() or not parts.hostname:
        raise Refused("Only http:// on port 80 and https:// on port 443 are called.")
    if "@" in parts.netloc:
        raise Refused("An address with a user name in it is not called.")
    addresses = resolver(parts.hostname, port)
    if not addresses or not all(map(is_public, addresses)):
        raise Refused(f"{parts.hostname} is not a public address.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme=parts.scheme, host=parts.hostname, ip=addresses[0], port=port, path=path)


def call(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    resolver: Resolver = resolve,
) -> Answer:
    """Ask a public address: 5 s in all, 64 kB at most, no redirect followed, TLS verified.

    Raises Refused, and OSError for what networks do. Never inside a transaction.
    """
    target, until = judge(url, resolver=resolver), time.monotonic() + SECONDS
    connection = _connected(target)
    try:
        connection.request(method, target.path, body=body, headers={**(headers or {}), "Host": target.host})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), _read(answer, until=until))
    except http.client.HTTPException as error:
        raise OSError(f"{target.host} answered no HTTP.") from error
    finally:
        connection.close()


def _connected(target: Target) -> http.client.HTTPConnection:
    plain = socket.create_connection((target.ip, target.port), timeout=SECONDS)
    try:
        if target.scheme == "https":
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise
    connection = http.client.HTTPConnection(target.host, target.port, timeout=SECONDS)
    connection.sock = plain
    return connection


def _read(answer: http.client.HTTPResponse, *, until: float) -> bytes:
    """The body, in small bites, so that neither size nor time can run away."""
    read = bytearray()
    while True:
        bite = answer.read1(8192)
        if not bite:
            return bytes(read)
        read += bite
        if len(read) > LARGEST:
            raise Refused(f"The answer is larger than {LARGEST // 1024} kB.")
        if time.monotonic() > until:
            raise Refused(f"The answer took more than {SECONDS:.0f} s.")
