"""Roles: what each can do in sentences by area, who has it, and the editor with its change in words."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kit import ports
from kit.errors import DomainError
from kit.words import counted
from kit.writes import explain
from practice.actor import Actor
from practice.forms.people import RoleForm
from practice.models import Role
from practice.permissions import PracticePermission, areas
from practice.role_rules import RoleFacts, role_changes
from practice.selectors import members
from practice.services import guards, roles
from practice.views.people import digest, sentences

FIELDS = ("name", "description", "escalates_to", "requires_mfa")


@require_GET
def role_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """What a role can do, who has it, and what happened to it."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_SETTINGS)
    role = _found(pk, actor=actor)
    held = set(role.grants)
    context = {
        "role": role,
        "areas": [(area, [one for one in entries if one.value in held]) for area, entries in areas() if held],
        "people": members.holders(role, actor=actor)[:100],
        "history": ports.history(role),
        "may_change": actor.may(PracticePermission.CHANGE_ROLES),
    }
    return render(request, "practice/role.html", context)


@require_http_methods(["GET", "POST"])
def role_new(request: Any) -> HttpResponse:
    """Make a role, from nothing or from another one (``?from=<id>``)."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()  # before anything is typed that would be lost
    if request.method == "GET":
        return _form(request, form=RoleForm(actor=actor, initial=_copied(request)))
    form = RoleForm(actor=actor, data=request.POST)
    if not form.is_valid():
        return _form(request, form=form, status=422)
    try:
        role = roles.add_role(**form.cleaned_data, actor=actor)
    except DomainError as error:
        explain(form, error=error)
        return _form(request, form=form, status=error.status)
    return redirect(_page(request, role=role))


@require_http_methods(["GET", "POST"])
def role_edit(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Change a role: first the form, then the change in words with whom it touches, then it is saved."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()  # before anything is typed that would be lost
    role = _found(pk, actor=actor)
    start = {name: getattr(role, name) for name in FIELDS} | {"grants": role.grants}
    form = RoleForm(actor=actor, record=role, data=request.POST or None, initial=start)
    if request.method == "GET":
        return _form(request, form=form, role=role)
    if not form.is_valid():
        return _form(request, form=form, role=role, status=422)
    before, after = _now(role), _then(form)
    changes = role_changes(before, after, sentences=sentences())
    if not changes:
        return redirect(_page(request, role=role))
    token = digest(before=before, after=after)
    if request.POST.get("confirmed") != token:
        return _confirm(request, role=role, changes=changes, token=token)
    try:
        roles.change_role(role, **form.cleaned_data, actor=actor)
    except DomainError as error:
        explain(form, error=error)
        return _form(request, form=form, role=role, status=error.status)
    return redirect(_page(request, role=role))


def _found(pk: uuid.UUID, *, actor: Actor) -> Role:
    role = members.roles(actor).filter(pk=pk).first()
    if role is None:
        raise Http404
    return role


def _page(request: Any, *, role: Role) -> str:
    return reverse("kit:practice_role_detail", kwargs={"practice": request.practice.slug, "pk": role.pk})


def _copied(request: Any) -> dict[str, Any]:
    """What a copy starts with; nothing for an unknown id."""
    try:
        source = members.roles(request.actor).filter(pk=uuid.UUID(request.GET.get("from", ""))).first()
    except ValueError:
        return {}
    if source is None:
        return {}
    start = {name: getattr(source, name) for name in FIELDS}
    return start | {"name": f"{source.name} copy"[:80], "grants": source.grants}


def _form(request: Any, *, form: RoleForm, role: Role | None = None, status: int = 200) -> HttpResponse:
    chosen = set(form["grants"].value() or [])
    free = guards.is_owner(request.actor)
    listed = [
        (area, [(one, one.value in chosen, free or request.actor.may(one)) for one in entries])
        for area, entries in areas()
    ]
    context = {"form": form, "role": role, "areas": listed}
    return render(request, "practice/role_edit.html", context, status=status)


def _confirm(request: Any, *, role: Role, changes: list[str], token: str) -> HttpResponse:
    given = [
        (name, value) for name in (*FIELDS, "grants") for value in request.POST.getlist(name) if value != ""
    ]
    held = counted(role.held_by, one="person holds this role", many="people hold this role")
    context = {
        "heading": f"Change {role.name}?",
        "crumbs": [("Roles", "kit:practice_role_list")],
        "changes": changes,
        "touched": f"{held}. It takes effect at their next click.",
        "given": [*given, ("confirmed", token)],
        "back": _page(request, role=role),
    }
    return render(request, "practice/confirm_change.html", context)


def _now(role: Role) -> RoleFacts:
    return RoleFacts(
        name=role.name,
        description=role.description,
        escalates_to=str(role.escalates_to or ""),
        requires_mfa=role.requires_mfa,
        grants=frozenset(role.grants),
    )


def _then(form: RoleForm) -> RoleFacts:
    given = form.cleaned_data
    return RoleFacts(
        name=given["name"],
        description=given["description"],
        escalates_to=str(given["escalates_to"] or ""),
        requires_mfa=given["requires_mfa"],
        grants=frozenset(given["grants"]),
    )
