"""The draft of a form: its words, sections and questions, one small form each, and the button that publishes it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kit import links, writes
from kit.errors import DomainError
from kit.views.gate import declined
from practice.forms.builder import QuestionForm, SectionForm, WordsForm
from practice.models import FormField, FormSection, FormVersion, PublicForm
from practice.permissions import PracticePermission
from practice.selectors import forms as found
from practice.services import forms as service

ACTS = ("up", "down", "remove")


def _form(request: Any, *, pk: uuid.UUID) -> PublicForm:
    request.actor.require(PracticePermission.CHANGE_FORMS)
    return found.get_form(pk, actor=request.actor)


def _draft(request: Any, *, pk: uuid.UUID) -> FormVersion:
    draft = found.draft_of(_form(request, pk=pk))
    if draft is None:
        raise Http404
    return draft


def _back(request: Any, *, pk: uuid.UUID) -> HttpResponse:
    return redirect(links.to(request, name="practice:form_draft", pk=pk))


@require_http_methods(["GET", "POST"])
def draft(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The builder (GET). POST without words starts a draft of a published form; with words it saves them."""
    record = _form(request, pk=pk)
    version = found.draft_of(record)
    if request.method == "POST" and "title" not in request.POST:
        try:
            service.start_draft(record, actor=request.actor)
        except DomainError as error:
            return declined(request, error=error)
        return _back(request, pk=pk)
    if version is None:
        return redirect(links.to(request, name="practice:form", pk=pk))
    words = {name: getattr(version, name) for name in ("title", "intro", "thanks")}
    form = WordsForm(data=request.POST or None, initial=words, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        service.change_words(version, **form.cleaned_data, actor=request.actor)
        messages.success(request, "Saved")
        return _back(request, pk=pk)
    return _builder(request, version=version, form=form, section_form=SectionForm(actor=request.actor))


def _builder(
    request: Any, *, version: FormVersion, form: WordsForm, section_form: SectionForm
) -> HttpResponse:
    context = {"record": version.form, "version": version, "form": form, "section_form": section_form}
    status = 422 if form.errors or section_form.errors else 200
    return render(request, "practice/form_draft.html", context, status=status)


@require_POST
def publish(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Let people answer the draft."""
    version = _draft(request, pk=pk)
    try:
        service.publish(version, actor=request.actor)
    except DomainError as error:
        return declined(request, error=error)
    messages.success(request, f"Version {version.number} is published. Its links open it from now on.")
    return redirect(links.to(request, name="practice:form", pk=pk))


@require_POST
def section_add(request: Any, pk: uuid.UUID) -> HttpResponse:
    """A further section."""
    version = _draft(request, pk=pk)
    form = SectionForm(data=request.POST, actor=request.actor)
    if not form.is_valid():
        words = {name: getattr(version, name) for name in ("title", "intro", "thanks")}
        page = WordsForm(initial=words, actor=request.actor)
        return _builder(request, version=version, form=page, section_form=form)
    service.add_section(version, **form.cleaned_data, actor=request.actor)
    return _back(request, pk=pk)


@require_POST
def section_remove(request: Any, pk: uuid.UUID, section_id: uuid.UUID) -> HttpResponse:
    """Take an empty section away."""
    version = _draft(request, pk=pk)
    section = get_object_or_404(FormSection, pk=section_id, version=version)
    try:
        service.remove_section(section, actor=request.actor)
    except DomainError as error:
        return declined(request, error=error)
    return _back(request, pk=pk)


@require_http_methods(["GET", "POST"])
def question_add(request: Any, pk: uuid.UUID) -> HttpResponse:
    """A further question."""
    return _question(request, version=_draft(request, pk=pk), field=None)


@require_http_methods(["GET", "POST"])
def question_edit(request: Any, pk: uuid.UUID, field_id: uuid.UUID) -> HttpResponse:
    """Change a question of the draft."""
    version = _draft(request, pk=pk)
    return _question(
        request, version=version, field=get_object_or_404(FormField, pk=field_id, version=version)
    )


def _question(request: Any, *, version: FormVersion, field: FormField | None) -> HttpResponse:
    initial: dict[str, Any] = {"section": request.GET.get("section", "")}
    if field is not None:
        names = ("kind", "label", "help_text", "key", "is_required", "is_sensitive")
        initial = {name: getattr(field, name) for name in names} | {"section": field.section_id}
        initial["choices"] = "\n".join(choice.label for choice in field.choices.all())
    form = QuestionForm(data=request.POST or None, initial=initial, version=version, actor=request.actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.save_question(version, field=field, **form.cleaned_data, actor=request.actor)
                return _back(request, pk=version.form_id)
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
    context = {
        "record": version.form,
        "version": version,
        "field": field,
        "form": form,
        "problem": status != 200,
    }
    return render(request, "practice/form_question.html", context, status=status)


@require_POST
def question_act(request: Any, pk: uuid.UUID, field_id: uuid.UUID, act: str) -> HttpResponse:
    """Move a question up or down, or take it out."""
    version = _draft(request, pk=pk)
    field = get_object_or_404(FormField, pk=field_id, version=version)
    if act not in ACTS:
        raise Http404
    if act == "remove":
        service.remove_question(field, actor=request.actor)
    else:
        service.move_question(field, up=act == "up", actor=request.actor)
    return _back(request, pk=pk)
