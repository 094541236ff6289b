"""The running product: its processes, its preparation and what is said about it. Used by demo and dev."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence

from practice.launch.console import LaunchError, run_logged, say, tail
from practice.launch.environment import manage, operator_token
from practice.launch.paths import VENV, State
from practice.launch.ports import LOOPBACK
from practice.launch.services import Services
from practice.launch.supervisor import Spec, Supervisor

READY_SECONDS = 120.0


def django(services: Services, *words: str, role: str, what: str, base_url: str = "") -> None:
    """Run a management command quietly; its output is in the setup log."""
    run_logged(
        manage(*words),
        what=what,
        log=services.state.logs / "setup.log",
        env=services.environment(role=role, base_url=base_url),
    )


def migrate(services: Services) -> None:
    """Bring the tables up to date, as their owner."""
    django(services, "migrate", "--no-input", role="owner", what="Migrating the database")


def seed(services: Services, *, base_url: str) -> None:
    """Fill in the demo practices (nothing happens where they stand already)."""
    django(services, "seed_demo", role="jobs", what="Making the demo data", base_url=base_url)


def background(services: Services, *, base_url: str) -> list[Spec]:
    """Beat, worker and relay, in the order in which they stop (after the web server)."""
    celery = [str(VENV / "bin" / "celery"), "-A", "practice.celery"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    schedule = str(services.state.root / "beat-schedule")

    def env(role: str) -> dict[str, str]:
        return services.environment(role=role, base_url=base_url)

    return [
        Spec("beat", (*celery, "beat", "-l", "INFO", "-s", schedule, "--pidfile="), env("relay"), grace=1.5),
        Spec("worker", (*celery, "worker", "-l", "INFO", "-c", "2", *quiet), env("jobs"), grace=4.5),
        Spec("relay", tuple(manage("relay")), env("relay"), grace=1.5),
    ]


def web(services: Services, *, port: int, base_url: str) -> Spec:
    """The web server on loopback only, with the settings of ``practice/serving.py``; it drains for no time here."""
    argv = [str(VENV / "bin" / "gunicorn"), "-c", "python:practice.serving", "practice.wsgi"]
    argv += ["--bind", f"{LOOPBACK}:{port}", "--graceful-timeout", "3"]
    argv += ["--worker-tmp-dir", str(services.state.root)]
    return Spec("web", tuple(argv), services.environment(role="app", base_url=base_url), grace=4.0)


def wait_until_ready(supervisor: Supervisor, *, port: int) -> None:
    """Wait for /readyz to answer 200; raise LaunchError with the log's end when it does not."""
    until = time.monotonic() + READY_SECONDS
    answer = "no answer"
    while time.monotonic() < until and not supervisor.has_died("web"):
        answer = _ask(port)
        if answer == "200":
            return
        time.sleep(0.2)
    log = supervisor.log("web")
    raise LaunchError(f"The web server is not ready ({answer}). The end of {log}:\n{tail(log)}")


def _ask(port: int) -> str:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def logins(state: State) -> list[dict[str, str]]:
    """The cast's log-ins; empty when none were written."""
    try:
        found = json.loads(state.logins_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


def announce(services: Services, *, url: str, mode: str) -> None:
    """Say where the product is, how to get in and where the data lies."""
    state = services.state
    say(f"\nWellrun is running:  {url}\n")
    say(_table([[row["role"], row["email"], row["password"]] for row in logins(state)]))
    say(f"  Data      {state.root}")
    if services.admin_url:
        say("  Database  the server named by DATABASE_URL, database wellrun")
    elif services.home.parent != state.root:
        say(f"  Database  {services.home} (the database's account may not enter {state.root.parent})")
    say(f"  Logs      {state.logs}")
    say(f"  Status    {url}/statusz  (user operator, password {operator_token(services.credentials)})")
    say(f"\nCtrl-C stops everything; the data stays for the next ./run {mode}.")


def _table(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  " + "  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, ""])
