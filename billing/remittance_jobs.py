"""Background work on remittances."""

from __future__ import annotations

from billing.services import incoming
from practice import jobs

INCOMING = "billing.incoming"


@jobs.kind(INCOMING, label="Look for remittance files", every="night")
def take_incoming(job: jobs.Job) -> dict[str, int]:
    """Take in what lies in the practice's incoming folder."""
    return incoming.run(job)
