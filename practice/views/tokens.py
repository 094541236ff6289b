"""API tokens: what there is, a new one, a replacement without a gap, an end."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kit.errors import DomainError
from kit.writes import explain
from practice.forms.settings import TokenForm
from practice.models import ApiToken
from practice.permissions import PracticePermission
from practice.selectors import members
from practice.services import tokens as services

MOST = 100


@require_http_methods(["GET", "POST"])
def tokens(request: Any) -> HttpResponse:
    """The list, and a form to make one. A new token is shown once, in the answer to its POST."""
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
    return _page(request, form=TokenForm(actor=actor), raw=raw)


@require_POST
def token_rotate(request: Any, token_id: uuid.UUID) -> HttpResponse:
    """Replace a token; the new one is shown once, the old one works for some hours more."""
    token = _found(request, token_id=token_id)
    form = TokenForm(actor=request.actor)
    try:
        new, raw = services.rotate_token(token, actor=request.actor)
    except DomainError as error:
        return _page(request, form=form, refused=error.message, status=error.status)
    old = ApiToken.objects.get(pk=token.pk)
    return _page(request, form=form, raw=raw, replaced=old, new=new)


@require_POST
def token_revoke(request: Any, token_id: uuid.UUID) -> HttpResponse:
    """End a token now."""
    token = _found(request, token_id=token_id)
    services.revoke_token(token, actor=request.actor)
    return redirect(reverse("practice:tokens", kwargs={"practice": request.practice.slug}))


def _found(request: Any, *, token_id: uuid.UUID) -> ApiToken:
    request.actor.require(PracticePermission.CHANGE_TOKENS)
    token = members.tokens(request.actor).filter(pk=token_id).first()
    if token is None:
        raise Http404
    return token


def _page(request: Any, *, form: TokenForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "rows": members.tokens(request.actor)[:MOST], **more}
    return render(request, "practice/tokens.html", context, status=status)
