"""The machine's own pip configuration, handed on to uv, which does not read it."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Mapping, Sequence

# pip's name -> uv's variable
SINGLE = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "timeout": "UV_HTTP_TIMEOUT"}
MANY = {"extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS", "trusted-host": "UV_INSECURE_HOST"}
TIMEOUT_NAMES = {"default-timeout": "timeout"}


def read_pip(listing: str) -> dict[str, str]:
    """`pip config list` as a mapping; the surroundings win over files, as in pip itself."""
    found: dict[str, str] = {}
    for line in sorted(listing.splitlines(), key=lambda text: text.startswith(":env:")):
        name, _, value = line.partition("=")
        key = name.rpartition(".")[2].strip()
        try:
            text = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError):
            continue
        found[TIMEOUT_NAMES.get(key, key)] = str(text)
    return found


def for_uv(pip: Mapping[str, str], *, surroundings: Mapping[str, str]) -> dict[str, str]:
    """uv's variables for pip's settings; what the surroundings already say to uv is left alone."""
    chosen: dict[str, str] = {}
    for name, variable in SINGLE.items():
        if pip.get(name):
            chosen[variable] = pip[name]
    for name, variable in MANY.items():
        parts = pip.get(name, "").split()
        if parts:
            # UV_FIND_LINKS is separated by commas, the other two by blanks
            chosen[variable] = ",".join(parts) if name == "find-links" else " ".join(parts)
    if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        chosen["UV_NO_INDEX"] = "1"
    if "UV_INDEX" in chosen:
        # Like pip: any index may hold a package. Every file is checked against the lock's hash anyway.
        chosen["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    older = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}
    return {k: v for k, v in chosen.items() if k not in surroundings and older.get(k, k) not in surroundings}


def uv_settings(pip_command: Sequence[str]) -> dict[str, str]:
    """Ask pip (`pip_command` runs it) for its configuration; empty when there is no pip to ask."""
    if not pip_command:
        return {}
    try:
        done = subprocess.run(
            [*pip_command, "config", "list"], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return for_uv(read_pip(done.stdout), surroundings=os.environ) if done.returncode == 0 else {}
