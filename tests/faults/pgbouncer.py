"""Debian's pgbouncer before the test database, in transaction mode with a small pool."""

import contextlib
import os
import subprocess
from urllib.parse import unquote, urlsplit

import pytest

from practice.launch import ports, system
from practice.launch.paths import remove, service_account, throwaway_state

POOL = 4


def program():
    """The program's path; without it the test is skipped, loudly."""
    found = system.find_pgbouncer()
    if found is None:
        pytest.skip(f"NO PGBOUNCER: {system.apt_line(('pgbouncer',))}")
    return found


def _configure(folder, *, port):
    target = urlsplit(os.environ["DATABASE_APP_URL"])
    accounts = [urlsplit(os.environ[f"DATABASE_{role}_URL"]) for role in ("APP", "JOBS", "RELAY")]
    users = folder / "users.txt"
    users.write_text("".join(f'"{unquote(a.username)}" "{unquote(a.password)}"\n' for a in accounts))
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={target.hostname} port={target.port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = plain\nauth_file = {users}\npool_mode = transaction\n"
        f"default_pool_size = {POOL}\nmax_client_conn = 300\nserver_idle_timeout = 600\n"
        f"logfile = {folder / 'pgbouncer.log'}\n"
    )
    return settings


@contextlib.contextmanager
def pgbouncer():
    """Its port, while it runs. As root it runs as the services' account, since it refuses to be root."""
    path, state, account = program(), throwaway_state("test"), service_account()
    folder = state.root / "pgbouncer"
    folder.mkdir(mode=0o755)
    port = ports.free_port()
    settings = _configure(folder, port=port)
    if account:
        os.chown(folder, account.uid, account.gid)
    process = subprocess.Popen(
        [path, "-q", str(settings)],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        log = folder / "pgbouncer.log"
        assert ports.wait_for(port, seconds=10), log.read_text() if log.exists() else "no log"
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
        remove(state)
