"""PostgreSQL and Valkey for one state directory, shared by every launcher process that uses it.

The first user starts them, the last one stops them. Who uses them is a shared file lock, so a crashed
user counts no longer, and the next start clears up what it left.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from dataclasses import dataclass, field
from typing import Any, Self

from practice.launch import credentials as credential_file
from practice.launch import processes, valkey
from practice.launch.console import LaunchError
from practice.launch.credentials import Credentials
from practice.launch.environment import Endpoints, django_environment, passwords, python, tool_environment
from practice.launch.locks import FileLock, only_one
from practice.launch.paths import (
    ROOT,
    THROWAWAY_PREFIX,
    State,
    make_open_folder,
    prepare,
    remove,
    service_account,
    service_home,
    temporary_folders,
)
from practice.launch.ports import LOOPBACK
from practice.launch.postgres import ADMIN, Cluster
from practice.launch.valkey import Broker


def read_runtime(state: State) -> dict[str, Any]:
    """What runs in this state: ports, process ids, address. Empty when nothing is known."""
    try:
        found = json.loads(state.runtime_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def update_runtime(state: State, **changes: object) -> None:
    """Merge changes into the runtime file (a value of None removes its key)."""
    merged = {k: v for k, v in {**read_runtime(state), **changes}.items() if v is not None}
    fresh = state.runtime_file.with_suffix(".new")
    fresh.write_text(json.dumps(merged, indent=1), encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(state.runtime_file)


@dataclass
class Services:
    """The services of a state, usable inside `with`. `admin_url` and `redis_url` are servers of one's own."""

    state: State
    admin_url: str = ""
    redis_url: str = ""
    credentials: Credentials = field(init=False)
    endpoints: Endpoints = field(init=False)

    def __post_init__(self) -> None:
        home = service_home(self.state)
        account = service_account()
        self.home = home
        self.cluster = Cluster(
            home=home,
            log=self.state.logs / "postgres.log",
            throwaway=self.state.throwaway,
            account=account,
        )
        self.broker = Broker(home=home, log=self.state.logs / "valkey.log", account=account)
        self._users = FileLock(self.state.root / "users.lock")

    def __enter__(self) -> Self:
        prepare(self.state)
        make_open_folder(self.home)
        self.credentials = credential_file.load(self.state.secrets_file)
        with only_one(self.state.root / "services.lock"):
            alone = self._users.try_exclusive()
            try:
                if alone:
                    self._clear_leftovers()
                    self._start()
                else:
                    self._join()
            except BaseException:
                if alone:
                    self._stop()
                self._users.release()
                raise
            self._users.share()
        return self

    def __exit__(self, *_: object) -> None:
        with only_one(self.state.root / "services.lock"):
            self._users.release()
            if self._users.try_exclusive():  # the last one out turns off the light
                self._stop()
                self._users.release()

    def environment(self, *, role: str, base_url: str = "") -> dict[str, str]:
        """The environment of a Django process on these services."""
        address = base_url or str(read_runtime(self.state).get("url") or "http://localhost:8000")
        return django_environment(
            self.state,
            credentials=self.credentials,
            endpoints=self.endpoints,
            role=role,
            base_url=address,
        )

    def clear(self) -> None:
        """End what a crashed launcher left running. Only for a state nobody uses."""
        self._clear_leftovers()

    def keep_running(self) -> list[str]:
        """Start again what has stopped; returns the names of what was restarted."""
        runtime, restarted = read_runtime(self.state), []
        if not self.admin_url and self.cluster.pid() is None:
            self._start_postgres()
            restarted.append("postgres")
        if not self.redis_url and not processes.alive(int(runtime.get("redis_pid", 0))):
            self._start_valkey()
            restarted.append("valkey")
        return restarted

    def _start(self) -> None:
        if not self.admin_url:
            self.cluster.create(password=self.credentials.admin_password)
            self._start_postgres()
        if not self.redis_url:
            self._start_valkey()
        self._join()
        self._provision()

    def _start_postgres(self) -> None:
        wanted = read_runtime(self.state).get("postgres_port")
        port = self.cluster.start(port=int(wanted) if wanted else None)
        update_runtime(self.state, postgres_port=port)

    def _start_valkey(self) -> None:
        wanted = read_runtime(self.state).get("redis_port")
        port, pid = self.broker.start(
            password=self.credentials.redis_password, port=int(wanted) if wanted else None
        )
        update_runtime(self.state, redis_port=port, redis_pid=pid, redis_mark=processes.birth(pid))

    def _join(self) -> None:
        """Read where the running services answer."""
        runtime = read_runtime(self.state)
        secrets = self.credentials
        postgres = (
            f"postgres://{ADMIN}:{secrets.admin_password}@{LOOPBACK}:{runtime.get('postgres_port')}/postgres"
        )
        redis = f"redis://:{secrets.redis_password}@{LOOPBACK}:{runtime.get('redis_port')}/0"
        self.endpoints = Endpoints(admin_url=self.admin_url or postgres, redis_url=self.redis_url or redis)

    def _provision(self) -> None:
        request = {
            "admin_url": self.endpoints.admin_url,
            "passwords": passwords(self.credentials),
            "embedded": not self.admin_url,
            "test": self.state.mode == "test",
        }
        done = subprocess.run(
            [python(), "-m", "practice.launch.provision"],
            cwd=ROOT,
            env=tool_environment(),
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LaunchError(f"Preparing the database's roles failed: {done.stderr.strip()}")

    def _clear_leftovers(self) -> None:
        """End what a crashed launcher left behind: its children, then the services themselves."""
        runtime = read_runtime(self.state)
        for pid, mark in dict(runtime.get("children", {})).values():
            processes.end_group(int(pid), mark=str(mark))
        self._stop()

    def _stop(self) -> None:
        runtime = read_runtime(self.state)
        if runtime.get("redis_pid"):
            valkey.stop(int(runtime["redis_pid"]), mark=str(runtime.get("redis_mark", "")))
        if not self.admin_url:
            self.cluster.stop()
        self.state.runtime_file.unlink(missing_ok=True)


def sweep() -> None:
    """End and remove what killed throw-away runs of this account left in the temporary directory.

    Only a directory of ours that says something runs, while nobody holds its locks.
    """
    for folder in temporary_folders()[:1]:
        for root in folder.glob(f"{THROWAWAY_PREFIX}*"):
            with contextlib.suppress(OSError):
                if root.stat().st_uid == os.geteuid() and (root / "runtime.json").exists():
                    _remove_if_abandoned(State(mode="test", root=root, throwaway=True))


def _remove_if_abandoned(state: State) -> None:
    starting, users = FileLock(state.root / "services.lock"), FileLock(state.root / "users.lock")
    try:
        if starting.try_exclusive() and users.try_exclusive():
            Services(state=state).clear()
            remove(state)
    finally:
        users.release()
        starting.release()


def open_services(state: State) -> Services:
    """The services of a kept state: servers of one's own where DATABASE_URL and REDIS_URL name them."""
    return Services(
        state=state,
        admin_url=os.environ.get("DATABASE_URL", ""),
        redis_url=os.environ.get("REDIS_URL", ""),
    )
