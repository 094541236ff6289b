"""The people of the demo practice: three providers with their licences."""

from __future__ import annotations

from datetime import timedelta

from practice.models import Location
from practice.story import Story
from staff.models import Credential, Employee, Provider

# first, last, display name, NPI (valid check digits, invented), specialty, days until the licence ends
PROVIDERS = (
    ("Priya", "Raman", "P. Raman, MD", "1487654323", "Family medicine", 400),
    ("Thomas", "Okafor", "T. Okafor, MD", "1598765430", "Family medicine", 24),
    ("Elena", "Vasquez", "E. Vasquez, MD", "1619876547", "Internal medicine", 220),
)


def seed(story: Story) -> None:
    """Employees, providers, credentials."""
    story.kept["providers"] = [
        _provider(story, row=row, site=story.kept["locations"][number % len(story.kept["locations"])])
        for number, row in enumerate(PROVIDERS[: 1 if story.small else 3])
    ]


def _provider(story: Story, *, row: tuple[str, str, str, str, str, int], site: Location) -> Provider:
    first, last, shown, npi, specialty, days = row
    employee = Employee.objects.create(
        practice=story.practice,
        first_name=first,
        last_name=last,
        job_title="Physician",
        location=site,
        hired_on=story.today - timedelta(days=1500),
    )
    Credential.objects.create(
        practice=story.practice,
        employee=employee,
        kind=Credential.Kind.LICENSE,
        number=f"NY{npi[-6:]}",
        state="NY",
        issued_on=story.today - timedelta(days=700),
        expires_on=story.today + timedelta(days=days),
        verified_on=story.today - timedelta(days=60),
        verified_source="State board",
    )
    return Provider.objects.create(
        practice=story.practice,
        employee=employee,
        display_name=shown,
        npi=npi,
        taxonomy="207Q00000X",
        specialty=specialty,
        location=site,
    )
