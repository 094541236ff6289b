"""gunicorn for the product and for the floor, alike, and the client that asks them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from practice.launch.ports import LOOPBACK, free_port

READY_SECONDS = 60


class Caller:
    """One keep-alive connection; raises when an answer is not the status that was expected."""

    def __init__(self, port: int, *, headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        self.headers = {"Host": f"localhost:{port}", **(headers or {})}

    def get(self, path: str) -> bytes:
        """A page that must answer 200."""
        return self.ask("GET", path, expect=(200,))[1]

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        expect: tuple[int, ...] = (200, 201),
        **headers: str,
    ) -> tuple[int, bytes]:
        """Any request; the status and the body."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        data = None if body is None else json.dumps(body)
        if data is not None:
            sent["Content-Type"] = "application/json"
        answer = self._sent(method, path, data=data, headers=sent)
        content = answer.read()
        if answer.status not in expect:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return answer.status, content

    def _sent(
        self, method: str, path: str, *, data: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Once more on a new connection where the server has closed one that was idle for long."""
        try:
            self.connection.request(method, path, body=data, headers=headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()
            self.connection.request(method, path, body=data, headers=headers)
            return self.connection.getresponse()


@contextlib.contextmanager
def serve(application: str, *, workers: int = 1, threads: int = 1) -> Iterator[int]:
    """A gunicorn of one kind on a free port; the port."""
    port = free_port()
    log = Path(os.environ["WELLRUN_STATE"]) / f"bench-{port}.log"
    argv = [sys.executable, "-m", "gunicorn", application, "--bind", f"{LOOPBACK}:{port}"]
    argv += ["--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread"]
    argv += ["--keep-alive", "60", "--no-control-socket", "--log-level", "warning"]
    with log.open("wb") as out:
        process = subprocess.Popen(argv, stdout=out, stderr=out)
        try:
            _wait(port, process=process, log=log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(port: int, *, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/livez", headers={"Host": f"localhost:{port}"})
            connection.getresponse().read()
            return
        time.sleep(0.2)
    raise RuntimeError(f"{log} says: {log.read_text(errors='replace')[-2000:]}")
