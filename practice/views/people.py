"""A member's roles and sites, changed after the change was read in words. The list is a Resource."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.errors import DomainError
from kit.writes import explain
from practice.forms.people import MemberForm
from practice.models import Membership
from practice.permissions import PracticePermission, all_permissions
from practice.role_rules import MemberFacts, member_changes
from practice.selectors import members
from practice.services import guards, people


@require_http_methods(["GET", "POST"])
def member_edit(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Change roles and sites: first the form, then the change in words, then it is saved."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()  # before anything is typed that would be lost
    member = members.members(actor).filter(pk=pk).first()
    if member is None:
        raise Http404
    start = {"roles": member.roles, "locations": member.locations}
    form = MemberForm(actor=actor, record=member, data=request.POST or None, initial=start)
    if request.method == "GET":
        return _form(request, member=member, form=form)
    if not form.is_valid():
        return _form(request, member=member, form=form, status=422)
    before, after = _now(member), _then(form)
    changes = member_changes(before, after, sentences=sentences())
    page = reverse("kit:practice_member_detail", kwargs={"practice": request.practice.slug, "pk": pk})
    if not changes:
        return redirect(page)
    token = digest(before=before, after=after)
    if request.POST.get("confirmed") != token:
        return _confirm(request, member=member, form=form, changes=changes, token=token, page=page)
    try:
        people.change_member(member, **form.cleaned_data, actor=actor)
    except DomainError as error:
        explain(form, error=error)
        return _form(request, member=member, form=form, status=error.status)
    return redirect(f"{page}?done=changed")


def _form(request: Any, *, member: Membership, form: MemberForm, status: int = 200) -> HttpResponse:
    return render(request, "practice/member_edit.html", {"member": member, "form": form}, status=status)


def _confirm(
    request: Any, *, member: Membership, form: MemberForm, changes: list[str], token: str, page: str
) -> HttpResponse:
    given = [(name, value) for name in ("roles", "locations") for value in request.POST.getlist(name)]
    context = {
        "heading": f"Change {member.name}?",
        "crumbs": [("People", "kit:practice_member_list")],
        "changes": changes,
        "given": [*given, ("confirmed", token)],
        "back": page,
    }
    return render(request, "practice/confirm_change.html", context)


def sentences() -> dict[str, str]:
    """Every permission's sentence by its name."""
    return {value: permission.sentence for value, permission in all_permissions().items()}


def digest(*, before: Any, after: Any) -> str:
    """What somebody agreed to: both sides of a change. Another start or another aim is another change."""
    both = [{name: _plain(value) for name, value in vars(side).items()} for side in (before, after)]
    return hashlib.sha256(json.dumps(both, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _now(member: Membership) -> MemberFacts:
    roles = [link.role for link in member.role_links.all()]
    return MemberFacts(
        roles=frozenset(role.name for role in roles),
        sites=frozenset(link.location.name for link in member.location_links.all()),
        grants=guards.grants_of(roles),
    )


def _then(form: MemberForm) -> MemberFacts:
    roles = list(form.cleaned_data["roles"])
    return MemberFacts(
        roles=frozenset(role.name for role in roles),
        sites=frozenset(site.name for site in form.cleaned_data["locations"]),
        grants=guards.grants_of(roles),
    )
