"""The consent forms we ship, in our own words: files in ``patients/data/consents``, installed as a practice's own.

A file has the lines ``name:``, ``kind:``, ``asked_of:``, ``language:``, ``title:`` (and ``valid_months:``), a line of
three dashes, and the text. Whoever uses them has them read by their own counsel first.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from patients.models import ConsentForm
from patients.permissions import PatientPermission
from patients.services import consents
from practice.actor import Actor

HEAD = frozenset({"name", "kind", "asked_of", "language", "valid_months", "title", "body"})


def starters() -> Iterator[dict[str, str]]:
    """Every shipped form by file name."""
    for path in sorted((settings.ROOT / "patients" / "data" / "consents").glob("*.txt")):
        head, dashes, body = path.read_text(encoding="utf-8").partition("\n---\n")
        pairs = [line.partition(":") for line in head.splitlines()]
        values = {name.strip(): value.strip() for name, _, value in pairs} | {"body": body.strip()}
        if not dashes or not set(values) <= HEAD:
            raise ValueError(f"{path.name} begins with {', '.join(sorted(HEAD - {'body'}))} and three dashes")
        yield values


@transaction.atomic
def install(*, actor: Actor) -> int:
    """Add and publish what is missing; twice changes nothing, and what the practice has changed stays its own."""
    actor.require(PatientPermission.CHANGE_CONSENT_WORDING)
    made = 0
    for each in starters():
        form = ConsentForm.objects.filter(name=each["name"]).first() or consents.add_form(
            name=each["name"], kind=each["kind"], asked_of=each["asked_of"], actor=actor
        )
        if not form.versions.filter(language=each["language"]).exists():
            months = each.get("valid_months")
            consents.publish(
                form=form,
                language=each["language"],
                title=each["title"],
                body=each["body"],
                valid_months=int(months) if months else None,
                actor=actor,
            )
            made += 1
    return made
