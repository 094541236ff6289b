"""`./run lock`: make the hashed locks again from pyproject.toml, without any index address in them."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

from practice.launch import frontend, venv
from practice.launch.console import LaunchError, say, warn
from practice.launch.environment import tool_environment
from practice.launch.index_settings import uv_settings
from practice.launch.paths import ROOT, VENV

COMPILE = ("pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes")
SILENT = ("--no-emit-index-url", "--no-header", "--quiet")
EXTRAS = {venv.RUNTIME: ("embedded",), venv.DEV: ("embedded", "dev")}


def main(argv: Sequence[str]) -> int:
    """Remake every lock; versions already locked stay unless pyproject.toml says otherwise (--upgrade)."""
    if set(argv) - {"--upgrade"}:
        raise LaunchError("./run lock takes --upgrade or nothing.")
    venv.ensure(venv.DEV)
    env = {**tool_environment(), **uv_settings(venv.find_pip())}
    for name, extras in EXTRAS.items():
        chosen = [word for extra in extras for word in ("--extra", extra)]
        _compile(name, source="pyproject.toml", words=[*chosen, *argv], env=env)
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = "\n".join(metadata["optional-dependencies"]["node"])
    _compile(venv.NODE, source="-", words=list(argv), env=env, stdin=pins)
    if (ROOT / "package.json").exists():
        _npm(env)
    return 0


def _compile(name: str, *, source: str, words: list[str], env: dict[str, str], stdin: str = "") -> None:
    target = venv.lock_file(name)
    argv = [str(VENV / "bin" / "uv"), *COMPILE, *SILENT, source, *words, "-o", str(target.relative_to(ROOT))]
    done = subprocess.run(argv, cwd=ROOT, env=env, input=stdin, text=True, check=False)
    if done.returncode != 0:
        raise LaunchError(f"Locking {target.name} failed.")
    if addresses := [line for line in target.read_text(encoding="utf-8").splitlines() if "://" in line]:
        raise LaunchError(f"{target.name} names an address, which must not be committed: {addresses[0]}")
    say(f"{target.relative_to(ROOT)}")


def _npm(env: dict[str, str]) -> None:
    frontend.ensure_node()
    words = ["install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"]
    if subprocess.run(["npm", *words], cwd=ROOT, env=env, check=False).returncode != 0:
        raise LaunchError("Locking package-lock.json failed.")
    if named := addresses_in(ROOT / "package-lock.json"):
        warn(f"package-lock.json names {len(named)} addresses: {named[0]}")
        raise LaunchError("It must not be committed like that.")
    say("package-lock.json")


def addresses_in(lock: Path) -> list[str]:
    """The `resolved` addresses of an npm lock; there should be none."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"].values()
    return [str(package["resolved"]) for package in packages if "resolved" in package]
