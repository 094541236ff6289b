"""The virtual environment and the packages in it, from hashed locks; skipped when nothing has changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from practice.launch import system
from practice.launch.console import LaunchError, is_root, run_logged
from practice.launch.environment import python, tool_environment
from practice.launch.index_settings import uv_settings
from practice.launch.locks import only_one
from practice.launch.paths import ROOT, VENV, WORK, make_open_folder, require_space

REQUIREMENTS = ROOT / "requirements"
STAMP = VENV / "wellrun-stamp.json"
LOG = WORK / "logs" / "install.log"
RUNTIME, DEV, NODE = "runtime", "dev", "node"


def lock_file(name: str) -> Path:
    """The hashed lock of that name."""
    return REQUIREMENTS / f"{name}.txt"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_installed(name: str) -> bool:
    """Whether the virtual environment holds what the lock of that name says now."""
    return _stamp().get(name) == _digest(lock_file(name)) and Path(python()).exists()


def ensure(name: str) -> bool:
    """Make the environment hold the lock of that name; True when something had to be done."""
    if is_installed(name):
        return False
    make_open_folder(WORK)
    with only_one(WORK / "setup.lock"):
        if is_installed(name):
            return False
        require_space(VENV)
        _make_environment()
        _install(name)
        _save_stamp(name)
    return True


def _save_stamp(name: str) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps({**_stamp(), name: _digest(lock_file(name))}), encoding="utf-8")
    fresh.replace(STAMP)


def _make_environment() -> None:
    """A virtual environment whose Python runs and is new enough; a broken one is made anew."""
    if _works(python()):
        return
    if VENV.exists():
        if not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
            raise LaunchError(f"{VENV} is in the way and is no virtual environment. Move it and start again.")
        shutil.rmtree(VENV)
    # Without pip first: that works on Debian's Python, which comes without ensurepip.
    run_logged(
        [sys.executable, "-m", "venv", "--without-pip", str(VENV)],
        what="Making the virtual environment",
        log=LOG,
    )


def _works(program: str) -> bool:
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([program, "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _install(name: str) -> None:
    """Install a lock with uv; by pip when uv cannot (an index or certificate only pip understands)."""
    pip = find_pip()
    uv = _find_uv(pip)
    env = {**tool_environment(), **uv_settings(pip), "UV_PYTHON_DOWNLOADS": "never"}
    wanted, what = ["--require-hashes", "-r", str(lock_file(name))], f"Installing {lock_file(name).name}"
    try:
        run_logged([*uv, "pip", "install", "--python", python(), *wanted], what=what, log=LOG, env=env)
    except LaunchError:
        if not _is_own(pip):
            raise
        run_logged([*pip, "install", "--no-input", *wanted], what=what, log=LOG, env=tool_environment())


def find_pip() -> list[str]:
    """A command line that runs pip: the environment's own if there is or can be one, else any; else empty."""
    own = [python(), "-m", "pip"]
    if _runs([*own, "--version"]):
        return own
    with contextlib.suppress(LaunchError):
        run_logged([python(), "-m", "ensurepip", "--default-pip"], what="ensurepip", log=LOG)
        return own
    for outside in (sys.executable, "python3", "/usr/bin/python3"):
        if _runs([outside, "-m", "pip", "--version"]):
            return [outside, "-m", "pip"]
    return []


def _is_own(pip: list[str]) -> bool:
    return pip[:1] == [python()]


def _find_uv(pip: list[str]) -> list[str]:
    """uv: the environment's own, else installed by pip with the lock's hash, else the machine's."""
    own, beside = VENV / "bin" / "uv", WORK / "tools"
    if own.exists():
        return [str(own)]
    if not pip and (found := shutil.which("uv")):
        return [found]
    pip = pip or _pip_from_the_system()
    pinned = WORK / "uv.txt"
    pinned.write_text(stanza("uv", lock=lock_file(DEV).read_text(encoding="utf-8")), encoding="utf-8")
    # A pip of another Python cannot install into ours, but uv is one program and may lie anywhere.
    where = [] if _is_own(pip) else ["--target", str(beside), "--upgrade"]
    run_logged(
        [*pip, "install", "--no-input", "--no-deps", *where, "--require-hashes", "-r", str(pinned)],
        what="Installing uv",
        log=LOG,
        env=tool_environment(),
    )
    return [str(beside / "bin" / "uv" if where else own)]


def _pip_from_the_system() -> list[str]:
    packages = ("python3-venv", "python3-pip")
    if system.is_debian() and is_root():
        system.apt_install(packages, log=LOG)
        if pip := find_pip():
            return pip
    raise LaunchError(
        f"This Python ({sys.executable}, {platform.python_version()}) has neither pip nor ensurepip, "
        "and there is no uv.\nOn Debian or Ubuntu run this once, then start again:\n"
        f"    sudo {system.apt_line(packages)}"
    )


def stanza(package: str, *, lock: str) -> str:
    """One package's lines of a hashed lock: the pin and its hashes."""
    found = re.search(rf"^{re.escape(package)}==.*?(?=^\S|\Z)", lock, flags=re.MULTILINE | re.DOTALL)
    if not found:
        raise LaunchError(f"The lock does not name {package}. Make the locks again: ./run lock")
    lines = [line for line in found.group(0).splitlines() if not line.strip().startswith("#")]
    return "\n".join(lines) + "\n"


def _runs(argv: list[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
