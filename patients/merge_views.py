"""The merge page with its preview, and the way from a merged record to the one that was kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kit import links, registry, writes
from kit.views import details, gate
from kit.words import us_date, us_phone
from patients.merge_forms import MergeForm
from patients.models import Patient
from patients.pages import declines
from patients.rules.merging import COMPARED
from patients.selectors import merges as found
from practice.audit import note_read

TAKE = "take_"


@require_http_methods(["GET", "POST"])
@never_cache
@declines
def merge_page(request: Any) -> HttpResponse:
    """Name two records, see what differs and what moves, then merge. The service is REST's."""
    resource = registry.get("patients.merge")
    gate.require(request, permission=resource.create_permission)
    given = request.POST if request.method == "POST" else request.GET
    initial = {name: given[name] for name in ("kept", "gone") if given.get(name)}
    form = _bound(request, initial=initial)

    def do(values: dict[str, Any]) -> str:
        record = writes.create(resource, actor=request.actor, values=values)
        return links.after(request, resource=resource, record=record, done="created")

    def page(status: int) -> HttpResponse:
        return gate.show(
            request,
            "patients/merge.html",
            resource=resource,
            code=status,
            form=form,
            preview=_preview(request, initial=initial),
            back_url=links.page(request, resource=resource, name="list"),
        )

    if request.method == "POST" and "look" in request.POST:
        return page(200)
    return gate.answer(request, form=form, page=page, do=do)


def _bound(request: Any, *, initial: dict[str, str]) -> MergeForm:
    if request.method != "POST" or "look" in request.POST:
        return MergeForm(actor=request.actor, initial=initial)
    chosen = [name for name in COMPARED if request.POST.get(f"{TAKE}{name}")]
    data = request.POST.copy()
    data["take"] = " ".join([*chosen, data.get("take", "")])
    return MergeForm(actor=request.actor, data=data)


def _preview(request: Any, *, initial: dict[str, str]) -> dict[str, Any] | None:
    """What would happen, once both records are named and may be seen."""
    asked = MergeForm(actor=request.actor, data={**initial, "reason": "look"})
    if not asked.is_valid() or asked.cleaned_data["kept"] == asked.cleaned_data["gone"]:
        return None
    kept, gone = asked.cleaned_data["kept"], asked.cleaned_data["gone"]
    shown = found.preview(kept, gone=gone)
    note_read(request, what="Merge of two records", patient_ids=[kept.pk, gone.pk])
    rows = [
        {
            "name": f"{TAKE}{each.field}",
            "label": _label(each.field),
            "kept": _said(kept, each.field),
            "gone": _said(gone, each.field),
            "fills": each.fills,
            "taken": bool(request.POST.get(f"{TAKE}{each.field}")),
        }
        for each in shown.differences
    ]
    return {"kept": kept, "gone": gone, "rows": rows, "lines": shown.lines}


def _label(name: str) -> str:
    if name == "address_line":
        return "Address"
    field: Any = Patient._meta.get_field(name)
    return str(field.verbose_name).capitalize().replace("Ssn", "Social security number")


def _said(patient: Patient, name: str) -> Any:
    """A value as people read it; of the social security number the last four."""
    if name == "ssn":
        return patient.ssn_shown
    if name == "address_line":
        return patient.address
    if name in ("phone", "second_phone"):
        return us_phone(getattr(patient, name)) if getattr(patient, name) else ""
    if name in ("birth_date", "deceased_on"):
        return us_date(getattr(patient, name)) if getattr(patient, name) else ""
    if name.endswith("_id"):
        return getattr(patient, name.removesuffix("_id")) or ""
    shown = getattr(patient, f"get_{name}_display", None)
    value = shown() if shown else getattr(patient, name)
    return {True: "Yes", False: "No"}.get(value, value) if isinstance(value, bool) else value


@require_http_methods(["GET", "HEAD"])
def patient_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The page of one patient; that of a merged record leads to the one that was kept."""
    instead = found.kept_instead(pk, actor=request.actor)
    if instead is not None:
        return HttpResponsePermanentRedirect(
            links.to(request, name="kit:patients_patient_detail", pk=instead)
        )
    return details.detail_page(request, resource=registry.get("patients.patient"), pk=pk)
