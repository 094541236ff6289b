"""API tokens: a new one, and a replacement without a gap. Both are shown once; list and end are a Resource."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from kit.errors import DomainError
from kit.views import gate
from kit.writes import explain
from practice.forms.settings import TokenForm
from practice.models import ApiToken
from practice.permissions import PracticePermission
from practice.selectors import members
from practice.services import tokens as services


@require_http_methods(["GET", "POST"])
def token_new(request: Any) -> HttpResponse:
    """The form to make one. A new token is shown once, in the answer to its POST."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_TOKENS)
    actor.require_fresh()  # before anything is typed that would be lost
    form = TokenForm(data=request.POST or None, actor=actor)
    if request.method == "GET":
        return _page(request, form=form)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        _, raw = services.issue_token(**form.cleaned_data, actor=actor)
    except DomainError as error:
        explain(form, error=error)
        return _page(request, form=form, status=error.status)
    return _page(request, raw=raw)


@require_POST
def token_rotate(request: Any, token_id: uuid.UUID) -> HttpResponse:
    """Replace a token; the new one is shown once, the old one works for some hours more."""
    request.actor.require(PracticePermission.CHANGE_TOKENS)
    token = members.tokens(request.actor).filter(pk=token_id).first()
    if token is None:
        raise Http404
    try:
        _, raw = services.rotate_token(token, actor=request.actor)
    except DomainError as error:
        return gate.declined(request, error=error)
    return _page(request, raw=raw, replaced=ApiToken.objects.get(pk=token.pk))


def _page(request: Any, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "practice/token_new.html", context, status=status)
