"""Choosing TCP ports on the loopback address; never a fixed one that may be taken."""

from __future__ import annotations

import contextlib
import socket
import time

from practice.launch.console import LaunchError

WEB_PORT = 8000
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def answers(port: int, *, host: str = LOOPBACK) -> bool:
    """Whether something accepts connections on `port`."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=0.5):
        return True
    return False


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` and be found there as `localhost`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    # Browsers try ::1 first for `localhost`: a foreign server there would hide ours.
    return not (socket.has_ipv6 and answers(port, host="::1"))


def web_port(wanted: int | None = None) -> int:
    """The port for the web server: `wanted` or nothing; without a wish 8000 or the next free one.

    Raises LaunchError when the wanted port is taken or none of the next hundred is free.
    """
    if wanted is not None:
        if not 1 <= wanted <= 65535:
            raise LaunchError(f"--port {wanted} is not a port number (1 to 65535).")
        if not is_free(wanted):
            raise LaunchError(
                f"Port {wanted} is in use (or not allowed). Choose another, or leave out --port: "
                "then the next free one is taken."
            )
        return wanted
    for port in range(WEB_PORT, WEB_PORT + 100):
        if is_free(port):
            return port
    raise LaunchError(f"No free port between {WEB_PORT} and {WEB_PORT + 99}. Choose one with --port.")


def wait_for(port: int, *, seconds: float) -> bool:
    """Wait until something accepts connections on `port`; False when the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answers(port):
            return True
        time.sleep(0.05)
    return False
