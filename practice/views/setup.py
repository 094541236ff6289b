"""The guided set-up page and the practice's facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit.errors import DomainError
from kit.writes import explain
from practice.forms.signup import FactsForm
from practice.permissions import PracticePermission
from practice.selectors import setup as found
from practice.services import setup as services

FACTS = ("timezone", "night_hour", "idle_minutes", "books_basis")


@require_GET
def setup(request: Any) -> HttpResponse:
    """What is set up, what is not, and what each is needed for."""
    request.actor.require(PracticePermission.CHANGE_SETTINGS)
    steps = found.steps(request.actor, profile=request.profile)
    done = sum(step.done for step in steps)
    context = {
        "steps": steps,
        "done": done,
        "next": next((step.key for step in steps if not step.done), ""),
        "away": request.profile.setup_dismissed_at is not None,
    }
    return render(request, "practice/setup.html", context)


@require_POST
def setup_away(request: Any) -> HttpResponse:
    """Put the set-up away from the start page, or (``back=1``) bring it back."""
    back = request.POST.get("back") == "1"
    services.put_away(request.profile, away=not back, actor=request.actor)
    page = "practice:setup" if back else "practice:home"
    return redirect(reverse(page, kwargs={"practice": request.practice.slug}))


@require_http_methods(["GET", "POST"])
def facts(request: Any) -> HttpResponse:
    """Name, zone, night, sign-out and books."""
    request.actor.require(PracticePermission.CHANGE_SETTINGS)
    start = {name: getattr(request.profile, name) for name in FACTS} | {"name": request.practice.name}
    form = FactsForm(actor=request.actor, data=request.POST or None, initial=start)
    if request.method == "GET":
        return render(request, "practice/facts.html", {"form": form})
    if form.is_valid():
        try:
            services.change_facts(request.profile, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            explain(form, error=error)
        else:
            return redirect(reverse("practice:setup", kwargs={"practice": request.practice.slug}))
    return render(request, "practice/facts.html", {"form": form}, status=422)
