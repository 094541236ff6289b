"""Writing a letter about a record, looking at it before it is made, and printing it again."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links, writes
from kit.errors import DomainError
from kit.views import gate
from practice.audit import note_read
from practice.forms.letters import LetterForm
from practice.letter_subjects import subjects, written_about
from practice.models import LetterTemplate
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors import letter_compose, letter_templates, letters, records
from practice.selectors.days import practice_today
from practice.selectors.letter_compose import Composed
from practice.services import letters as service
from practice.services.refs import kind_of


@require_http_methods(["GET", "POST"])
def write(request: Any) -> HttpResponse:
    """Choose a template and one's own words beside the letter as it will be; POST makes it."""
    actor = request.actor
    actor.require(PracticePermission.SEND_LETTER)
    named = request.POST.get("about") or request.GET.get("about", "")
    if request.method == "GET" and not named:
        return _start(request)
    about = records.find_named(named, actor=actor)
    if kind_of(about) not in subjects():
        raise Http404("No letters are written about this")
    start = {"about": named, "template": _first_template(request, about=about)}
    form = LetterForm(actor=actor, data=request.POST if request.method == "POST" else None, initial=start)

    def run() -> HttpResponse:
        if not form.is_valid():
            return _page(request, form=form, about=about, status=422)
        try:
            letter = service.write(actor=actor, **form.cleaned_data)
        except DomainError as error:
            writes.explain(form, error=error)
            return _page(request, form=form, about=about, status=error.status)
        return redirect(f"{links.to(request, name='kit:practice_letter_detail', pk=letter.pk)}?done=created")

    if request.method == "POST":
        return gate.once(request, run=run)
    return _page(request, form=form, about=about, status=200)


def _start(request: Any) -> HttpResponse:
    """No record is named yet: where to find one."""
    ways = [
        (each.label, links.to(request, name=each.page))
        for each in sorted(written_about().values(), key=lambda each: each.label)
        if request.actor.may(each.permission)
    ]
    return render(request, "practice/letter_start.html", {"ways": ways})


def _first_template(request: Any, *, about: Any) -> uuid.UUID | None:
    """The template the address names by its code, else the one that fits this record now, else the only one."""
    day, actor = practice_today(request.actor), request.actor
    offered = list(letter_templates.for_kind(kind_of(about), day=day, actor=actor))
    facts = subjects()[kind_of(about)]
    wanted = request.GET.get("template", "") or facts.suggest(about)
    language = facts.read(about, actor=actor).addressee.language
    fitting = [each for each in offered if each.code == wanted]
    fitting.sort(key=lambda each: (each.language != language, each.language != "en"))
    first = fitting or (offered if len(offered) == 1 else [])
    return first[0].pk if first else None


def _page(request: Any, *, form: LetterForm, about: Any, status: int) -> HttpResponse:
    chosen = request.POST.get("template") or form.initial.get("template")
    words = request.POST.get("words", "")
    context = {
        "form": form,
        "about": about,
        "about_url": page_of_record(request, record=about),
        "nonce": gate.nonce(request),
        "problem": status != 200,
        **_preview(request, about=about, template_id=str(chosen or ""), words=words),
    }
    response = render(request, "practice/letter_write.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def preview(request: Any) -> HttpResponse:
    """The letter as it would be, for the page that writes it. A POST, so that no words stand in an address."""
    request.actor.require(PracticePermission.SEND_LETTER)
    about = records.find_named(request.POST.get("about", ""), actor=request.actor)
    words = request.POST.get("words", "")[:5_000]
    context = _preview(request, about=about, template_id=request.POST.get("template", ""), words=words)
    return render(request, "practice/_letter_preview.html", context)


def _preview(request: Any, *, about: Any, template_id: str, words: str) -> dict[str, Any]:
    actor = request.actor
    template = _template(template_id, about=about, actor=actor)
    if template is None:
        return {"composed": None}
    try:
        composed = _composed(template, about=about, words=words, actor=actor)
    except DomainError as error:
        return {"composed": None, "refused": error.message}
    ids = [composed.facts.patient_id] if composed.facts.patient_id else []
    note_read(request, what="Letter before it is made", patient_ids=ids)
    return {"composed": composed, "sheet": composed.sheet, "logo": letter_compose.logo()}


def _composed(template: LetterTemplate, *, about: Any, words: str, actor: Any) -> Composed:
    day = practice_today(actor)
    version = letter_templates.version_on(template, day=day)
    if version is None:
        raise DomainError("This template is not in force today.")
    return letter_compose.compose(
        record=about, kind=template.kind, subject=version.subject, body=version.body,
        language=template.language, words=words, day=day, actor=actor,
    )  # fmt: skip


def _template(template_id: str, *, about: Any, actor: Any) -> LetterTemplate | None:
    try:
        key = uuid.UUID(template_id)
    except ValueError:
        return None
    offered = letter_templates.for_kind(kind_of(about), day=practice_today(actor), actor=actor)
    return offered.filter(pk=key).first()


@require_POST
def reprint(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Note who prints it again, then hand out the very file of the first time."""
    request.actor.require(PracticePermission.SEND_LETTER)
    letter = letters.get_letter(pk, actor=request.actor)

    def run() -> HttpResponse:
        file = service.reprint(letter, actor=request.actor)
        return redirect(links.to(request, name="practice:download", attachment_id=file.pk))

    try:
        return gate.once(request, run=run)
    except DomainError as error:
        return gate.declined(request, error=error)


@require_GET
def version(request: Any, pk: uuid.UUID) -> HttpResponse:
    """What a template said when it was published, as a letter."""
    request.actor.require(PracticePermission.VIEW_LETTER)
    found = letter_templates.versions(request.actor).select_related("template").filter(pk=pk).first()
    if found is None:
        raise Http404
    template = found.template
    sheet = letter_compose.sample(
        kind=template.kind, subject=found.subject, body=found.body, language=template.language,
        day=found.effective_from, actor=request.actor,
    )  # fmt: skip
    context = {"version": found, "sheet": sheet, "logo": letter_compose.logo()}
    return render(request, "practice/letter_version.html", context)
