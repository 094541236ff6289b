"""What the operating system must bring: Pango for PDF; Chromium and pgbouncer for tests."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from practice.launch.console import LaunchError, is_root, run_logged

PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PANGO_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def is_debian() -> bool:
    """Whether apt-get installs packages here."""
    return shutil.which("apt-get") is not None and Path("/etc/debian_version").exists()


def apt_line(packages: Sequence[str]) -> str:
    """The exact line that installs the packages."""
    return f"apt-get install -y {' '.join(packages)}"


def apt_install(packages: Sequence[str], *, log: Path) -> None:
    """Install Debian packages as root; refresh the package lists only when the first try fails."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    try:
        run_logged(install, what=f"Installing {', '.join(packages)}", log=log, env=env)
    except LaunchError:
        run_logged(["apt-get", "update"], what="Refreshing the package lists", log=log, env=env)
        run_logged(install, what=f"Installing {', '.join(packages)}", log=log, env=env)


def has_pango() -> bool:
    """Whether WeasyPrint's libraries can be loaded."""
    for name in PANGO_LIBRARIES:
        found = ctypes.util.find_library(name) or f"lib{name}.so.0"
        try:
            ctypes.CDLL(found)
        except OSError:
            return False
    return True


def ensure_pango(log: Path) -> str | None:
    """Install Pango where we may; otherwise the sentence to show. Only PDF needs it."""
    if has_pango():
        return None
    if is_debian() and is_root():
        try:
            apt_install(PANGO_PACKAGES, log=log)
        except LaunchError as error:
            return f"PDF reports will not work: {error}"
        return None
    line = "brew install pango" if shutil.which("brew") else apt_line(PANGO_PACKAGES)
    return f"PDF reports need Pango; everything else works. To have them:  sudo {line}"


def find_chromium() -> str | None:
    """The path of an installed Chromium."""
    chosen = os.environ.get("WELLRUN_CHROMIUM")
    if chosen:
        return chosen
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def ensure_chromium(log: Path) -> tuple[str | None, str | None]:
    """(path, sentence to show): Chromium is installed where we may, else browser tests are skipped."""
    if found := find_chromium():
        return found, None
    if is_debian() and is_root():
        try:
            apt_install(("chromium",), log=log)
        except LaunchError as error:
            return None, f"BROWSER TESTS ARE SKIPPED: {error}"
        return find_chromium(), None
    return (
        None,
        f"BROWSER TESTS ARE SKIPPED: there is no Chromium. Install it:  sudo {apt_line(('chromium',))}",
    )


def find_pgbouncer() -> str | None:
    """The path of an installed pgbouncer; Debian puts it where an ordinary PATH does not look."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


def ensure_pgbouncer(log: Path) -> str | None:
    """Install pgbouncer where we may; otherwise the sentence to show. Only fault tests need it."""
    if find_pgbouncer():
        return None
    if is_debian() and is_root():
        try:
            apt_install(("pgbouncer",), log=log)
        except LaunchError as error:
            return f"TESTS THROUGH PGBOUNCER ARE SKIPPED: {error}"
        return None
    line = apt_line(("pgbouncer",))
    return f"TESTS THROUGH PGBOUNCER ARE SKIPPED: there is no pgbouncer. Install it:  sudo {line}"
