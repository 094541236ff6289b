"""The contract with practice/settings.py: every variable a Wellrun process reads."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from practice.launch.credentials import Credentials
from practice.launch.paths import ROOT, VENV, WORK, State
from practice.launch.provision import DATABASE

ROLES = ("owner", "app", "jobs", "relay")


@dataclass(frozen=True)
class Endpoints:
    """Where the services answer. `admin_url` may create roles; it is never given to Django."""

    admin_url: str
    redis_url: str


def role_url(admin_url: str, *, role: str, password: str) -> str:
    """The administrator's address with our role, its password and our database (options are kept)."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(scheme="postgres", netloc=f"wellrun_{role}:{password}@{host}", path=f"/{DATABASE}")
    )


def passwords(credentials: Credentials) -> dict[str, str]:
    """Each database role's password."""
    return {f"wellrun_{role}": getattr(credentials, f"{role}_password") for role in ROLES}


def tool_environment() -> dict[str, str]:
    """The surrounding environment with our programs first, and a home even where there is none."""
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    env["PATH"] = f"{VENV / 'bin'}:{env.get('PATH', '/usr/local/bin:/usr/bin:/bin')}"
    env["VIRTUAL_ENV"] = str(VENV)
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("LC_ALL", "C.UTF-8") if not env.get("LANG") else None
    home = env.get("HOME", "")
    if not home or not os.path.isdir(home) or not os.access(home, os.W_OK):
        stand_in = WORK / "home"
        stand_in.mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(stand_in)
    return env


def operator_token(credentials: Credentials) -> str:
    """What opens /statusz: made from the state's secret key, so that old states have one too."""
    return hmac.new(credentials.secret_key.encode(), b"operator", hashlib.sha256).hexdigest()[:40]


def django_environment(
    state: State, *, credentials: Credentials, endpoints: Endpoints, role: str, base_url: str
) -> dict[str, str]:
    """Everything a Django process of this state needs; `role` picks its database account."""
    env = tool_environment()
    env.pop("DATABASE_URL", None)  # the administrator's: no product process may see it
    env |= {
        "DJANGO_SETTINGS_MODULE": "practice.settings",
        "WELLRUN_MODE": state.mode,
        "WELLRUN_STATE": str(state.root),
        "WELLRUN_ROLE": role,
        "WELLRUN_BASE_URL": base_url,
        "SECRET_KEY": credentials.secret_key,
        "PHI_KEYS": credentials.phi_keys,
        "INDEX_KEY": credentials.index_key,
        "FILE_KEYS": credentials.file_keys,
        "BACKUP_KEY": credentials.backup_key,
        "REDIS_URL": endpoints.redis_url,
        "OPERATOR_TOKEN": operator_token(credentials),
    }
    for name in ROLES:
        env[f"DATABASE_{name.upper()}_URL"] = role_url(
            endpoints.admin_url, role=name, password=getattr(credentials, f"{name}_password")
        )
    env |= {variable: str(folder) for variable, folder in state.folders.items()}
    return env


def python() -> str:
    """The virtual environment's Python."""
    return str(VENV / "bin" / "python")


def manage(*words: str) -> list[str]:
    """The command line of a management command."""
    return [python(), str(Path(ROOT) / "manage.py"), *words]
