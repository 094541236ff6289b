import os
import shutil
import signal
import socket
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from practice.launch import paths, processes
from practice.launch.console import LaunchError
from practice.launch.environment import role_url
from practice.launch.paths import ROOT
from practice.launch.services import Services, read_runtime, sweep

AS_A_USER = """
import sys
from pathlib import Path
from practice.launch.paths import service_account
from practice.launch.postgres import Cluster
home = Path(sys.argv[1])
cluster = Cluster(home=home, log=home / "log", throwaway=True, account=service_account())
cluster.create(password="x")
port = cluster.start()
assert cluster.pid()
cluster.stop()
assert cluster.pid() is None
print("stopped", port)
"""


def connect(services, *, role="app", password=None):
    url = role_url(
        services.endpoints.admin_url,
        role=role,
        password=password or getattr(services.credentials, f"{role}_password"),
    )
    return psycopg2.connect(url)


def ask(services, sql, *, role="app"):
    connection = connect(services, role=role)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()


def test_a_role_that_was_given_too_much_is_humbled_at_the_next_start(state):
    with Services(state=state) as services:
        connection = psycopg2.connect(services.endpoints.admin_url)
        with connection, connection.cursor() as cursor:
            cursor.execute("ALTER ROLE wellrun_app BYPASSRLS CREATEDB")
        connection.close()

    with Services(state=state) as again:
        sql = "SELECT rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert ask(again, sql) == [(False,)]


def test_each_role_can_log_in_and_none_is_more_than_it_should_be(running):
    rows = ask(running, "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles")

    found = {row[0]: row[1:] for row in rows if row[0].startswith("wellrun_") and row[0] != "wellrun_admin"}
    plain = (False, False, False, False)
    assert found == {
        "wellrun_owner": (False, False, False, True),
        "wellrun_app": plain,
        "wellrun_jobs": plain,
        "wellrun_relay": plain,
    }
    for role in ("owner", "app", "jobs", "relay"):
        assert ask(running, "SELECT current_user", role=role) == [(f"wellrun_{role}",)]


def test_the_app_can_make_no_table_and_no_temporary_table(running):
    for sql in ("CREATE TABLE t (x int)", "CREATE TEMPORARY TABLE t (x int)"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(running, sql)


def test_workers_have_the_apps_rights_but_cannot_become_it_and_have_longer_limits(running):
    assert ask(running, "SELECT pg_has_role('wellrun_app', 'USAGE')", role="jobs") == [(True,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(running, "SET ROLE wellrun_app", role="jobs")
    assert ask(running, "SHOW statement_timeout") == [("15s",)]
    assert ask(running, "SHOW statement_timeout", role="jobs") == [("10min",)]
    assert (
        ask(running, "SHOW random_page_cost")
        == ask(running, "SHOW random_page_cost", role="jobs")
        == [("1.1",)]
    )


def test_the_cluster_is_utf8_with_a_locale_that_is_the_same_everywhere(running):
    sql = "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = 'wellrun'"

    assert ask(running, sql) == [("UTF8", "C.UTF-8")]


def test_a_wrong_password_is_refused(running):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(running, password="wrong")


def test_nobody_outside_this_machine_can_connect(running):
    port = urlsplit(running.endpoints.admin_url).port
    listed = Path(f"/proc/{running.cluster.pid()}/net/tcp")
    if not listed.exists():
        pytest.skip("needs /proc")
    rows = [line.split()[1] for line in listed.read_text().splitlines()[1:] if line.split()[3] == "0A"]

    ours = {row.rpartition(":")[0] for row in rows if int(row.rpartition(":")[2], 16) == port}

    assert ours == {socket.inet_aton("127.0.0.1")[::-1].hex().upper()}
    assert not list(running.home.rglob(".s.PGSQL.*"))


def test_after_the_last_user_nothing_runs_and_after_a_start_the_data_is_back(state):
    with Services(state=state) as first:
        ask(first, "CREATE TABLE kept AS SELECT 42 AS x; COMMIT; SELECT 1", role="owner")
        pids = [first.cluster.pid(), read_runtime(state)["redis_pid"]]
        with Services(state=state) as second:
            assert second.endpoints == first.endpoints
        assert all(processes.alive(pid) for pid in pids)

    assert not any(processes.alive(pid) for pid in pids)
    with Services(state=state) as again:
        assert ask(again, "SELECT x FROM kept", role="owner") == [(42,)]


def test_a_start_clears_up_after_a_crash(state):
    crashed = Services(state=state)
    crashed.__enter__()
    left = crashed.cluster.pid()
    redis = read_runtime(state)["redis_pid"]
    crashed._users.release()  # what the kernel does when the launcher dies

    with Services(state=state) as fresh:
        assert fresh.cluster.pid() != left
        assert not processes.alive(left)
        assert ask(fresh, "SELECT 1") == [(1,)]
    os.waitpid(redis, os.WNOHANG) if processes.alive(redis) else None
    assert not processes.alive(redis)


def test_a_killed_throw_away_run_is_swept_away_and_a_living_one_is_left_alone(state, running):
    killed = Services(state=state)
    killed.__enter__()
    left = killed.cluster.pid()
    killed._users.release()

    sweep()

    assert not processes.alive(left)
    assert not state.root.exists()
    assert ask(running, "SELECT 1") == [(1,)]


def test_a_killed_server_with_a_stale_lock_file_starts_again_and_has_lost_nothing(state):
    state = replace(state, mode="demo", throwaway=False)
    with Services(state=state) as services:
        ask(services, "CREATE TABLE kept AS SELECT 7 AS x; COMMIT; SELECT 1", role="owner")
        pid = services.cluster.pid()
        os.kill(pid, signal.SIGKILL)
        assert processes.wait_until(lambda: not processes.alive(pid), seconds=5)
        # the worst case: the number in the stale file now belongs to another, living program
        lock = services.cluster.data / "postmaster.pid"
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

        assert services.keep_running() == ["postgres"]

        assert ask(services, "SELECT x FROM kept", role="owner") == [(7,)]


def test_an_interrupted_initdb_is_redone(state):
    paths.prepare(state)
    services = Services(state=state)
    half = services.home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with services:
        assert ask(services, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_a_cluster_of_another_major_version_is_refused_with_the_way_out(state):
    with Services(state=state) as services:
        pass
    (services.cluster.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(LaunchError, match=r"made by PostgreSQL 17(.|\n)*--reset"), Services(state=state):
        pass


def test_a_full_disk_is_refused_before_anything_is_made(state, monkeypatch):
    usage = shutil.disk_usage(state.root)._replace(free=999_999_999)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    with (
        pytest.raises(LaunchError, match="999 MB free; Wellrun needs at least 1,000 MB"),
        Services(state=state),
    ):
        pass

    assert not state.secrets_file.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_it_runs_as_a_normal_user_too(state):
    python = next(
        (p for p in ("/usr/bin/python3", "/usr/local/bin/python3") if Path(p).exists() and _recent(p)), None
    )
    if python is None or not paths.reachable_by_others(ROOT):
        pytest.skip("no Python 3.11 that another user can run")
    account = paths.service_account()
    home = state.root / "user"
    home.mkdir(mode=0o700)
    os.chown(home, account.uid, account.gid)

    done = subprocess.run(
        [python, "-c", AS_A_USER, str(home)],
        cwd=ROOT,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("stopped")


def _recent(python):
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", code], check=False).returncode == 0
