"""The background steps of links to sign: take one, hand it over outside of any transaction, keep what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from patients.models import ConsentLink
from patients.services import consent_links
from practice import jobs
from practice.handing_over import by_mail, by_text


@jobs.kind(consent_links.SEND, label="Send a link to sign")
def send(job: jobs.Job) -> dict[str, Any]:
    """The message of one link, once."""
    with job.step() as actor:
        outgoing = consent_links.take(uuid.UUID(job.args["link_id"]), actor=actor)
    if outgoing is None:
        return {"outcome": "not now"}
    link = outgoing.link
    if link.way == ConsentLink.Way.TEXT:
        receipt = by_text(to=link.address, words=outgoing.body, reference=str(link.pk))
    else:
        receipt = by_mail(to=link.address, subject=outgoing.subject, body=outgoing.body)
    with job.step() as actor:
        consent_links.note_end(link, receipt=receipt, actor=actor)
    return {"outcome": receipt.outcome}
