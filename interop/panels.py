"""What the import centre shows on the page of an import: codes that wait for a mapping."""

from __future__ import annotations

from typing import Any

from interop.selectors.codes import unmapped_codes
from interop.sheet_targets import SYNTHEA
from kit.words import counted
from practice.actor import Actor
from practice.models import ImportRun
from practice.panels import Box, Panel


def codes_of_import(record: Any, *, actor: Actor, slug: str) -> Panel | None:
    """Codes without a billable one, on the page of a finished import of an export."""
    if not isinstance(record, ImportRun) or record.target != SYNTHEA.name or not record.is_over:
        return None
    if not actor.may(SYNTHEA.view_permission):
        return None
    codes, count, money = unmapped_codes(actor=actor)
    if not count:
        return None
    title = f"{counted(count, one='code', many='codes')} without a billable code"
    context = {"codes": codes, "count": count, "money": money}
    return Panel(boxes=(Box(title=title, template="interop/_codes.html", context=context),))
