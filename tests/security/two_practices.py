"""Two fully seeded practices: every text of harbor begins with a canary that summit must never see."""

from __future__ import annotations

import io
import zipfile
from random import Random
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models

from kit import clock
from practice import story as story_of
from practice.actor import system_actor
from practice.checks import is_tenant
from practice.discovery import load_handlers
from practice.models import Membership, Practice, PracticeProfile
from practice.story import Story
from practice.transactions import acting_in
from practice.worker import run_waiting
from tests.cast import owner_cursor
from tests.shelf import once

# Neither base64 nor a token's alphabet has a tilde, and six signs do not come about in a megabyte of packed bytes:
# nothing random looks like a leak.
CANARY = "~QZ~Q~"
# Texts that the program itself reads: a canary in them would break it, not show a leak.
MACHINE_WORDS = {
    "action", "actor", "audit", "code", "content_type", "created_by", "digest", "driver", "fingerprint", "format",
    "group_code", "handler", "key", "kind", "kpi", "line_control", "method", "npi", "parameter", "permission",
    "postal_code", "reason_code", "remark_code", "request_id", "sha256", "source", "source_key", "source_kind",
    "ssn", "state", "storage_name", "system", "table_name", "tax_id", "taxonomy", "test", "timezone", "token_hash",
    "tone", "treatment", "control_number", "member_id", "filing_code", "place_of_service",
    "join_link",
}  # fmt: skip


def tell(slug: str, *, number: int) -> None:
    """One practice's small story, as the demo tells it.

    A run tells it once an hour (``tests.shelf``).
    """
    once(f"{slug[:1]}{number}{clock.now():%d%H}", lambda: _tell(slug, number=number))


def _tell(slug: str, *, number: int) -> None:
    load_handlers()
    practice = Practice.objects.get(slug=slug)
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        today = clock.today(ZoneInfo(PracticeProfile.objects.get(practice=practice).timezone))
        story = Story(practice=practice, actor=actor, today=today, small=True, random=Random(number))
        members = Membership.objects.prefetch_related("role_links__role")
        story.cast = {link.role.code: member for member in members for link in member.role_links.all()}
        story_of.tell(story)
    run_waiting(practice_id=practice.id, limit=2000)
    with owner_cursor() as cursor:
        cursor.execute("ANALYZE")  # nobody else does so in a test's short life, and joins are planned blind
    with acting_in(practice.id, actor=actor):
        story_of.finish(story)
    run_waiting(practice_id=practice.id, limit=2000)


def mark(slug: str) -> int:
    """Put the canary in front of every text of a practice. Returns how many columns carry it."""
    marked = 0
    with owner_cursor() as cursor:
        cursor.execute("SELECT id FROM practice_practice WHERE slug = %s", [slug])
        practice = cursor.fetchone()[0]
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields if is_tenant(model) else ():
                plain = isinstance(field, models.CharField | models.TextField) and not field.choices
                if not plain or field.name in MACHINE_WORDS or getattr(field, "generated", False):
                    continue
                size = field.max_length or 10_000
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET "{field.column}" = left(%s || "{field.column}", %s) '
                    f'WHERE practice_id = %s AND "{field.column}" <> \'\' AND length("{field.column}") <= %s',
                    [CANARY, size, practice, size - len(CANARY)],
                )
                marked += cursor.rowcount > 0
    return marked


def fingerprint(slug: str) -> dict[str, int]:
    """A checksum of every row of a practice, table by table: what must not change by another's doing."""
    sums = {}
    with owner_cursor() as cursor:
        cursor.execute("SELECT id FROM practice_practice WHERE slug = %s", [slug])
        practice = cursor.fetchone()[0]
        for model in apps.get_models():
            if is_tenant(model):
                table = model._meta.db_table
                cursor.execute(
                    f'SELECT coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM "{table}" t '
                    "WHERE practice_id = %s",
                    [practice],
                )
                sums[table] = cursor.fetchone()[0]
    return sums


def shows_canary(response) -> bool:
    """Whether a canary stands anywhere in an answer: body, headers, inside a sheet's parts or a PDF's text."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    if content.startswith(b"%PDF-"):
        from pypdf import PdfReader

        content = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return CANARY.encode() in content or CANARY in headers
