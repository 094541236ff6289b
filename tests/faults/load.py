"""Many callers at once over plain HTTP connections."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import struct
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the connection broke before an answer."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


BROKEN = Answer(0, {}, "")


def ask(address, method, path, *, body=None, headers=None, kept=None, timeout=60):
    """One request; on the ``kept`` connection when one is given. Raises OSError when nothing answers."""
    host, _, port = address.partition(":")
    line = kept or http.client.HTTPConnection(host, int(port), timeout=timeout)
    sent = {"Host": f"localhost:{port}", "Accept": "application/json", **(headers or {})}
    if body is not None and not isinstance(body, str):
        body = json.dumps(body)
        sent["Content-Type"] = "application/json"
    try:
        line.request(method, path, body=body, headers=sent)
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
    except http.client.HTTPException as error:
        line.close()
        raise ConnectionError(str(error)) from error
    except OSError:
        line.close()
        raise
    finally:
        if kept is None:
            line.close()


def hang_up(address, method, path, *, headers=None, after=0.0):
    """Send a request and break the connection without reading the answer."""
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        words = {"Host": f"localhost:{port}", "Content-Length": "0", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in words.items())
        line.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
        threading.Event().wait(after)


class Crew:
    """Threads that share out numbered pieces of work and keep what went wrong."""

    def __init__(self, *, threads: int) -> None:
        self.threads, self.counts, self.wrong = threads, Counter(), []
        self._lock = threading.Lock()

    def note(self, what: str, *, wrong: str = "") -> None:
        """Count something; ``wrong`` is kept as a sentence for the assertion."""
        with self._lock:
            self.counts[what] += 1
            if wrong:
                self.wrong.append(wrong[:400])

    def run(self, work, *, total=None, until=None, address=None) -> None:
        """Call ``work(number, line)`` for 0..total-1, or until the event is set; ``line`` is a kept connection."""
        numbers = iter(range(total if total is not None else 10**9))
        threads = [
            threading.Thread(target=self._one, args=(work, numbers, until, address))
            for _ in range(self.threads)
        ]
        for thread in threads:
            thread.start()
        self.started = threads
        if until is None:
            self.join()

    def join(self) -> None:
        """Wait for every thread."""
        for thread in self.started:
            thread.join(timeout=1800)
        assert not any(thread.is_alive() for thread in self.started)

    def _one(self, work, numbers, until, address):
        line = None
        if address:
            host, _, port = address.partition(":")
            line = http.client.HTTPConnection(host, int(port), timeout=60)
        while until is None or not until.is_set():
            with self._lock:
                number = next(numbers, None)
            if number is None:
                break
            try:
                work(number, line)
            except (
                Exception
            ) as error:  # a caller's own mistake must fail the test, not end a thread in silence
                self.note("raised", wrong=f"{type(error).__name__}: {error}")
        if line is not None:
            with contextlib.suppress(OSError):
                line.close()
