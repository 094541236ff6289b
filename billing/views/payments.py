"""Take a patient's payment and print its receipt; put money on account to charges."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.forms_payments import PaymentForm
from billing.models import PatientPayment
from billing.permissions import BillingPermission
from billing.selectors import ledger
from billing.selectors import payments as found
from billing.selectors import receipts as receipts_found
from billing.services import payments, receipts
from billing.views.answers import refusing
from kit import links, registry, writes
from kit.money import ZERO
from kit.views import gate
from kit.words import dollars
from patients.models import Patient
from patients.selectors.patients import by_number, get_patient
from practice.audit import note_read
from practice.selectors.days import practice_today
from scheduling.models import Appointment
from scheduling.selectors.appointments import visible_to as visits

RESOURCE = "billing.patient_payment"
EARLIEST = date(2000, 1, 1)


@require_http_methods(["GET", "POST"])
@refusing
def take_page(request: Any) -> HttpResponse:
    """The form; ``?visit=`` or ``?patient=`` says whose, ``amount`` what is asked for. Done, the receipt is shown."""
    actor = request.actor
    actor.require(BillingPermission.TAKE_PAYMENT)
    visit, patient = _whose(request)
    initial: dict[str, Any] = {"amount": request.GET.get("amount", "")[:16]}
    if patient is not None:
        note_read(request, what="Patient account", patient_ids=[patient.pk])
        initial["patient"] = str(patient.pk)
    if visit is not None:
        initial |= {"visit": visit.pk, "location": visit.location_id}
    posted = {"data": request.POST} if request.method == "POST" else {}
    form = PaymentForm(actor=actor, initial=initial, **posted)
    form.hide("visit", *(["patient"] if patient else []), *([] if len(form.places[:2]) > 1 else ["location"]))
    if visit is None:
        form.ask_where()

    def page(status: int) -> HttpResponse:
        context = {
            "form": form,
            "patient": patient,
            "visit": visit,
            "nonce": gate.nonce(request),
            "problem": status != 200,
            **(_account(patient, visit=visit, actor=actor) if patient is not None else {}),
        }
        return render(request, "billing/pay.html", context, status=status)

    def do(values: dict[str, Any]) -> str:
        made = writes.create(registry.get(RESOURCE), actor=actor, values=values)
        messages.success(request, f"{dollars(values['amount'])} taken.")
        return links.to(request, name="billing:receipt", pk=made.pk)

    return gate.answer(request, form=form, page=page, do=do)


def _whose(request: Any) -> tuple[Appointment | None, Patient | None]:
    """Whose payment an address or a form asks for, among those the actor may see."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        key = uuid.UUID(given.get("visit", ""))
    except ValueError:
        key = None
    visit = visits(request.actor).filter(pk=key).first() if key else None
    if visit is not None:
        return visit, get_patient(visit.patient_id, actor=request.actor)
    number = given.get("patient", "")
    return None, by_number(number, actor=request.actor) if number else None


def _account(patient: Patient, *, visit: Appointment | None, actor: Any) -> dict[str, Any]:
    """What stands beside the form: what the patient owes on what, and the copay that is due."""
    items = [item for item in ledger.open_items_of(patient, actor=actor) if item.payer_id is None]
    due = found.copay_due(visit, card=found.card_of(visit)) if visit is not None else ZERO
    return {
        "items": items,
        "owed": ledger.owed_of(patient, actor=actor),
        "copay": due,
    }


def _with_receipt(request: Any, *, pk: uuid.UUID) -> PatientPayment:
    """The payment whose receipt is asked for; noted as read."""
    request.actor.require(BillingPermission.VIEW_LEDGER)
    payment = found.get_payment(pk, actor=request.actor)
    note_read(request, what="Receipt", patient_ids=[payment.patient_id])
    return payment


@require_GET
def receipt_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """A payment's receipt on half a letter page, with what its money stands on now."""
    payment = _with_receipt(request, pk=pk)
    context = receipts_found.facts(payment, actor=request.actor)
    context |= {"pdf": receipts_found.pdf_of(payment), "nonce": gate.nonce(request)}
    return render(request, "billing/receipt.html", context)


@require_POST
def receipt_pdf(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Have the receipt's PDF made; where it is there already, to the file."""
    payment = _with_receipt(request, pk=pk)

    def run() -> HttpResponse:
        kept = receipts.ask(payment, actor=request.actor)
        if kept is not None:
            return redirect(links.to(request, name="practice:file", attachment_id=kept.pk))
        messages.success(request, "The PDF is being made. Open the receipt again in a moment.")
        return redirect(links.to(request, name="billing:receipt", pk=payment.pk))

    return gate.once(request, run=run)


@require_GET
def till_page(request: Any) -> HttpResponse:
    """What a day's drawers should hold: who took how much, by method. ``?day=`` is another day than today."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_LEDGER)
    today = practice_today(actor)
    try:
        day = min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        day = today
    drawers = found.till(day=day, actor=actor)
    sums = [sum(each, ZERO) for each in zip(*(drawer.sums for drawer in drawers), strict=True)]
    context = {
        "day": day,
        "today": today,
        "before": max(day, EARLIEST) - timedelta(days=1),
        "following": day + timedelta(days=1),
        "drawers": drawers,
        "methods": list(zip(PatientPayment.Method.choices, sums, strict=False)),
        "total": sum(sums, ZERO),
    }
    return render(request, "billing/till.html", context)


@require_POST
@refusing
def apply_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Put the money on a patient's account to what they owe, and say how much found a charge."""
    actor = request.actor
    actor.require(BillingPermission.TAKE_PAYMENT)
    patient = get_patient(pk, actor=actor)

    def run() -> HttpResponse:
        applied = payments.apply(patient, actor=actor)
        said = f"{dollars(applied)} put to charges." if applied else "There was nothing to put to charges."
        messages.success(request, said)
        return redirect(links.to(request, name="billing:account", pk=patient.pk))

    return gate.once(request, run=run)
