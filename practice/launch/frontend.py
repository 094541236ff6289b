"""The front end: Node (the machine's or a wheel's), npm packages and the build; skipped when unchanged."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from practice.launch import venv
from practice.launch.console import LaunchError, run_logged
from practice.launch.environment import tool_environment
from practice.launch.locks import only_one
from practice.launch.paths import ROOT, WORK, make_open_folder

NODE_MAJOR = 20
STAMPS = WORK / "frontend.json"
LOG = WORK / "logs" / "frontend.log"
BUILT = ROOT / "static" / "dist"
MODULES = ROOT / "node_modules"


def node_version(program: str, *, env: dict[str, str]) -> tuple[int, ...] | None:
    """The version of a node program, or None when it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, env=env, check=False)
    except OSError:
        return None
    found = re.match(r"v(\d+)\.(\d+)\.(\d+)", done.stdout)
    return tuple(int(part) for part in found.groups()) if found else None


def has_node() -> bool:
    """Whether a new enough node and npm are on the path (the machine's or the environment's)."""
    env = tool_environment()
    version = node_version("node", env=env)
    if version is None or version[0] < NODE_MAJOR:
        return False
    try:
        return subprocess.run(["npm", "--version"], capture_output=True, env=env, check=False).returncode == 0
    except OSError:
        return False


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of files."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _packages_digest() -> str:
    return digest(p for p in (ROOT / "package.json", ROOT / "package-lock.json") if p.exists())


def _assets_digest() -> str:
    sources = (p for p in (ROOT / "assets").rglob("*") if p.is_file())
    return _packages_digest() + digest(sources)


def _stamps() -> dict[str, str]:
    try:
        found = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _save(**changes: str) -> None:
    STAMPS.write_text(json.dumps({**_stamps(), **changes}), encoding="utf-8")


def is_built() -> bool:
    """Whether the built files match the sources."""
    return _stamps().get("built") == _assets_digest() and BUILT.exists() and any(BUILT.iterdir())


def ensure() -> bool:
    """Install the npm packages and build the assets where either changed; True when something was done."""
    if not (ROOT / "package.json").exists() or is_built():
        return False
    make_open_folder(WORK)
    ensure_node()
    with only_one(WORK / "setup.lock"):
        if is_built():
            return False
        if _stamps().get("packages") != _packages_digest() or not MODULES.is_dir():
            _with_node(["npm", "ci", "--no-audit", "--no-fund"], what="Installing the npm packages")
            _save(packages=_packages_digest())
        _with_node(["npm", "run", "--silent", "build"], what="Building the front end")
        _save(built=_assets_digest())
    return True


def ensure_node() -> None:
    """Node 20 or newer: the machine's, else from the hashed wheel into the virtual environment."""
    if has_node():
        return
    venv.ensure(venv.NODE)
    if not has_node():
        raise LaunchError(
            f"Node {NODE_MAJOR} or newer is needed to build the front end, and the packaged one does not run "
            "here.\nInstall it (https://nodejs.org, or apt-get install -y nodejs npm) and start again."
        )


def _with_node(argv: list[str], *, what: str) -> None:
    env = tool_environment()
    if not os.access(env.get("npm_config_cache", env["HOME"]), os.W_OK):
        env["npm_config_cache"] = str(WORK / "npm-cache")
    run_logged(argv, what=what, log=LOG, env=env, cwd=ROOT)
