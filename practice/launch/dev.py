"""`./run dev`: like the demo, but the code reloads, DEBUG is on and the data is the developer's."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Sequence

from practice.launch import demo, frontend, paths, ports, site, venv
from practice.launch.console import Steps, say
from practice.launch.environment import manage, tool_environment
from practice.launch.paths import ROOT
from practice.launch.services import Services, open_services, update_runtime
from practice.launch.supervisor import LOOK_SECONDS, Spec, Supervisor

STEPS = 7
SCAN_SECONDS = 2.0
NOT_OURS = {".venv", ".wellrun", ".git", "node_modules", "static", "staticfiles", "tests", "docs"}


def main(argv: Sequence[str]) -> int:
    """Start the development server and stay until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="./run dev", allow_abbrev=False)
    parser.add_argument("--port", type=int, help="the web port (default: 8000 or the next free one)")
    parser.add_argument("--reset", action="store_true", help="delete the development data and start over")
    parser.add_argument("--yes", action="store_true", help="do not ask before deleting")
    chosen = parser.parse_args(argv)
    if chosen.port is not None:
        ports.web_port(chosen.port)
    state = paths.state_for("dev")
    with demo.claimed(state) as lock:
        if chosen.reset:
            demo.reset(state, lock=lock, sure=chosen.yes)
        serve(open_services(state), port=chosen.port)
    return 0


def serve(services: Services, *, port: int | None) -> None:
    """Start everything; restart the background processes whenever a Python file changes."""
    steps = Steps(total=STEPS)
    with contextlib.ExitStack() as stack:
        with steps.step("Installing the Python packages"):
            venv.ensure(venv.DEV)
        with steps.step("Building the front end"):
            frontend.ensure()
        with steps.step("Starting PostgreSQL and Valkey"):
            stack.enter_context(services)
        chosen = ports.web_port(port)
        url = f"http://localhost:{chosen}"
        with steps.step("Migrating the database"):
            site.migrate(services)
        with steps.step("Making the demo data"):
            site.seed(services, base_url=url)
        supervisor = Supervisor(services=services)
        stack.callback(supervisor.stop)
        with steps.step("Starting web, worker, beat, relay and the asset builder"):
            update_runtime(services.state, url=url, launcher=os.getpid())
            supervisor.add(specs(services, port=chosen, url=url))
        with steps.step("Waiting for the site to answer"):
            site.wait_until_ready(supervisor, port=chosen)
        site.announce(services, url=url, mode="dev")
        with contextlib.suppress(KeyboardInterrupt):
            _watch(supervisor)
        say("\nStopping ...")
    say("Stopped.")


def specs(services: Services, *, port: int, url: str) -> list[Spec]:
    """The development server (it reloads by itself), the background processes and esbuild's watcher."""
    runserver = manage("runserver", f"{ports.LOOPBACK}:{port}")
    found = [Spec("web", tuple(runserver), services.environment(role="app", base_url=url), grace=2.0)]
    found += site.background(services, base_url=url)
    if (ROOT / "package.json").exists():
        found.append(Spec("assets", ("npm", "run", "--silent", "watch"), tool_environment(), grace=1.0))
    return found


def newest() -> float:
    """When one of our Python files was last changed."""
    latest = 0.0
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if n not in NOT_OURS and not n.startswith((".", "__"))]
        for name in files:
            if name.endswith(".py"):
                with contextlib.suppress(OSError):
                    latest = max(latest, os.stat(os.path.join(folder, name)).st_mtime)
    return latest


def _watch(supervisor: Supervisor) -> None:
    seen, next_scan = newest(), 0.0
    while True:
        supervisor.look()
        if time.monotonic() >= next_scan:
            next_scan = time.monotonic() + SCAN_SECONDS
            if (latest := newest()) > seen:
                seen = latest
                supervisor.restart(("beat", "worker", "relay"))
        time.sleep(LOOK_SECONDS)
