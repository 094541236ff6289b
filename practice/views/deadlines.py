"""Settings -> Deadlines: what if something started on a day? When it is due, and which days do not count."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit.errors import DomainError
from kit.writes import explain
from practice.forms.rules import DeadlineForm
from practice.permissions import PracticePermission
from practice.rules import holidays
from practice.rules.deadlines import Due, Length, Roll
from practice.rules.units import DAYLIKE, Unit
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rule_catalogue import definitions
from practice.services.rules import rule


@require_GET
def what_if(request: Any) -> HttpResponse:
    """The form and, once it is filled in, the answer. Nothing is written; the address can be mailed."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_RULES)
    today = practice_today(actor)
    known = definitions().get(request.GET.get("rule", ""))
    asked = "start" in request.GET
    form = DeadlineForm(
        actor=actor,
        data=request.GET if asked else None,
        initial={"start": today, "length": 10} | (_from_rule(known.code, today) if known else {}),
    )
    found: Due | None = None
    if asked and form.is_valid():
        try:
            found = counted(form.cleaned_data)
        except DomainError as error:
            explain(form, error=error)
    year = (found.day if found else today).year
    context = {
        "form": form,
        "due": found,
        "asked": form.cleaned_data if found else None,
        "year": year,
        "federal": holidays.of_year(deadlines.federal(), year=year).items(),
        "dated": [each for each in definitions().values() if each.unit in DAYLIKE],
        "chosen": known,
    }
    return render(request, "practice/deadlines.html", context, status=422 if form.errors else 200)


def _from_rule(code: str, today: Any) -> dict[str, Any]:
    found = rule(code, on=today)
    return {"length": int(found), "unit": found.unit} if found.unit in DAYLIKE else {}


def counted(given: dict[str, Any]) -> Due:
    """The answer to a clean form or request."""
    return deadlines.explain(
        Length(amount=given["length"], unit=Unit(given["unit"])),
        start=given["start"],
        location=given.get("location"),
        by_law=given.get("by_law", False),
        before=given.get("direction") == "before",
        count_start=given.get("count_start", False),
        month_end=given.get("month_end", False),
        roll=Roll(given.get("roll") or Roll.STAY),
    )
