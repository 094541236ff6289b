"""What production settings must not be: pure judgement on plain values, in sentences that say what to do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

SECRET_LENGTH = 50
INDEX_LENGTH = 32
LEAST_DIFFERENT = 10  # a random key of fifty characters has some thirty different ones


def weaknesses(
    *,
    secret_key: str,
    phi_keys: Sequence[str],
    file_keys: Sequence[str],
    index_key: str,
    base_url: str,
    environment: Mapping[str, str],
) -> list[str]:
    """Every reason not to start in production; empty when there is none."""
    found = _weak_text("SECRET_KEY", secret_key, length=SECRET_LENGTH)
    found += _weak_text("INDEX_KEY", index_key, length=INDEX_LENGTH)
    for name, keys in (("PHI_KEYS", phi_keys), ("FILE_KEYS", file_keys)):
        if not all(_is_fernet(key) for key in keys):
            found.append(f"{name}: every key must be 32 random bytes in URL-safe base64, newest first.")
    secrets = [secret_key, index_key, *phi_keys, *file_keys]
    if len(set(secrets)) < len(secrets):
        found.append(
            "Two of SECRET_KEY, INDEX_KEY, PHI_KEYS and FILE_KEYS are equal: each needs a key of its own."
        )
    found += _weak_address(base_url)
    if any(
        environment.get(name, "").lower() in ("1", "true", "yes", "on") for name in ("DEBUG", "DJANGO_DEBUG")
    ):
        found.append("DEBUG is set in the environment; production never runs with it. Remove it.")
    token = environment.get("OPERATOR_TOKEN", "")
    if token and len(token) < INDEX_LENGTH:
        found.append(f"OPERATOR_TOKEN needs at least {INDEX_LENGTH} random characters.")
    return found


def _weak_text(name: str, value: str, *, length: int) -> list[str]:
    usual = "insecure" in value.lower() or "change" in value.lower() or "secret" in value.lower()
    if len(value) < length or len(set(value)) < LEAST_DIFFERENT or usual:
        return [f"{name} is short or not random: use at least {length} random characters."]
    return []


def _is_fernet(key: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 32 and len(set(raw)) >= LEAST_DIFFERENT


def _weak_address(base_url: str) -> list[str]:
    parts = urlsplit(base_url)
    if parts.scheme != "https":
        return ["WELLRUN_BASE_URL must begin with https://, or passwords and sessions travel in the clear."]
    host = parts.hostname or ""
    if not host or "*" in host or host.startswith("."):
        return ["WELLRUN_BASE_URL must name one host, without a wildcard."]
    return []
