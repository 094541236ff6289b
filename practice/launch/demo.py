"""`./run demo`: the whole product on this machine, from nothing; `--check` walks it once and cleans up."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from practice.launch import frontend, paths, ports, site, statics, system, venv
from practice.launch.console import LaunchError, Steps, confirm, say, tail
from practice.launch.environment import manage
from practice.launch.locks import FileLock
from practice.launch.paths import ROOT, State
from practice.launch.services import Services, open_services, read_runtime, sweep, update_runtime
from practice.launch.supervisor import LOOK_SECONDS, Supervisor

STEPS = 9


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Parse `./run demo`'s own words."""
    parser = argparse.ArgumentParser(prog="./run demo", allow_abbrev=False)
    parser.add_argument("--port", type=int, help="the web port (default: 8000 or the next free one)")
    parser.add_argument(
        "--check", action="store_true", help="walk the main path on throw-away data, then stop"
    )
    parser.add_argument("--reset", action="store_true", help="delete the demo data and start over")
    parser.add_argument("--yes", action="store_true", help="do not ask before deleting")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Start the demo and stay until Ctrl-C, or check it."""
    chosen = arguments(argv)
    if chosen.port is not None:
        ports.web_port(chosen.port)  # a wish that cannot be met is refused before anything is made
    if chosen.check:
        return check(port=chosen.port)
    state = paths.state_for("demo")
    with claimed(state) as lock:
        if chosen.reset:
            reset(state, lock=lock, sure=chosen.yes)
        serve(open_services(state), port=chosen.port)
    return 0


@contextlib.contextmanager
def claimed(state: State) -> Iterator[FileLock]:
    """Be the only demo (or development server) of this state; say where the other one is."""
    lock = FileLock(state.root / "main.lock")
    try:
        alone = lock.try_exclusive()
    except OSError as error:
        raise LaunchError(f"{state.root} cannot be used: {error}") from error
    if not alone:
        runtime = read_runtime(state)
        where = runtime.get("url") or "(still starting)"
        raise LaunchError(
            f"Wellrun already runs on {state.root}: {where}, process {runtime.get('launcher', '?')}.\n"
            "Open that page, or stop it with Ctrl-C in its window. "
            f"A second one needs another directory: WELLRUN_STATE=/some/folder ./run {state.mode}"
        )
    try:
        yield lock
    finally:
        lock.release()


def reset(state: State, *, lock: FileLock, sure: bool) -> None:
    """Delete the state's data for good, after asking; whoever claimed it claims it again."""
    if os.environ.get("DATABASE_URL"):
        raise LaunchError(
            "--reset deletes nothing on a server of your own: drop its database wellrun yourself."
        )
    if not sure and not confirm(f"Delete all data in {state.root}?"):
        raise LaunchError("Nothing was deleted (--yes answers the question).")
    users = FileLock(state.root / "users.lock")
    if not users.try_exclusive():
        raise LaunchError("A ./run manage is still using this data. Let it end first.")
    users.release()
    Services(state=state).clear()  # a crashed start may have left things running
    paths.remove(state)
    lock.release()
    lock.try_exclusive()


def serve(services: Services, *, port: int | None) -> None:
    """Start everything, say where it is, and look after it until Ctrl-C."""
    steps = Steps(total=STEPS)
    with contextlib.ExitStack() as stack:
        supervisor, url = start(services, steps=steps, port=port, stack=stack)
        site.announce(services, url=url, mode=services.state.mode)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                supervisor.look()
                time.sleep(LOOK_SECONDS)
        say("\nStopping ...")
    say("Stopped.")


def start(
    services: Services, *, steps: Steps, port: int | None, stack: contextlib.ExitStack
) -> tuple[Supervisor, str]:
    """Every step from packages to a site that answers. `stack` stops it all again, in order."""
    install(steps, log=venv.LOG)
    with steps.step("Starting PostgreSQL and Valkey"):
        stack.enter_context(services)
    chosen = ports.web_port(port)
    if port is None and chosen != ports.WEB_PORT:
        steps.note(f"Port {ports.WEB_PORT} is in use; the web server takes {chosen}.")
    url = f"http://localhost:{chosen}"
    with steps.step("Migrating the database"):
        site.migrate(services)
    with steps.step("Collecting static files"):
        statics.ensure(services)
    with steps.step("Making the demo data"):
        site.seed(services, base_url=url)
    supervisor = Supervisor(services=services)
    stack.callback(supervisor.stop)
    with steps.step("Starting web, worker, beat and relay"):
        update_runtime(services.state, url=url, launcher=os.getpid())
        supervisor.add([site.web(services, port=chosen, base_url=url)])
        supervisor.add(site.background(services, base_url=url))
    with steps.step("Waiting for the site to answer"):
        site.wait_until_ready(supervisor, port=chosen)
    return supervisor, url


def install(steps: Steps, *, log: Path) -> None:
    """Packages, front end and system libraries; each is skipped when it stands."""
    with steps.step("Installing the Python packages"):
        venv.ensure(venv.RUNTIME)
    with steps.step("Building the front end"):
        frontend.ensure()
    with steps.step("Looking for the PDF libraries"):
        if note := system.ensure_pango(log):
            steps.note(note)


def check(*, port: int | None) -> int:
    """The demo on throw-away data and ports, walked once by `check_path`; then everything is removed."""
    started = time.monotonic()
    sweep()
    state = paths.throwaway_state("demo")
    try:
        with contextlib.ExitStack() as stack:
            services = Services(state=state)
            supervisor, url = start(
                services, steps=Steps(total=STEPS), port=port or ports.free_port(), stack=stack
            )
            code = _walk(services, supervisor=supervisor, url=url)
            if code != 0:
                _show_logs(state)
    finally:
        paths.remove(state)
    say(f"\n{'Passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s.")
    return code


def _walk(services: Services, *, supervisor: Supervisor, url: str) -> int:
    say()
    env = services.environment(role="jobs", base_url=url)
    walker = subprocess.Popen(manage("check_path", "--base-url", url), cwd=ROOT, env=env)
    try:
        while walker.poll() is None:
            supervisor.look()
            time.sleep(LOOK_SECONDS)
    finally:
        if walker.poll() is None:
            walker.kill()
            walker.wait()
    return 1 if walker.returncode else 0


def _show_logs(state: State) -> None:
    """The logs go with the directory, so their ends are shown."""
    for log in sorted(state.logs.glob("*.log")):
        if text := tail(log, lines=25):
            say(f"\n== {log.name}\n{text}", stream=sys.stderr)
