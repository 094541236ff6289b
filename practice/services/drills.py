"""Prove that a restored copy works: what `./run restore --drill` runs in its throw-away database.

Run as wellrun_app on a copy that nobody uses: one check makes a person there and signs in as them.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from practice.actor import system_actor
from practice.models import Attachment, Practice, User
from practice.ownerdoor import owner_connection
from practice.sealing import CannotOpen, unseal
from practice.services.attachments import bound_to, content_of, path_of
from practice.services.backups import migration_heads, row_counts
from practice.services.people import admit
from practice.transactions import acting_in

STEP = 500
# The restore itself may write here: sessions of the drill, the epoch of the audit.
GROWS = ("practice_audit", "django_", "practice_cache")


@dataclass(frozen=True)
class Check:
    """One line of the drill's table."""

    what: str
    passed: bool
    found: str
    seconds: float


class Failed(Exception):
    """A check found something; the text says what."""


def drill(manifest: dict[str, Any]) -> Iterator[Check]:
    """Every check in turn, also after one has failed."""
    checks: tuple[tuple[str, Callable[[dict[str, Any]], str]], ...] = (
        ("Row counts as in the manifest", _rows),
        ("Migrations of this version", _migrations),
        ("Row-level security holds", _tenancy),
        ("Sums come out (check-invariants)", _invariants),
        ("Audit chain is whole (verify-audit)", _audit),
        ("Stored files open with the keys", _files),
        ("Stored files stay shut without them", _files_shut),
        ("Somebody can sign in", _sign_in),
    )
    for what, check in checks:
        began = time.monotonic()
        try:
            found, passed = check(manifest), True
        except Failed as error:
            found, passed = str(error), False
        except Exception as error:  # a check that breaks has not passed, and the others still run
            found, passed = f"{type(error).__name__}: {error}"[:300], False
        yield Check(what=what, passed=passed, found=found, seconds=round(time.monotonic() - began, 1))


def _rows(manifest: dict[str, Any]) -> str:
    with owner_connection() as owner, owner.cursor() as cursor:
        now = row_counts(cursor)
    wrong = [
        f"{table}: {count} in the backup, {now.get(table, 0)} here"
        for table, count in manifest["tables"].items()
        if (now.get(table, -1) < count if table.startswith(GROWS) else now.get(table) != count)
    ]
    if wrong:
        raise Failed("; ".join(wrong[:5]))
    return f"{sum(manifest['tables'].values()):,} rows in {len(manifest['tables'])} tables"


def _migrations(manifest: dict[str, Any]) -> str:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0, stdout=io.StringIO())
    except SystemExit:
        raise Failed("migrations of this version are not applied") from None
    with owner_connection() as owner, owner.cursor() as cursor:
        heads = migration_heads(cursor)
    newer = sum(heads.get(app) != name for app, name in manifest["migrations"].items())
    return "the backup's own" if not newer else f"{newer} apps were brought up to this version"


def _tenancy(_: dict[str, Any]) -> str:
    practices = list(Practice.objects.order_by("slug"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM practice_membership")
        role, seen = cursor.fetchone()
    if role == "wellrun_owner" or seen:
        raise Failed(f"{role} sees {seen} memberships without a practice")
    return f"{role} sees nothing without a practice; {len(practices)} practices"


def _invariants(_: dict[str, Any]) -> str:
    return _command("check_invariants")


def _audit(_: dict[str, Any]) -> str:
    if "verify_audit" not in get_commands():
        raise Failed("this version has no verify-audit")
    return _command("verify_audit")


def _command(name: str) -> str:
    told = io.StringIO()
    try:
        call_command(name, stdout=told, stderr=told)
    except (SystemExit, CommandError) as error:
        if not isinstance(error, SystemExit) or error.code:
            raise Failed(told.getvalue().strip()[-300:] or str(error)) from None
    return (told.getvalue().strip().splitlines() or ["nothing to say"])[-1][:120]


def _stored() -> Iterator[Attachment]:
    """Every attachment of every practice, in short transactions."""
    for practice in Practice.objects.order_by("slug"):
        actor, last = system_actor(practice_id=practice.id, name="drill"), ""
        while True:
            with acting_in(practice.id, actor=actor, read_only=True):
                rows = list(Attachment.objects.filter(storage_name__gt=last).order_by("storage_name")[:STEP])
            if not rows:
                break
            yield from rows
            last = rows[-1].storage_name


def _files(_: dict[str, Any]) -> str:
    bad, count = [], 0
    for attachment in _stored():
        count += 1
        try:
            good = hashlib.sha256(content_of(attachment)).hexdigest() == attachment.sha256
        except (OSError, CannotOpen):
            good = False
        if not good:
            bad.append(str(attachment.pk))
    if bad:
        raise Failed(f"{len(bad)} of {count} do not open: {', '.join(bad[:3])}")
    return f"{count:,} files, each with the SHA-256 it was stored with"


def _files_shut(_: dict[str, Any]) -> str:
    wrong, count = [Fernet.generate_key().decode()], 0
    for attachment in _stored():
        sealed = path_of(attachment.storage_name).read_bytes()
        bound = bound_to(attachment.practice_id, storage_name=attachment.storage_name)
        count += 1
        if hashlib.sha256(sealed).hexdigest() == attachment.sha256:
            raise Failed(f"{attachment.pk} lies there in the clear")
        try:
            unseal(sealed, keys=wrong, bound=bound)
        except CannotOpen:
            continue
        raise Failed(f"{attachment.pk} opens with a key that is none of ours")
    return f"{count:,} files refused another key"


def _sign_in(_: dict[str, Any]) -> str:
    """A new person, because nobody's password is known; through the form, as a browser does it."""
    practice = Practice.objects.order_by("slug").first()
    if practice is None:
        raise Failed("there is no practice")
    actor, password = system_actor(practice_id=practice.id, name="drill"), secrets.token_urlsafe(24)
    email = f"drill-{secrets.token_hex(6)}@wellrun.invalid"
    user = User.objects.create_user(email, password=password, name="Restore drill")
    with acting_in(practice.id, actor=actor):
        admit(user, roles=["owner"], actor=actor)
    host = settings.ALLOWED_HOSTS[0]
    browser = Client(HTTP_HOST=host)
    browser.post("/accounts/login/", {"login": email, "password": password}, secure=settings.HTTPS)
    page = browser.get(f"/p/{practice.slug}/", secure=settings.HTTPS, follow=True)
    if page.status_code != 200 or page.wsgi_request.user.pk != user.pk:
        raise Failed(f"the answer was {page.status_code}")
    return f"{page.request['PATH_INFO']} answered 200"
