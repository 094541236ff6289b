"""The signed copy of a consent, as a file of it."""

from __future__ import annotations

import uuid
from typing import Any

from kit.pdf import render_pdf
from patients.models import PatientConsent
from patients.selectors.consents import paper
from patients.services import consents
from practice import jobs
from practice.selectors import letter_compose
from practice.selectors.days import practice_zone


@jobs.kind(consents.COPY, label="Make the signed copy of a consent")
def make_copy(job: jobs.Job) -> dict[str, Any]:
    """Render outside of any transaction what was signed, and keep it once."""
    consent_id = uuid.UUID(job.args["consent_id"])
    with job.step(read_only=True) as actor:
        signed = PatientConsent.objects.select_related("version__form", "patient", "representative")
        consent = signed.get(pk=consent_id)
        sheet = paper(consent.version, patient=consent.patient, day=consent.signed_on, actor=actor)
        context = {
            "sheet": sheet,
            "logo": letter_compose.logo(),
            "consent": consent,
            "by_link": consent.by_link,
            "zone": practice_zone(actor).key,
            "language": sheet.language,
        }
    content = render_pdf("patients/consent_pdf.html", context, title=str(consent.version))
    with job.step() as actor:
        consents.keep_copy(consent_id, content=content, actor=actor)
    return {"consent": str(consent_id)}
