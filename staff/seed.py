"""The people of the demo practice: providers, those around them, what they hold and where they may bill."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from practice.models import Location, Payer
from practice.story import Story
from staff.models import Credential, Employee, Provider
from staff.services import credentials, employees, enrolments, expiries, providers

# first, last, display name, NPI (valid check digits, invented), specialty, days until the licence ends
PROVIDERS = (
    ("Priya", "Raman", "P. Raman, MD", "1487654323", "Family medicine", 400),
    ("Thomas", "Okafor", "T. Okafor, MD", "1598765430", "Family medicine", 24),
    ("Elena", "Vasquez", "E. Vasquez, MD", "1619876547", "Internal medicine", 220),
)
# first, last, job, kind of paper, days until it ends, whether it was verified
TEAM = (
    ("Marisol", "Teague", "Registered nurse", "license", 82, True),
    ("Jonah", "Pickering", "Registered nurse", "license", 510, True),
    ("Odette", "Lindqvist", "Medical assistant", "cpr", -19, True),
    ("Callum", "Ferrante", "Medical assistant", "cpr", 61, False),
    ("Ingrid", "Bellweather", "Front desk", "cpr", 340, True),
    ("Devon", "Castleton", "Front desk", "", 0, False),
    ("Paloma", "Hartsfield", "Biller", "cpr", 150, True),
    ("Silas", "Moreau", "Office manager", "", 0, False),
)
# days until a provider's other papers end, by kind; the third row has one nobody has verified yet
PAPERS = ((("dea", 700), ("board", 1200)), (("dea", 96), ("malpractice", 168)), (("malpractice", 290),))


def seed(story: Story) -> None:
    """Employees, providers, credentials, enrolments."""
    story.kept["providers"] = [
        _provider(story, number=number, site=story.kept["locations"][number % len(story.kept["locations"])])
        for number in range(1 if story.small else len(PROVIDERS))
    ]
    story.kept["employees"] = [_colleague(story, row=row) for row in (TEAM[:2] if story.small else TEAM)]
    if not story.small:
        employees.send_on_leave(story.kept["employees"][4], actor=story.actor)
    _enrol(story)
    expiries.refresh_all(actor=story.actor)


def _provider(story: Story, *, number: int, site: Location) -> Provider:
    first, last, shown, npi, specialty, days = PROVIDERS[number]
    employee = _hire(story, first=first, last=last, job="Physician", site=site, days=1500)
    _paper(story, employee=employee, kind="license", days=days, number=f"NY{npi[-6:]}", verified=True)
    for place, (kind, left) in enumerate(PAPERS[number]):
        text = f"{kind[:2].upper()}{npi[-7:]}"
        _paper(story, employee=employee, kind=kind, days=left, number=text, verified=place == 0)
    return providers.add(
        employee=employee,
        display_name=shown,
        npi=npi,
        taxonomy="207Q00000X" if specialty == "Family medicine" else "207R00000X",
        specialty=specialty,
        location=site,
        actor=story.actor,
    )


def _colleague(story: Story, *, row: tuple[str, str, str, str, int, bool]) -> Employee:
    first, last, job, kind, days, verified = row
    random = Random(last)  # a source of its own: other chapters draw as they did
    site = random.choice(story.kept["locations"])
    employee = _hire(story, first=first, last=last, job=job, site=site, days=random.randint(120, 2400))
    if kind:
        number = f"{kind[:2].upper()}{random.randint(100000, 999999)}"
        _paper(story, employee=employee, kind=kind, days=days, number=number, verified=verified)
    return employee


def _hire(story: Story, *, first: str, last: str, job: str, site: Location, days: int) -> Employee:
    return employees.add(
        first_name=first,
        last_name=last,
        job_title=job,
        location=site,
        email=f"{first}.{last}@example.com".lower(),
        hired_on=story.today - timedelta(days=days),
        actor=story.actor,
    )


def _paper(
    story: Story, *, employee: Employee, kind: str, days: int, number: str, verified: bool
) -> Credential:
    made = credentials.add(
        employee=employee,
        kind=kind,
        number=number,
        state="NY" if kind in ("license", "dea") else "",
        issued_on=story.today + timedelta(days=min(days, 0) - 700),
        expires_on=story.today + timedelta(days=days),
        actor=story.actor,
    )
    if verified:
        credentials.verify(
            made, source="Issuer's register", verified_on=story.today - timedelta(days=60), actor=story.actor
        )
    return made


def _enrol(story: Story) -> None:
    """Everybody bills everywhere but the newest provider, whose papers are still with two payers."""
    payers = [payer for payer in story.kept["payers"] if payer.kind != Payer.Kind.SELF_PAY]
    for number, provider in enumerate(story.kept["providers"]):
        for place, payer in enumerate(payers):
            enrolment = enrolments.add(provider=provider, payer=payer, actor=story.actor)
            waiting = not story.small and number == 2 and place in (1, 3)
            steps = (
                ("collecting", "submitted", "review") if waiting else ("collecting", "submitted", "approved")
            )
            for step in steps:
                enrolments.change_state(enrolment, state=step, actor=story.actor)
            if not waiting:
                enrolments.change_state(
                    enrolment,
                    state="effective",
                    effective_on=story.today - timedelta(days=900),
                    actor=story.actor,
                )
