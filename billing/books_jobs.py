"""Every night the books follow the patient ledger."""

from __future__ import annotations

from datetime import date

from billing.services import books
from finance.models import Journal, JournalLine
from practice import jobs
from practice.statistics import refresh


@jobs.kind("billing.books", label="Book the patient ledger", every="night")
def post_books(job: jobs.Job) -> None:
    """A step for each year of the ledger; what is booked already costs one look."""
    with job.step(read_only=True):
        years = books.years()
    for done, year in enumerate(years, start=1):
        with job.step() as actor:
            books.post_days(date(year, 1, 1), last=date(year, 12, 31), actor=actor)
            if done & (done - 1) == 0:  # after 1, 2, 4, 8 … years: while the tables double
                refresh(Journal, JournalLine)
        job.progress(done, total=len(years), note=f"Booked {year}")
