"""Settings -> Numbers: how the practice writes its numbers, with the next one as an example."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import links
from kit.errors import DomainError
from kit.writes import explain
from practice.forms.rules import NumberForm
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services import sequences


@require_GET
def number_list(request: Any) -> HttpResponse:
    """Every series with its next number."""
    request.actor.require(PracticePermission.CHANGE_SETTINGS)
    today = practice_today(request.actor)
    rows = [
        (each, sequences.format_of(each.code), sequences.upcoming(each.code, on=today))
        for each in sequences.series().values()
    ]
    return render(request, "practice/numbers.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def number_edit(request: Any, key: str) -> HttpResponse:
    """Letters, year and digits of a series."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_SETTINGS)
    chosen = sequences.series().get(key)
    if chosen is None:
        raise Http404
    style = sequences.format_of(key)
    start = {"letters": style.prefix, "yearly": style.yearly, "width": style.width}
    form = NumberForm(actor=actor, data=request.POST or None, initial=start)
    today = practice_today(actor)
    if request.method == "POST" and form.is_valid():
        try:
            sequences.set_format(key, **form.cleaned_data, actor=actor)
        except DomainError as error:
            explain(form, error=error)
        else:
            messages.success(request, f"{chosen.title}: the next one is {sequences.upcoming(key, on=today)}.")
            return redirect(links.to(request, name="practice:numbers"))
    context = {"form": form, "series": chosen, "next": sequences.upcoming(key, on=today)}
    return render(request, "practice/number_edit.html", context, status=422 if form.errors else 200)
