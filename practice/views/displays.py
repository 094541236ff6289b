"""A new wall display: its address is shown once. List and end are a Resource."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit import writes
from kit.errors import DomainError
from practice.forms.settings import DisplayForm
from practice.permissions import PracticePermission
from practice.services import displays as service

PAGE_NAME = "scheduling:wall"  # the page itself stands further up; Django binds it by its name


@require_http_methods(["GET", "POST"])
def make(request: Any) -> HttpResponse:
    """The form to make one. Its address stands in the answer to the POST and nowhere else."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_DISPLAYS)
    form = DisplayForm(data=request.POST if request.method == "POST" else None, actor=actor)
    address, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _, raw = service.make(**form.cleaned_data, actor=actor)
                path = reverse(PAGE_NAME, kwargs={"practice": request.practice.slug, "secret": raw})
                address, status = f"{settings.BASE_URL}{path}", 200
            except DomainError as error:
                writes.explain(form, error=error)
    context = {"form": form, "address": address, "problem": status == 422}
    return render(request, "practice/display_new.html", context, status=status)
