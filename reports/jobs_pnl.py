"""The monthly P&L variance report in the background: on the first of the month, and on demand."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from billing.services import books
from kit import clock
from kit.pdf import PdfUnavailable, render_pdf
from practice import jobs
from reports.models import VarianceReport
from reports.selectors import paper
from reports.services import pnl


@jobs.kind(pnl.MAKE, label="Make the P&L variance report", every="month", each_missed=True)
def make_report(job: jobs.Job) -> dict[str, Any]:
    """Bring the books up to the patient ledger, freeze the month, render the PDF."""
    month = date.fromisoformat(f"{job.args.get('month') or job.key[:7]}-01")
    basis = job.args.get("basis", VarianceReport.Basis.ACCRUAL.value)
    for done, year in enumerate((month.year - 1, month.year), start=1):
        with job.step() as actor:
            books.post_days(date(year, 1, 1), last=date(year, 12, 31), actor=actor)
        job.progress(done, total=5, note=f"Booked the patient ledger of {year}")
    with job.step() as actor:
        report = pnl.make(month, basis=basis, actor=actor)
    job.progress(3, total=5, note="Made the report; rendering the PDF")
    return {"report": str(report.pk), "pdf": _render(job, report_id=report.pk)}


@jobs.kind(pnl.PDF, label="Make the PDF of a P&L variance report")
def make_pdf(job: jobs.Job) -> dict[str, Any]:
    """Render a report and keep the file with it."""
    return {"report": job.args["report"], "pdf": _render(job, report_id=uuid.UUID(job.args["report"]))}


def _render(job: jobs.Job, *, report_id: uuid.UUID) -> str:
    """Read, render outside any transaction, keep. Returns what became of it, in a word."""
    with job.step(read_only=True):
        read_at = clock.now()
        context = paper.context(report_id)
    try:
        content = render_pdf("reports/pnl_pdf.html", context, title=context["title"])
    except PdfUnavailable as error:
        job.progress(5, total=5, note=str(error))
        return "unavailable"
    job.progress(4, total=5, note="Rendered the PDF")
    with job.step() as actor:
        pnl.keep_pdf(report_id, content=content, rendered_from=read_at, actor=actor)
    job.progress(5, total=5, note="Finished")
    return "made"
