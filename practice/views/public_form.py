"""The public page of a form: open it, send it, read that it was sent. No session, no cookie, no frame, no script."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kit import clock
from kit.errors import DomainError
from kit.writes import explain
from practice.forms import public as pages
from practice.forms.public import AnswerForm
from practice.link_door import closed, too_large
from practice.models import FormVersion, PublicLink
from practice.selectors import forms as found
from practice.services import submissions
from practice.services.forms import MOST_FILES
from practice.services.quarantine import MAX_BYTES
from practice.services.submissions import Upload

MOST_BODY = MOST_FILES * MAX_BYTES + 1024 * 1024  # the files and what is typed


class InMemory(MemoryFileUploadHandler):
    """Keeps every file in memory: what comes from outside is never written to disk in the clear.

    The whole request was found to be small enough before anything of it is read.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Whatever the size."""
        self.activated = True


# The signed token of the page stands in for Django's: it needs no cookie (practice/forms/public.py).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def fill_in(request: Any, secret: str) -> HttpResponse:
    """The form (GET), and what was typed into it (POST): a redirect when it was taken, 422 with words when not."""
    link = found.link_of(request.actor)
    if request.method == "POST":
        return _send(request, link=link, secret=secret)
    version = found.current_version(link.form_id)
    if version is None or not link.is_live(now=clock.now()):
        return closed()
    token = pages.mark_page(link, version=version)
    return _page(request, version=version, form=_blank(version), token=token)


@require_safe
def sent(request: Any, secret: str) -> HttpResponse:
    """It was sent. Shown for an hour, also when the link was used up by it."""
    link = found.link_of(request.actor)
    version = found.current_version(link.form_id)
    if version is None or link.last_sent_at is None or link.last_sent_at < clock.now() - found.SENT_IS_SHOWN:
        return closed()
    context = {"practice": request.practice.name, "version": version}
    return HttpResponse(render_to_string("practice/public/sent.html", context))


def _send(request: Any, *, link: PublicLink, secret: str) -> HttpResponse:
    announced = str(request.META.get("CONTENT_LENGTH") or "0")
    if not announced.isdigit() or int(announced) > MOST_BODY:
        return too_large()
    request.upload_handlers = [InMemory(request)]
    mark = pages.read_mark(request.POST.get(pages.TOKEN, ""), link=link)
    version = (
        found.version_of_page(mark.version_id, link=link) if mark else found.current_version(link.form_id)
    )
    if version is None:
        return closed()
    form = pages.form_of(version)(data=request.POST, files=request.FILES, prefix=pages.PREFIX)
    form.mark = mark
    if form.is_valid() and mark is not None:
        files = {key: Upload(name=file.name, content=file.read()) for key, file in form.uploads.items()}
        try:
            submissions.submit(
                version, answers=form.answers, files=files, nonce=mark.nonce, actor=request.actor
            )
        except submissions.Closed:
            return closed()
        except DomainError as error:
            explain(form, error=error)
        else:
            return redirect(reverse("public_form_sent", kwargs={"secret": secret}))
    elif not link.is_live(now=clock.now()):
        return closed()
    return _page(request, version=version, form=form, token=_same_page(request, link=link, version=version))


def _same_page(request: Any, *, link: PublicLink, version: FormVersion) -> str:
    """The token a refused page goes on with: its own, or a fresh one when that was none or too old."""
    token = request.POST.get(pages.TOKEN, "")
    mark = pages.read_mark(token, link=link)
    if mark is not None and mark.age <= pages.MOST_HOURS * 3600:
        return str(token)
    return pages.mark_page(link, version=version, nonce=mark.nonce if mark else "")


def _blank(version: FormVersion) -> AnswerForm:
    return pages.form_of(version)(prefix=pages.PREFIX)


def _page(request: Any, *, version: FormVersion, form: AnswerForm, token: str) -> HttpResponse:
    context = {
        "practice": request.practice.name,
        "version": version,
        "form": form,
        "token": token,
        "token_name": pages.TOKEN,
        "trap": pages.TRAP,
        "had_files": bool(request.FILES) if request.method == "POST" else False,
    }
    # Without the request: no context processor, no session, nothing of whoever is signed in at this browser.
    status = 422 if form.errors else 200
    return HttpResponse(render_to_string("practice/public/form.html", context), status=status)
