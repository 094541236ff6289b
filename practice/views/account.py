"""A person's own account, the same in every practice: name, e-mail, password, second factors, where signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import email as allauth_email
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import links
from practice import sessions as places
from practice.accounts import keep_address
from practice.actor import system_actor
from practice.forms.preferences import PreferencesForm
from practice.forms.settings import NameForm
from practice.models import PracticeProfile
from practice.selectors.people import practices_of
from practice.services.users import prefer, rename
from practice.transactions import acting_in, known_as


@require_GET
@login_required
def account(request: Any) -> HttpResponse:
    """What can be changed about oneself, with how it stands."""
    kinds = list(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    context = {
        "person": request.user,
        "has_app": Authenticator.Type.TOTP in kinds,
        "keys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_password": request.user.has_usable_password(),
        "places": len(places.places_of(request)),
    }
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def change_name(request: Any) -> HttpResponse:
    """The name that colleagues see."""
    form = NameForm(data=request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        rename(request.user, name=form.cleaned_data["name"])
        messages.success(request, "Your name is changed.")
        return redirect("account")
    return render(request, "account/name.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: Any) -> HttpResponse:
    """Colours, row height, single keys: back to where one came from."""
    person, given = request.user, request.POST if request.method == "POST" else None
    start = {name: getattr(person, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(
        data=given, initial=start | {"comfortable_rows": "1" if person.comfortable_rows else ""}
    )
    back = links.ours(request.POST.get("next", request.GET.get("next", "")))
    if given is not None and form.is_valid():
        prefer(person, **form.cleaned_data)
        messages.success(request, "Your preferences are saved.")
        return redirect(back or "account")
    context = {"form": form, "back": back}
    return render(request, "account/preferences.html", context, status=422 if form.errors else 200)


@login_required
def email(request: Any) -> HttpResponseBase:
    """allauth's change of e-mail, on the address the person signs in with."""
    keep_address(request.user)
    answer: HttpResponseBase = allauth_email(request)
    return answer


@require_http_methods(["GET", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where you are signed in; sign out one browser or all others."""
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        if "others" in request.POST:
            ended = places.end_others(request)
            messages.success(request, f"{ended} other sign-in{'s' if ended != 1 else ''} ended.")
        elif chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
            done = places.end(int(chosen), request=request)
            if request.user.is_authenticated:
                messages.info(request, "Signed out there." if done else "That one had ended already.")
        return redirect("sessions" if request.user.is_authenticated else "account_login")
    found = {"places": places.places_of(request), "zone": _zone(request)}
    return render(request, "account/sessions.html", found)


def _zone(request: Any) -> str:
    """The zone to tell times in: that of the person's first practice, as the account stands in none; "" without one."""
    with known_as(request.user.pk):
        practice = practices_of(request.user).first()
    if practice is None:
        return ""
    house = system_actor(practice_id=practice.pk, request_id=request.id)
    with acting_in(practice.pk, actor=house, read_only=True):
        return str(PracticeProfile.objects.values_list("timezone", flat=True).get(practice_id=practice.pk))
