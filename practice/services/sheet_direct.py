"""A sheet that is taken here and now, columns by guess alone: for seeds, programs and whoever needs no preview."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO

from django.db import transaction

from kit.errors import DomainError
from kit.sheet_reader import guess, read
from kit.sheet_target import SheetTarget, Whole
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.import_files import SHEET
from practice.services.sheet_columns import guessed, read_row
from practice.services.sheet_files import key_of, taken_in


@transaction.atomic
def take_all(file: IO[bytes], *, target: SheetTarget, options: Mapping[str, str], actor: Actor) -> Whole:
    """Take a sheet whole. Raises SheetRefused with every mistake, DomainError for what is no such sheet."""
    actor.require(target.permission)
    content = taken_in(file)
    rows = read(io.BytesIO(content), limits=SHEET)
    pairs = guess([name for name in rows[0].values if name], fields=target.fields) if rows else {}
    if missing := target.lacking(set(pairs.values())):
        raise DomainError(f"Give the sheet columns for: {', '.join(missing)}.", field="file")
    columns, today = guessed(pairs, target=target), practice_today(actor)
    found: Whole = target.load(target.take_all)(
        [read_row(row, columns=columns, today=today) for row in rows],
        key=key_of(content),
        options=options,
        actor=actor,
    )
    return found
