"""Every night the books follow the patient ledger."""

from __future__ import annotations

from datetime import date

from billing.services import books
from practice import jobs


@jobs.kind("billing.books", label="Book the patient ledger", every="night")
def post_books(job: jobs.Job) -> None:
    """A step for each year of the ledger; what is booked already costs one look."""
    with job.step(read_only=True):
        years = books.years()
    for done, year in enumerate(years, start=1):
        with job.step() as actor:
            books.post_days(date(year, 1, 1), last=date(year, 12, 31), actor=actor)
        job.progress(done, total=len(years), note=f"Booked {year}")
