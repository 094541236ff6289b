"""The product's real processes on a database of a test: started, frozen, killed and stopped by their own ids."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from practice.launch import ports, processes, valkey
from practice.launch.paths import VENV, State, remove, service_account, throwaway_state
from practice.launch.valkey import Broker

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("OWNER", "APP", "JOBS", "RELAY")
PASSWORD = "only-for-a-test"


def database_addresses(*, port: int | None = None) -> dict[str, str]:
    """The four roles' addresses of the test database; through another ``port`` when something stands before it."""
    found = {}
    for role in ROLES:
        parts = urlsplit(os.environ[f"DATABASE_{role}_URL"])
        host = parts.netloc.rpartition(":")[0]
        netloc = f"{host}:{port}" if port else parts.netloc
        path = f"/{connection.settings_dict['NAME']}"
        found[f"DATABASE_{role}_URL"] = urlunsplit(parts._replace(netloc=netloc, path=path))
    return found


@dataclass
class Valkey:
    """A broker of the test's own, that can be stopped and come back on its port."""

    state: State
    port: int = 0
    pid: int = 0

    def start(self) -> str:
        """Start it (again); returns its address."""
        home = self.state.root / "services"
        home.mkdir(exist_ok=True, mode=0o711)
        home.chmod(0o711)
        log = self.state.root / "valkey.log"
        broker = Broker(home=home, log=log, account=service_account())
        wanted = self.port
        self.port, self.pid = broker.start(password=PASSWORD, port=wanted or None)
        assert wanted in (0, self.port), "somebody took the broker's port meanwhile"
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def freeze(self) -> None:
        """Let it hang: it takes connections and answers nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it and all it held."""
        if self.pid:
            valkey.stop(self.pid, mark=processes.birth(self.pid))
            self.pid = 0


@dataclass
class Product:
    """Web, worker, relay and beat as ``./run`` starts them, with their logs in a folder of the test."""

    folder: Path
    addresses: dict[str, str]
    redis: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self, *, role: str) -> dict[str, str]:
        """What a process of this account is told."""
        env = {**os.environ, **self.addresses, "WELLRUN_ROLE": role, "PYTHONPATH": str(ROOT)}
        env |= {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "WELLRUN_API_RATE": "1000000/min"}
        env |= {"REDIS_URL": self.redis} if self.redis else {}
        env["WELLRUN_LOG_LEVEL"] = "INFO"
        env["WELLRUN_MEDIA"] = str(self.folder / "media")
        return env | self.extra

    def start(self, name: str, *argv: str, role: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own."""
        with (self.folder / f"{name}.log").open("ab") as out:
            process = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=self.environment(role=role),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def web(self, *, workers: int = 2, threads: int = 4, wait: float = 60) -> str:
        """The web server; returns its address once it answers."""
        port = ports.free_port()
        argv = [str(VENV / "bin" / "gunicorn"), "-c", "python:practice.serving", "practice.wsgi"]
        argv += ["--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", str(self.folder)]
        argv += ["--workers", str(workers), "--threads", str(threads)]
        self.start("web", *argv, role="app")
        assert wait_until(lambda: _answers(port), seconds=wait), self.log("web")
        return f"127.0.0.1:{port}"

    def worker(self, *, processes: int = 2, name: str = "worker") -> subprocess.Popen[bytes]:
        """A Celery worker with its pool of processes, all in one group; ``name`` when there are several."""
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        argv = [str(VENV / "bin" / "celery"), "-A", "practice.celery", "worker", "-l", "INFO"]
        return self.start(name, *argv, "-n", name, "-c", str(processes), *quiet, role="jobs")

    def relay(self) -> subprocess.Popen[bytes]:
        """The relay."""
        python = str(VENV / "bin" / "python")
        return self.start("relay", python, str(ROOT / "manage.py"), "relay", role="relay")

    def beat(self, *, number: int = 1) -> subprocess.Popen[bytes]:
        """A beat; several may run at once."""
        argv = [str(VENV / "bin" / "celery"), "-A", "practice.celery", "beat", "-l", "INFO", "--pidfile="]
        return self.start("beat", *argv, "-s", str(self.folder / f"beat-{number}"), role="relay")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the whole group, as a machine that dies does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def stop(self) -> None:
        """End everything that still runs."""
        for process in self.running:
            process.terminate()
        until = time.monotonic() + 5
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, until - time.monotonic()))
        for process in list(self.running):
            self.kill(process)

    def log(self, name: str) -> str:
        """The end of a process's log."""
        return self.whole_log(name)[-4000:]

    def whole_log(self, name: str) -> str:
        """All that processes of this name said."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


@contextlib.contextmanager
def product(*, addresses=None, redis=False, **extra):
    """A product whose processes are ended, and whose folder is removed, when the test is over."""
    state = throwaway_state("test")
    broker = Valkey(state)
    made = Product(folder=state.root, addresses=addresses or database_addresses(), extra=extra)
    try:
        made.redis = broker.start() if redis else ""
        yield (made, broker) if redis else made
    finally:
        made.stop()
        broker.stop()
        remove(state)


def wait_until(ready, *, seconds, pause=0.05):
    """Whether something came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():
            return True
        time.sleep(pause)
    return False


def _answers(port):
    from tests.faults.load import ask

    try:
        return ask(f"127.0.0.1:{port}", "GET", "/livez").status == 200
    except OSError:
        return False
