"""The letters we ship, in our own words: files in ``<app>/data/letters``, installed as a practice's own templates.

A file has lines ``code:``, ``name:``, ``kind:``, ``language:``, ``subject:`` (and ``without_phi: yes``), a line of
three dashes, and the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction

from practice.actor import Actor
from practice.models import LetterTemplate
from practice.permissions import PracticePermission
from practice.services import letter_templates

HEAD = frozenset({"code", "name", "kind", "language", "subject", "without_phi"})


def starters() -> Iterator[dict[str, Any]]:
    """Every shipped letter as the values of a template, in ladder order, then by file name."""
    for app in settings.HOUSE:
        for path in sorted((settings.ROOT / app / "data" / "letters").glob("*.txt")):
            yield read(path.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Any]:
    """One file. Raises ValueError for a head that is not one."""
    head, dashes, body = text.partition("\n---\n")
    pairs = [line.partition(":") for line in head.splitlines()]
    values: dict[str, Any] = {name.strip(): value.strip() for name, _, value in pairs}
    if not dashes or not set(values) <= HEAD:
        raise ValueError(f"a shipped letter begins with {', '.join(sorted(HEAD))} and three dashes")
    return values | {"without_phi": values.get("without_phi") == "yes", "body": body.strip() + "\n"}


@transaction.atomic
def install(*, actor: Actor) -> int:
    """Add and publish what is missing; twice changes nothing, and what the practice has changed stays its own."""
    actor.require(PracticePermission.CHANGE_LETTERS)
    known = set(LetterTemplate.objects.values_list("code", "language"))
    missing = [each for each in starters() if (each["code"], each["language"]) not in known]
    for each in missing:
        letter_templates.publish(letter_templates.add(actor=actor, **each), actor=actor)
    return len(missing)
