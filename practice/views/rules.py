"""Settings -> Rules: what is in force with its source, every value ever, checks, changes told before they count."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links
from kit.errors import DomainError
from kit.states import STATES
from kit.views import gate
from kit.words import counted
from kit.writes import explain
from practice.actor import Actor
from practice.forms.rules import CheckForm, RuleValueForm
from practice.permissions import PracticePermission
from practice.selectors import rules as found
from practice.selectors.days import practice_today
from practice.selectors.rules import Listed
from practice.services import rule_values
from practice.services.rule_catalogue import definitions
from practice.services.rules import rule

Fits = Callable[[Listed], bool]


def _is_own(row: Listed) -> bool:
    return row.rule.entry.own


def _is_unverified(row: Listed) -> bool:
    return row.shown.checked_on is None


def _changes(row: Listed) -> bool:
    return row.next is not None


TABS: dict[str, tuple[str, Fits]] = {
    "all": ("All", bool),
    "own": ("Your own", _is_own),
    "unverified": ("Not verified", _is_unverified),
    "coming": ("Coming", _changes),
}


PAGE = 100


@require_GET
def rule_list(request: Any) -> HttpResponse:
    """The rules by area, a hundred a page, with today's value and the next change."""
    rows = found.listed(request.actor)
    asked = request.GET.get("view", "all")
    view = asked if asked in TABS else "all"
    text = request.GET.get("q", "")[:100]
    shown = found.matching((row for row in rows if TABS[view][1](row)), text=text)
    areas = list(dict.fromkeys(row.definition.area for row in rows))
    shown = sorted(shown, key=lambda row: areas.index(row.definition.area))
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": [(slug, label, sum(map(fits, rows))) for slug, (label, fits) in TABS.items()],
        "view": view,
        "text": text,
        "areas": [(area, list(each)) for area, each in groupby(page, key=lambda row: row.definition.area)],
        "said": counted(page.paginator.count, one="rule", many="rules"),
        "may_change": request.actor.may(PracticePermission.CHANGE_RULES),
    }
    return render(request, "practice/rules.html", context)


@require_GET
def rule_page(request: Any, code: str) -> HttpResponse:
    """One rule: today's value, every value ever, who checked which, where it differs by state."""
    return _page(request, code=code, form=None)


def _page(request: Any, *, code: str, form: CheckForm | None) -> HttpResponse:
    actor = request.actor
    actor.require(PracticePermission.VIEW_RULES)
    known = found.get_definition(code, actor=actor)
    today = practice_today(actor)
    told = found.history(known)
    states = [
        (STATES.get(state, state), found.history(known, jurisdiction=state))
        for state in found.states_of(known)
    ]
    now = rule(code, on=today)
    current = next((each for each in told if each.shown.entry == now.entry), told[-1])
    may_check = actor.may(PracticePermission.CHECK_RULES)
    if form is None and may_check:
        entry = current.shown.entry
        form = CheckForm(
            actor=actor,
            initial={"effective_from": entry.effective_from, "state": entry.state, "own": entry.own},
        )
    context = {
        "known": known,
        "now": now,
        "current": current,
        "coming": [each for each in told if each.period.first and each.period.first > today][::-1],
        "tables": [("Everywhere", told), *states],
        "today": today,
        "form": form,
        "may_check": may_check,
        "may_change": actor.may(PracticePermission.CHANGE_RULES),
        "nonce": gate.nonce(request),
    }
    return render(
        request, "practice/rule.html", context, status=422 if form is not None and form.errors else 200
    )


@require_POST
def rule_check(request: Any, code: str) -> HttpResponse:
    """Keep that somebody compared a value with its source today."""
    actor = request.actor
    actor.require(PracticePermission.CHECK_RULES)
    known = found.get_definition(code, actor=actor)
    form = CheckForm(actor=actor, data=request.POST)
    if not form.is_valid():
        return _page(request, code=code, form=form)
    given = form.cleaned_data
    entry = found.get_entry(
        known, effective_from=given["effective_from"], state=given["state"], own=given["own"]
    )

    def run() -> HttpResponse:
        rule_values.check(code, entry=entry, found_in=given["found_in"], actor=actor)
        messages.success(request, f"{known.title}: checked against its source today.")
        return redirect(links.to(request, name="practice:rule", code=code))

    try:
        return gate.once(request, run=run)
    except DomainError as error:
        explain(form, error=error)
        return _page(request, code=code, form=form)


@require_http_methods(["GET", "POST"])
def value_new(request: Any) -> HttpResponse:
    """Set an own value: the form, then what changes from when in words, then it is kept."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_RULES)
    if request.method == "GET":
        known = definitions().get(request.GET.get("code", ""))
        return _form(request, form=RuleValueForm(actor=actor, initial={"code": known.code if known else ""}))
    form = RuleValueForm(actor=actor, data=request.POST)
    if not form.is_valid():
        return _form(request, form=form, status=422)

    def run() -> HttpResponse:
        given = dict(form.cleaned_data)
        plan = _planned(given, actor=actor)
        token = hashlib.sha256("\n".join(plan.effects).encode()).hexdigest()
        if request.POST.get("confirmed") != token:
            return _confirm(request, plan=plan, token=token)
        rule_values.set_value(actor=actor, **given)
        messages.success(
            request, f"{plan.definition.title}: {'; '.join(plan.effects) or 'kept as your own'}."
        )
        return redirect(links.to(request, name="practice:rule", code=given["code"]))

    try:
        return gate.once(request, run=run)
    except DomainError as error:
        explain(form, error=error)
        return _form(request, form=form, status=error.status)


def _planned(given: dict[str, Any], *, actor: Actor) -> rule_values.Plan:
    asked = {name: value for name, value in given.items() if name not in ("code", "reason")}
    return rule_values.plan(given["code"], actor=actor, **asked)


def _form(request: Any, *, form: RuleValueForm, status: int = 200) -> HttpResponse:
    known = definitions().get(str(form["code"].value() or ""))
    now = rule(known.code, on=practice_today(request.actor)) if known else None
    return render(
        request, "practice/rule_value_new.html", {"form": form, "known": known, "now": now}, status=status
    )


def _confirm(request: Any, *, plan: rule_values.Plan, token: str) -> HttpResponse:
    skipped = (gate.KEY, "csrfmiddlewaretoken", "confirmed")
    given = [(name, value) for name, value in request.POST.items() if name not in skipped and value]
    where = f"In {STATES[plan.entry.state]} only. " if plan.entry.state else ""
    context = {
        "heading": f"Change “{plan.definition.title}”?",
        "crumbs": [("Rules", "practice:rules")],
        "changes": plan.effects or ["Nothing in force changes: your value is the one in force already"],
        "touched": f"{where}What was computed with the value before stays as it is.",
        "given": [*given, ("confirmed", token), (gate.KEY, str(uuid.uuid4()))],
        "back": links.to(request, name="practice:rule", code=plan.definition.code),
    }
    return render(request, "practice/confirm_change.html", context)
