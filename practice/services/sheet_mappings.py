"""What each column of a sheet becomes: guessed, chosen, kept for the next sheet of the same system."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from kit.errors import Conflict, DomainError
from kit.sheet_reader import FORMS, Profile, Sheet, guess, normalised, profile_of
from kit.sheet_target import SheetField, SheetTarget
from practice import sheet_registry
from practice.actor import Actor
from practice.models import ImportRun, SheetColumn, SheetMapping, SheetValue
from practice.permissions import PracticePermission
from practice.services import sheet_files

State = ImportRun.State
CHANGEABLE = (State.DRAFT, State.TRIED, State.FAILED)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a person says a column is; ``meanings`` are the codes of its words."""

    position: int
    field: str = ""
    date_form: str = ""
    meanings: Mapping[str, str] = dataclasses.field(default_factory=dict)


@transaction.atomic
def lay_out(run: ImportRun, *, sheet: Sheet, target: SheetTarget, actor: Actor) -> SheetMapping:
    """Profile the columns of a new sheet and fill in what they are: as kept for its source, else by guess."""
    kept = saved(target.name, name=run.source)
    profiles = profile_of(sheet)
    pairs = guess(sheet.headings, fields=target.fields)
    known = _kept_choices(kept) if kept else {}
    mapping = SheetMapping.objects.create(practice_id=actor.practice_id, target=target.name)
    taken: set[str] = set()
    for profile in profiles:
        before = known.get(normalised(profile.heading))
        name = before.field if before else pairs.get(profile.heading, "")
        name = "" if name in taken else name
        taken |= {name} - {""}
        _column(mapping, profile=profile, name=name, before=before, target=target)
    return mapping


def _column(
    mapping: SheetMapping, *, profile: Profile, name: str, before: SheetColumn | None, target: SheetTarget
) -> None:
    named = target.field_named(name)
    column = SheetColumn.objects.create(
        practice_id=mapping.practice_id,
        mapping=mapping,
        position=profile.position,
        heading=profile.heading,
        field=name,
        date_form=(before.date_form if before else "") or profile.form,
        rows=profile.rows,
        filled=profile.filled,
        distinct=profile.distinct,
        looks=profile.looks,
        notes="\n".join(profile.notes),
        samples="\n".join(sample.replace("\n", " ") for sample in profile.samples),
    )
    said = {each.text: each.code for each in before.meanings.all()} if before else {}
    SheetValue.objects.bulk_create(
        SheetValue(
            practice_id=mapping.practice_id,
            column=column,
            text=text,
            count=count,
            code=said.get(text, "") or (named.code_of(text) if named else ""),
        )
        for text, count in {text: count for text, count in profile.common if text}.items()
    )


def saved(target: str, *, name: str) -> SheetMapping | None:
    """The mapping kept for a source system, if there is one."""
    return SheetMapping.objects.filter(target=target, name=name).first() if name else None


def _kept_choices(mapping: SheetMapping) -> dict[str, SheetColumn]:
    columns = SheetColumn.objects.filter(mapping=mapping).prefetch_related("meanings")
    return {normalised(column.heading): column for column in columns}


@transaction.atomic
def choose(run: ImportRun, *, choices: Sequence[Choice], keep_as: str = "", actor: Actor) -> ImportRun:
    """Say what the columns are; a dry run must follow. ``keep_as``: remember it for that source system.

    Raises DomainError: a field twice, an unknown one, a form of dates or a code that is none; Conflict while it runs.
    """
    target = _required(run, actor=actor)
    locked = _changeable(run)
    _check(choices, target=target)
    columns = {each.position: each for each in SheetColumn.objects.filter(mapping=locked.mapping)}
    for choice in choices:
        column = columns.get(choice.position)
        if column is None:
            raise DomainError(f"This sheet has no column {choice.position}.")
        column.field, column.date_form = choice.field, choice.date_form
        column.save(update_fields=["field", "date_form", "updated_at"])
        _mean(column, choice=choice, field=target.field_named(choice.field))
    locked.state, locked.is_tried, locked.error = State.DRAFT, False, ""
    if keep_as:
        locked.source = keep_as[:80]
        remember(locked, name=locked.source, actor=actor)
    locked.save()
    return locked


def _check(choices: Sequence[Choice], *, target: SheetTarget) -> None:
    taken: dict[str, int] = {}
    for choice in choices:
        if not choice.field:
            continue
        named = target.field_named(choice.field)
        if named is None:
            raise DomainError("Choose a field from the list.", field=f"field-{choice.position}")
        if choice.field in taken:
            raise DomainError(
                f"Two columns are {named.label}: choose one of them.", field=f"field-{choice.position}"
            )
        taken[choice.field] = choice.position
        if choice.date_form and choice.date_form not in FORMS:
            raise DomainError("Choose how the dates are written.", field=f"form-{choice.position}")
        codes = {code for code, _, _ in named.choices}
        if unknown := {code for code in choice.meanings.values() if code} - codes:
            raise DomainError(
                f"{sorted(unknown)[0][:40]} is no {named.label.lower()}.", field=f"field-{choice.position}"
            )


def _mean(column: SheetColumn, *, choice: Choice, field: SheetField | None) -> None:
    """The words of a column of codes; those nobody translated are tried by what other systems call them."""
    if field is None or not field.choices:
        return
    for value in SheetValue.objects.filter(column=column):
        code = choice.meanings.get(value.text, value.code) or field.code_of(value.text)
        if code not in {each for each, _, _ in field.choices}:
            code = field.code_of(value.text)
        if code != value.code:
            value.code = code
            value.save(update_fields=["code", "updated_at"])


def remember(run: ImportRun, *, name: str, actor: Actor) -> SheetMapping:
    """Keep a run's choices for a source system, in place of what was kept before."""
    kept = saved(run.target, name=name) or SheetMapping.objects.create(
        practice_id=actor.practice_id, target=run.target, name=name
    )
    SheetColumn.objects.filter(mapping=kept).delete()
    for column in SheetColumn.objects.filter(mapping=run.mapping).prefetch_related("meanings"):
        copy = SheetColumn.objects.create(
            practice_id=actor.practice_id,
            mapping=kept,
            position=column.position,
            heading=column.heading,
            field=column.field,
            date_form=column.date_form,
        )
        SheetValue.objects.bulk_create(
            SheetValue(practice_id=actor.practice_id, column=copy, text=each.text, code=each.code)
            for each in column.meanings.all()
            if each.code
        )
    kept.save(update_fields=["updated_at"])
    return kept


@transaction.atomic
def reread(run: ImportRun, *, worksheet: str, heading_row: int, actor: Actor) -> ImportRun:
    """Read another worksheet, or the headings from another row; the columns are guessed anew."""
    target = _required(run, actor=actor)
    locked = _changeable(run)
    sheet = sheet_files.opened(
        sheet_files.content_of(locked), target=target, worksheet=worksheet, heading_row=heading_row
    )
    old = locked.mapping
    locked.worksheet, locked.heading_row = sheet.worksheet[:120], sheet.heading_row
    locked.mapping = lay_out(locked, sheet=sheet, target=target, actor=actor)
    locked.state, locked.is_tried = State.DRAFT, False
    locked.save()
    if old is not None:
        old.delete()
    return locked


def _required(run: ImportRun, *, actor: Actor) -> SheetTarget:
    actor.require(PracticePermission.RUN_IMPORTS)
    target = sheet_registry.sheet_target(run.target)
    actor.require(target.permission)
    return target


def _changeable(run: ImportRun) -> ImportRun:
    locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if locked.state not in CHANGEABLE or locked.started_at is not None:
        raise Conflict("This import has begun: its columns stay as they are.")
    return locked
