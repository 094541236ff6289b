"""From a secret to its practice and row, before any practice is known."""

from __future__ import annotations

import hashlib

from practice.models import TokenLookup


def hash_secret(raw: str) -> str:
    """SHA-256: our secrets are 256 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(raw.encode(errors="replace")).hexdigest()


def find_secret(raw: str, *, kind: str) -> TokenLookup | None:
    """The practice (selected too) and row id of a secret of this kind; None for any other text.

    ``kind`` is a ``TokenLookup.Kind``: a secret of one kind opens nothing as another.
    """
    found = TokenLookup.objects.filter(secret_hash=hash_secret(raw), kind=TokenLookup.Kind(kind))
    # Hashes are unique: there is nothing to put in order, as first() would.
    return next(iter(found.select_related("practice")), None)
