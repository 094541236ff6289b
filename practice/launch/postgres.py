"""The embedded PostgreSQL cluster: made once, started on a free loopback port, stopped in order."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from practice.launch import ports, processes
from practice.launch.binaries import postgres_programs
from practice.launch.console import LaunchError, tail
from practice.launch.paths import Account

ADMIN = "wellrun_admin"
START_TRIES = 5
START_SECONDS = 60
STOP_SECONDS = 8

# A throw-away cluster loses nothing that matters in a power cut; a kept one must lose nothing at all.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "10min",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
}
KEPT = {
    "fsync": "on",
    "shared_buffers": "192MB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
}


@dataclass(frozen=True)
class Cluster:
    """One data directory and how to run it. `account` is who runs it when the launcher is root."""

    home: Path
    log: Path
    throwaway: bool
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own directory."""
        return self.home / "postgres"

    def create(self, *, password: str) -> bool:
        """Make the cluster unless it stands; True when it was made. An interrupted attempt is redone."""
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_major()
            return False
        fresh = self.home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        with tempfile.NamedTemporaryFile("w", dir=self.home, prefix="pw-") as secret:
            secret.write(password + "\n")
            secret.flush()
            self._give(Path(secret.name))
            self._run([*self._initdb(fresh), f"--pwfile={secret.name}"], what="Making the database cluster")
        fresh.replace(self.data)
        return True

    def start(self, *, port: int | None = None) -> int:
        """Start the server (ending a leftover one first) on `port`, if free, and return its port.

        A restart keeps the port, because the other processes know it.
        """
        self.stop()
        wanted = port if port and ports.is_free(port) else None
        for _ in range(START_TRIES):
            port, wanted = wanted or ports.free_port(), None
            options = " ".join(f"-c {name}={value}" for name, value in self._settings(port).items())
            try:
                self._run(
                    [*self._ctl(), "-w", "-t", str(START_SECONDS), "-o", options, "start"],
                    what="Starting the database",
                )
            except LaunchError:
                if ports.is_free(port):
                    raise
                continue  # somebody took the port between our look and the start
            return port
        raise LaunchError("The database found no free port. Is something opening ports very fast?")

    def stop(self) -> None:
        """Stop the server if it runs: fast first, then at once. Removes a stale lock file."""
        pid = self.pid()
        if pid is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        for how in (
            signal.SIGINT,
            signal.SIGQUIT,
            signal.SIGKILL,
        ):  # PostgreSQL's fast, immediate; then force
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            if processes.wait_until(lambda: not processes.alive(pid), seconds=STOP_SECONDS):
                break
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def pid(self) -> int | None:
        """The running server's process id; None when it does not run (whatever the lock file says)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None
        # After a crash another program may own the number: only a postgres on our directory counts.
        ours = "postgres" in (line := processes.command(pid)) and str(self.data) in line
        return pid if processes.alive(pid) and ours else None

    def _initdb(self, fresh: Path) -> list[str]:
        locale = ["--locale=C.UTF-8"]
        if sys.platform == "darwin":  # no such system locale there; PostgreSQL's built-in one is the same
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [
            str(postgres_programs() / "initdb"),
            f"--pgdata={fresh}",
            f"--username={ADMIN}",
            "--encoding=UTF8",
            *locale,
            "--auth=scram-sha-256",
            "--no-instructions",
            *(["--no-sync"] if self.throwaway else ["--data-checksums"]),
        ]

    def _settings(self, port: int) -> dict[str, str]:
        return {
            "listen_addresses": ports.LOOPBACK,
            "port": str(port),
            "unix_socket_directories": "''",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Statements carry patient data: errors are logged without them.
            "log_min_error_statement": "panic",
            "log_statement": "none",
            **(THROWAWAY if self.throwaway else KEPT),
        }

    def _ctl(self) -> list[str]:
        return [str(postgres_programs() / "pg_ctl"), "-D", str(self.data)]

    def _give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def _run(self, argv: list[str], *, what: str) -> None:
        """Run a PostgreSQL program as the service account, its output in the log."""
        with self.log.open("ab") as out:
            done = subprocess.run(
                argv,
                cwd=self.home,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C goes to the launcher, which stops things in order
                umask=0o077,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                check=False,
            )
        if done.returncode != 0:
            raise LaunchError(f"{what} failed. The end of {self.log}:\n{tail(self.log)}")

    def _refuse_other_major(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != "18":
            raise LaunchError(
                f"{self.data} was made by PostgreSQL {found}; this version of Wellrun runs 18.\n"
                "Start over with ./run demo --reset, or bring the data across with pg_dump and pg_restore."
            )
