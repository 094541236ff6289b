"""Receipts as files: asked for on the receipt's page, made by a job, kept with the payment under its one number."""

from __future__ import annotations

from django.db import transaction

from billing.models import PatientPayment
from billing.permissions import BillingPermission
from billing.selectors.receipts import note_of, pdf_of
from practice import jobs
from practice.actor import Actor
from practice.models import Attachment
from practice.services import attachments

PDF = "billing.receipt_pdf"


@transaction.atomic
def ask(payment: PatientPayment, *, actor: Actor) -> Attachment | None:
    """Have the PDF made, once for what the receipt says now; the file where there is one already."""
    actor.require(BillingPermission.VIEW_LEDGER)
    kept = pdf_of(payment)
    if kept is None:
        key = f"{payment.pk}/{note_of(payment)}"
        jobs.enqueue(PDF, actor=actor, key=key, args={"payment": str(payment.pk)})
    return kept


@transaction.atomic
def keep(payment: PatientPayment, *, content: bytes, actor: Actor) -> Attachment:
    """Keep a PDF that was made; a second run keeps the first file. Part of its job."""
    locked = PatientPayment.objects.select_for_update(of=("self",), no_key=True).get(pk=payment.pk)
    name = f"receipt-{locked.number}{'' if locked.can_void else '-void'}.pdf"
    note = note_of(locked)
    return pdf_of(locked) or attachments.store(content, name=name, record=locked, note=note, actor=actor)
