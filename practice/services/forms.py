"""Forms for people outside: make one, edit its draft, publish it. A published version never changes again.

The database holds that too: a trigger refuses every change of a published version's rows (practice/form_sql.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.form_purposes import FormPurpose, Question, purpose_of
from practice.models import FormChoice, FormField, FormSection, FormVersion, PublicForm
from practice.permissions import PracticePermission
from practice.selectors import forms as found

MOST_QUESTIONS, MOST_FILES, MOST_CHOICES = 60, 3, 30
Kind = FormField.Kind


@transaction.atomic
def add_form(*, name: str, purpose: str, actor: Actor) -> PublicForm:
    """Make a form of a purpose, with a draft that asks what such forms usually ask."""
    actor.require(PracticePermission.CHANGE_FORMS)
    declared = purpose_of(purpose)
    form = PublicForm.objects.create(practice_id=actor.practice_id, name=_words(name), purpose=purpose)
    version = FormVersion.objects.create(
        practice_id=actor.practice_id,
        form=form,
        number=1,
        title=declared.title or form.name,
        intro=declared.intro,
        thanks=declared.thanks,
    )
    section = FormSection.objects.create(practice_id=actor.practice_id, version=version, position=1)
    for position, question in enumerate(declared.starts_with, start=1):
        _ask(question, section=section, position=position)
    return form


def _ask(question: Question, *, section: FormSection, position: int) -> None:
    field = FormField.objects.create(
        practice_id=section.practice_id,
        version_id=section.version_id,
        section=section,
        position=position,
        key=question.key,
        kind=Kind(question.kind),
        label=question.label,
        help_text=question.help_text,
        is_required=question.required,
        is_sensitive=question.sensitive,
    )
    _choose(field, labels=question.choices)


@transaction.atomic
def change_form(form: PublicForm, *, name: str, is_active: bool, actor: Actor) -> PublicForm:
    """Rename a form, or switch it off: then none of its links opens it."""
    actor.require(PracticePermission.CHANGE_FORMS)
    locked = PublicForm.objects.select_for_update(of=("self",), no_key=True).get(pk=form.pk)
    locked.name, locked.is_active = _words(name), is_active
    locked.save()
    return locked


@transaction.atomic
def start_draft(form: PublicForm, *, actor: Actor) -> FormVersion:
    """A new version to edit: a copy of the newest published one. The draft itself when there is one."""
    actor.require(PracticePermission.CHANGE_FORMS)
    PublicForm.objects.select_for_update(of=("self",), no_key=True).get(pk=form.pk)
    draft = found.draft_of(form)
    if draft is not None:
        return draft
    last = found.current_version(form.pk)
    if last is None:
        raise Conflict("This form has no version to start from.")
    newest = FormVersion.objects.filter(form=form).aggregate(newest=Max("number"))["newest"] or 0
    made = FormVersion.objects.create(
        practice_id=actor.practice_id,
        form=form,
        number=newest + 1,
        title=last.title,
        intro=last.intro,
        thanks=last.thanks,
    )
    for section in last.sections.all():
        _copy(section, version=made)
    return made


def _copy(section: FormSection, *, version: FormVersion) -> None:
    made = FormSection.objects.create(
        practice_id=version.practice_id, version=version, position=section.position, title=section.title
    )
    for field in section.fields.all():
        copied = FormField.objects.create(
            practice_id=version.practice_id,
            version=version,
            section=made,
            **{
                name: getattr(field, name)
                for name in ("position", "key", "kind", "label", "help_text", "is_required", "is_sensitive")
            },
        )
        _choose(copied, labels=[choice.label for choice in field.choices.all()])


def _choose(field: FormField, *, labels: Sequence[str]) -> None:
    FormChoice.objects.bulk_create(
        FormChoice(
            practice_id=field.practice_id,
            version_id=field.version_id,
            field=field,
            position=place,
            label=label,
        )
        for place, label in enumerate(labels, start=1)
    )


@transaction.atomic
def change_words(version: FormVersion, *, title: str, intro: str, thanks: str, actor: Actor) -> FormVersion:
    """What stands above the questions, and what people read when they have sent it."""
    locked = draft(version, actor=actor)
    locked.title, locked.intro, locked.thanks = _words(title), intro.strip(), thanks.strip()
    locked.save()
    return locked


@transaction.atomic
def add_section(version: FormVersion, *, title: str, actor: Actor) -> FormSection:
    """A further heading, at the end."""
    locked = draft(version, actor=actor)
    last = FormSection.objects.filter(version=locked).aggregate(last=Max("position"))["last"] or 0
    return FormSection.objects.create(
        practice_id=actor.practice_id, version=locked, position=last + 1, title=_words(title)
    )


@transaction.atomic
def remove_section(section: FormSection, *, actor: Actor) -> None:
    """Take a heading away whose questions are gone or moved; a form keeps at least one."""
    locked = draft(section.version, actor=actor)
    if section.fields.exists():
        raise Conflict("Move or remove its questions first.")
    if FormSection.objects.filter(version=locked).count() == 1:
        raise Conflict("A form keeps at least one section.")
    section.delete()


@transaction.atomic
def save_question(
    version: FormVersion,
    *,
    field: FormField | None = None,
    choices: Sequence[str] = (),
    actor: Actor,
    **values: Any,
) -> FormField:
    """Add a question at the end of its section, or change one. ``values`` are the columns of FormField.

    Raises DomainError for a section of another version, a missing choice, or more than a form may hold.
    """
    locked = draft(version, actor=actor)
    if values["section"].version_id != locked.pk:
        raise DomainError("Choose a section of this form.", field="section")
    labels = list(dict.fromkeys(" ".join(label.split()) for label in choices if label.strip()))
    kind = Kind(values["kind"])
    if kind == Kind.CHOICE and not 2 <= len(labels) <= MOST_CHOICES:
        raise DomainError(f"Enter 2 to {MOST_CHOICES} answers, one a line.", field="choices")
    others = FormField.objects.filter(version=locked).exclude(pk=field.pk if field else None)  # type: ignore[misc]
    if others.filter(key=values["key"]).exists():
        raise DomainError("Another question has this short name.", field="key")
    if others.count() >= MOST_QUESTIONS:
        raise DomainError(f"A form asks at most {MOST_QUESTIONS} questions.")
    if kind == Kind.FILE and others.filter(kind=Kind.FILE).count() >= MOST_FILES:
        raise DomainError(f"A form takes at most {MOST_FILES} files.", field="kind")
    moved = field is None or field.section_id != values["section"].pk
    saved = field or FormField(practice_id=actor.practice_id, version=locked)
    for name, value in values.items():
        setattr(saved, name, value)
    if moved:
        last = others.filter(section=values["section"]).aggregate(last=Max("position"))["last"] or 0
        saved.position = last + 1
    saved.save()
    saved.choices.all().delete()
    _choose(saved, labels=labels if kind == Kind.CHOICE else [])
    return saved


@transaction.atomic
def move_question(field: FormField, *, up: bool, actor: Actor) -> None:
    """One place up or down inside its section; at the end nothing happens."""
    draft(field.version, actor=actor)
    rows = list(FormField.objects.filter(section=field.section_id).order_by("position", "id"))
    here = next(place for place, row in enumerate(rows) if row.pk == field.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        FormField.objects.filter(pk=row.pk).exclude(position=place).update(position=place)


@transaction.atomic
def remove_question(field: FormField, *, actor: Actor) -> None:
    """Take a question out of the draft. Answers to published versions keep theirs."""
    draft(field.version, actor=actor)
    field.delete()


@transaction.atomic
def publish(version: FormVersion, *, actor: Actor) -> FormVersion:
    """Let people answer it. It never changes again; a change is a new version."""
    locked = draft(version, actor=actor)
    _complete(locked, purpose=purpose_of(locked.form.purpose))
    locked.published_at, locked.published_by_id = clock.now(), actor.membership_id
    locked.save()
    return locked


def _complete(version: FormVersion, *, purpose: FormPurpose) -> None:
    asked = dict(FormField.objects.filter(version=version).values_list("key", "kind"))
    if not asked:
        raise DomainError("Ask at least one question.")
    for key, kind in purpose.needs:
        if asked.get(key) != kind:
            label = Kind(kind).label.lower()
            raise DomainError(
                f"A form for {purpose.label.lower()} needs a question with the short name “{key}” ({label})."
            )


def draft(version: FormVersion, *, actor: Actor) -> FormVersion:
    """The version under lock, if it can still be edited."""
    actor.require(PracticePermission.CHANGE_FORMS)
    locked = (
        FormVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("form")
        .get(pk=version.pk)
    )
    if not locked.is_draft:
        raise Conflict("This version is published and never changes. Make a new version.")
    return locked


def _words(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise DomainError("Enter a name.")
    return words
