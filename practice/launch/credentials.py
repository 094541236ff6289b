"""Generated passwords and keys of one state directory, made once and kept in a private file."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from practice.launch.console import LaunchError


@dataclass(frozen=True)
class Credentials:
    """Every generated secret. PHI and file keys are comma separated, newest first (MultiFernet's order)."""

    secret_key: str
    phi_keys: str
    index_key: str
    file_keys: str
    backup_key: str
    admin_password: str
    owner_password: str
    app_password: str
    jobs_password: str
    relay_password: str
    redis_password: str


# Secrets that came after the first version: a file without them is older, not damaged, and nothing leans on them yet.
LATER = ("backup_key",)


def fernet_key() -> str:
    """32 random bytes in URL-safe base64, the form `cryptography.fernet` reads."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def generate() -> Credentials:
    """New random secrets; passwords are URL-safe, so they need no quoting in addresses."""
    return Credentials(
        secret_key=secrets.token_urlsafe(50),
        phi_keys=fernet_key(),
        index_key=secrets.token_hex(32),
        file_keys=fernet_key(),
        backup_key=fernet_key(),
        admin_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
        jobs_password=secrets.token_urlsafe(24),
        relay_password=secrets.token_urlsafe(24),
        redis_password=secrets.token_urlsafe(24),
    )


def load(path: Path) -> Credentials:
    """Read the secrets at `path`, or make and save them. Lost keys would make encrypted data unreadable,
    so a damaged file is an error and never replaced.
    """
    if not path.exists():
        made = generate()
        save(made, path=path)
        return made
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        new = {name: getattr(generate(), name) for name in LATER if name not in kept}
        found = Credentials(**{field.name: (kept | new)[field.name] for field in fields(Credentials)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LaunchError(
            f"{path} cannot be read ({type(error).__name__}). It holds the passwords and the keys of the "
            "encrypted data: restore it from a copy, or start over with ./run demo --reset"
        ) from error
    if new:
        save(found, path=path)
    return found


def save(made: Credentials, *, path: Path) -> None:
    """Write the secrets, whole or not at all, for the owner's eyes only."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(made), out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
