"""The page behind an invitation's link. Whatever is wrong with a secret, it says the same and tells nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kit.errors import DomainError
from practice.actor import Actor, system_actor
from practice.forms.people import NewPersonForm
from practice.models import Invitation, Practice, TokenLookup, User
from practice.selectors.invitations import acceptable, last_day
from practice.selectors.secrets import find_secret
from practice.services.invitations import NoLongerOpen, accept
from practice.transactions import acting_in


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the page shows of an invitation that still works."""

    row: Invitation
    practice: Practice
    inviter: str
    roles: list[str]
    until: date

    @property
    def email(self) -> str:
        """The invited address."""
        return self.row.email


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation and accept it: as the person who is signed in, or as a new one."""
    offer = _offer(request, secret=secret)
    if offer is None:
        return closed(request)
    if request.user.is_authenticated:
        return _as_somebody(request, offer=offer)
    known = User.objects.filter(email=offer.email).first()
    if known is not None:
        sign_in = f"{reverse('account_login')}?next={request.path}"
        if request.method == "POST":
            return redirect(sign_in)
        return _page(request, offer=offer, sign_in=sign_in)
    return _as_a_new_person(request, offer=offer)


def closed(request: HttpRequest) -> HttpResponse:
    """Wrong, used, withdrawn or too old: one page."""
    return render(request, "practice/invitation_closed.html", status=404)


def sign_in(request: HttpRequest, *, user: User) -> None:
    """Start the session of somebody who has just chosen a password."""
    get_adapter().login(request, user)
    record_authentication(request, user, method="password")


def _offer(request: HttpRequest, *, secret: str) -> Offer | None:
    found = find_secret(secret, kind=TokenLookup.Kind.INVITATION)
    if found is None:
        return None
    house = system_actor(practice_id=found.practice_id, request_id=request.id)  # type: ignore[attr-defined]
    with acting_in(found.practice_id, actor=house, read_only=True):
        row = acceptable(found.row_id)
        if row is None:
            return None
        return Offer(
            row=row,
            practice=found.practice,
            inviter=str(row.invited_by.user) if row.invited_by else found.practice.name,
            roles=sorted(link.role.name for link in row.role_links.all()),
            until=last_day(row),
        )


def _page(request: HttpRequest, *, offer: Offer, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "practice/invitation.html", {"offer": offer, **more}, status=status)


def _as_somebody(request: HttpRequest, *, offer: Offer) -> HttpResponse:
    user: Any = request.user
    if user.email.lower() != offer.email:
        return _page(request, offer=offer, other=user.email, status=200 if request.method == "GET" else 409)
    if request.method == "GET":
        return _page(request, offer=offer, ready=True)
    return _join(request, offer=offer, user=user)


def _as_a_new_person(request: HttpRequest, *, offer: Offer) -> HttpResponse:
    form = NewPersonForm(email=offer.email, data=request.POST or None, initial={"name": offer.row.name})
    if request.method == "GET":
        return _page(request, offer=offer, form=form)
    if not ratelimit.consume(request, action="signup"):
        form.add_error(None, "Too many tries. Wait a minute, then try again.")
        return _page(request, offer=offer, form=form, status=429)
    if not form.is_valid():
        return _page(request, offer=offer, form=form, status=422)
    user = User(email=offer.email, name=form.cleaned_data["name"].strip())
    user.set_password(form.cleaned_data["password"])
    answer = _join(request, offer=offer, user=user)
    if answer.status_code == 302:
        sign_in(request, user=user)
    return answer


def _join(request: HttpRequest, *, offer: Offer, user: User) -> HttpResponse:
    """Accept in one transaction; a new person is saved in it too, so a lost race leaves nobody behind."""
    actor = Actor(
        kind="user",
        id=user.id,
        user_id=user.id,
        practice_id=offer.practice.id,
        name=user.name,
        request_id=request.id,  # type: ignore[attr-defined]
    )
    try:
        with acting_in(offer.practice.id, actor=actor):
            if user._state.adding:
                user.save(force_insert=True)
            accept(offer.row, user=user, actor=actor)
    except (NoLongerOpen, IntegrityError):  # somebody was faster with the same link or address
        return closed(request)
    except DomainError as error:
        return _page(request, offer=offer, refused=error.message, status=error.status)
    return redirect(reverse("practice:home", kwargs={"practice": offer.practice.slug}))
