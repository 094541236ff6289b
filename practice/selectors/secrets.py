"""From a secret to its practice and row, before any practice is known."""

from __future__ import annotations

import hashlib

from django.db import connection

from practice.models import Practice, TokenLookup

# Asked at every request of a program, so it is one plain statement.
FIND = """
SELECT l.secret_hash, l.kind, l.practice_id, l.row_id, p.id, p.slug, p.name
FROM practice_tokenlookup l JOIN practice_practice p ON p.id = l.practice_id
WHERE l.secret_hash = %s AND l.kind = %s
"""


def hash_secret(raw: str) -> str:
    """SHA-256: our secrets are 256 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(raw.encode(errors="replace")).hexdigest()


def find_secret(raw: str, *, kind: str) -> TokenLookup | None:
    """The practice (selected too) and row id of a secret of this kind; None for any other text.

    ``kind`` is a ``TokenLookup.Kind``: a secret of one kind opens nothing as another.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND, [hash_secret(raw), TokenLookup.Kind(kind)])
        row = cursor.fetchone()
    if row is None:
        return None
    found = TokenLookup.from_db(connection.alias, ("secret_hash", "kind", "practice_id", "row_id"), row[:4])
    found.practice = Practice.from_db(connection.alias, ("id", "slug", "name"), row[4:])
    return found
