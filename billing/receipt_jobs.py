"""The PDF of a receipt."""

from __future__ import annotations

from typing import Any

from billing.models import PatientPayment
from billing.selectors import receipts as found
from billing.selectors.payments import JOINS
from billing.services import receipts
from kit.pdf import render_pdf
from practice import jobs

TEMPLATE = "billing/receipt_pdf.html"


@jobs.kind(receipts.PDF, label="Make the PDF of a receipt")
def make_pdf(job: jobs.Job) -> dict[str, Any]:
    """Render outside of any transaction what the receipt says, and keep it once."""
    with job.step(read_only=True) as actor:
        payment = PatientPayment.objects.select_related(*JOINS).get(pk=job.args["payment"])
        context = found.facts(payment, actor=actor)
    content = render_pdf(TEMPLATE, context, title=str(payment))
    with job.step() as actor:
        receipts.keep(payment, content=content, actor=actor)
    return {"payment": str(payment.pk)}
