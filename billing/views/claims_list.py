"""The list of claims, and sending the ready ones."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from billing.models import Claim
from billing.permissions import BillingPermission
from billing.selectors import claims as found
from billing.services import submission
from kit import links
from kit.errors import DomainError
from kit.views import gate
from patients.selectors import restricted
from practice.audit import note_read
from practice.models import Payer
from practice.selectors.days import practice_today
from staff.models import Provider

FILTERS = ("payer", "state", "provider")


@require_GET
def claim_list(request: Any) -> HttpResponse:
    """Claims by what should be done about them; the address holds tab, filters and page."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_CLAIM)
    view = found.view_named(request.GET.get("view", ""))
    asked = {name: request.GET.get(name, "")[:40] for name in FILTERS}
    page = found.page(view, actor=actor, after=request.GET.get("after", "")[:200], **asked)
    named = [claim.patient_id for claim in page.claims if restricted.sees(claim.patient, actor=actor)]
    note_read(request, what="Claims", patient_ids=named)
    today, counted = practice_today(actor), found.counts(actor)
    kept = {name: value for name, value in asked.items() if value}
    may_submit = actor.may(BillingPermission.SUBMIT_CLAIM)
    context = {
        "view": view,
        "tabs": [
            {"view": tab, "count": counted[tab.slug], "query": urlencode({"view": tab.slug})}
            for tab in found.VIEWS
        ],
        "rows": [
            {
                "claim": claim,
                "name": restricted.name_for(claim.patient, actor=actor),
                "age": max(0, (today - claim.service_date).days),
                "next": found.next_action(claim, today=today),
                "late": claim.file_by < today,
            }
            for claim in page.claims
        ],
        "page": page,
        "filters": _filters(asked),
        "filtered": bool(kept),
        "more": urlencode({"view": view.slug, **kept, "after": page.after}) if page.after else "",
        "first": urlencode({"view": view.slug, **kept}) if request.GET.get("after") else "",
        "may_select": may_submit and view.slug in ("ready", "all"),
        "ready": Claim.State.READY,
        "nonce": gate.nonce(request),
    }
    return render(request, "billing/claims.html", context)


def _filters(asked: dict[str, str]) -> list[dict[str, Any]]:
    payers = [
        (str(key), name) for key, name in Payer.objects.values_list("pk", "name").order_by("name")[:200]
    ]
    providers = Provider.objects.values_list("pk", "display_name").order_by("display_name")[:200]
    choices = {
        "payer": ("Payer", payers),
        "state": ("Status", [(str(value), str(label)) for value, label in Claim.State.choices]),
        "provider": ("Provider", [(str(key), name) for key, name in providers]),
    }
    return [
        {"name": name, "label": label, "options": options, "value": asked[name]}
        for name, (label, options) in choices.items()
    ]


@require_POST
def submit(request: Any) -> HttpResponse:
    """Send the chosen claims; what a rule holds now stays, and the answer says so."""
    request.actor.require(BillingPermission.SUBMIT_CLAIM)

    def run() -> HttpResponse:
        try:
            sent = submission.submit(_chosen(request.POST.getlist("claim")), actor=request.actor)
        except DomainError as error:
            return gate.declined(request, error=error)
        if sent.sent:
            files = ", ".join(batch.file_name for batch in sent.batches)
            messages.success(request, f"{sent.sent} claims sent in {files}.")
        if sent.held:
            messages.warning(request, f"{len(sent.held)} claims were held: a rule found something new.")
        view = "submitted" if sent.sent else "action"
        return redirect(f"{links.to(request, name='billing:claims')}?view={view}")

    return gate.once(request, run=run)


def _chosen(given: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(each) for each in given]
    except ValueError:
        raise DomainError("Choose claims that are ready.") from None
