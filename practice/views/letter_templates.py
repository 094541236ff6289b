"""The editor of letter templates: the draft, the fields it may use, and how it will look, side by side."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kit import etags, links, registry, writes
from kit.errors import DomainError
from kit.forms import values_of
from kit.views import gate
from practice.forms.letters import TemplateForm
from practice.letter_subjects import fields_of, subjects
from practice.models import LetterTemplate
from practice.permissions import PracticePermission
from practice.rules import sms
from practice.rules.letter_markup import LONGEST, MarkupError
from practice.rules.letter_merge import as_text
from practice.selectors import letter_compose, letter_templates
from practice.selectors.days import practice_today

NAME = "practice.letter_template"


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Write a new template."""
    request.actor.require(PracticePermission.CHANGE_LETTERS)
    return _edit(request, template=None)


@require_http_methods(["GET", "POST"])
def edit(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Change a template's draft."""
    request.actor.require(PracticePermission.CHANGE_LETTERS)
    return _edit(request, template=letter_templates.get_template(pk, actor=request.actor))


def _edit(request: Any, *, template: LetterTemplate | None) -> HttpResponse:
    resource, actor = registry.get(NAME), request.actor
    initial = values_of(template, form=TemplateForm) if template else {}
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(actor=actor, record=template, data=data, initial=initial)

    def run() -> HttpResponse:
        if not form.is_valid():
            return _page(request, form=form, template=template, status=422)
        try:
            if template is None:
                record = writes.create(resource, actor=actor, values=form.cleaned_data)
            else:
                etags.check_version(request.POST.get("_version"), record=template, singular=resource.singular)
                record = writes.update(resource, record=template, actor=actor, values=form.cleaned_data)
        except DomainError as error:
            writes.explain(form, error=error)
            return _page(request, form=form, template=template, status=error.status)
        done = "changed" if template else "created"
        return redirect(f"{links.page(request, resource=resource, name='detail', pk=record.pk)}?done={done}")

    if request.method == "POST":
        return gate.once(request, run=run)
    return _page(request, form=form, template=template, status=200)


def _page(request: Any, *, form: TemplateForm, template: LetterTemplate | None, status: int) -> HttpResponse:
    context = {
        "form": form,
        "template": template,
        "problem": status != 200,
        "nonce": gate.nonce(request),
        "version": request.POST.get("_version", "") or (etags.etag_of(template) if template else ""),
        **_look(request, given={name: str(form[name].value() or "") for name in form.fields}),
    }
    return render(request, "practice/letter_template.html", context, status=status)


@require_POST
def preview(request: Any) -> HttpResponse:
    """How the draft looks and which fields it may use, while it is typed. Writes nothing."""
    request.actor.require(PracticePermission.CHANGE_LETTERS)
    given = {
        name: request.POST.get(name, "")[: LONGEST + 1] for name in ("kind", "language", "subject", "body")
    }
    return render(request, "practice/_letter_draft.html", _look(request, given=given))


def _look(request: Any, *, given: dict[str, str]) -> dict[str, Any]:
    """The preview and the fields for what stands in the form, or the line and word that are wrong."""
    kind = given["kind"] or min(subjects(), default="")
    language = given["language"] if given["language"] in ("en", "es") else "en"
    found: dict[str, Any] = {"known_fields": list(fields_of(kind).values()), "wrong": "", "sheet": None}
    try:
        found["sheet"] = letter_compose.sample(
            kind=kind, subject=given["subject"], body=given["body"], language=language,
            day=practice_today(request.actor), actor=request.actor,
        )  # fmt: skip
    except MarkupError as error:
        return found | {"wrong": str(error)}
    about = subjects().get(kind)
    if about is not None and about.goes_as_text:
        text = sms.as_text(as_text(found["sheet"].pieces), language=language)
        found |= {"text": text, "segments": sms.segments(text)}
    return found | {"logo": letter_compose.logo()}
