"""Scrubber tests: pure questions about one claim on plain values. Which are asked, and what for, is data.

A ScrubRule row names one of these tests by its registered name and may give it a parameter. A test yields
what is wrong, with the line it is wrong on; nothing means the claim passes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from billing.x12 import (
    is_diagnosis_code,
    is_modifier,
    is_npi,
    is_procedure_code,
    is_state,
    is_taxonomy,
    is_zip,
    is_zip_plus_four,
)

MAX_DIAGNOSES = 12
MAX_POINTERS = 4
MAX_LINES = 50
MAX_MODIFIERS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFacts:
    """One service line: the code as charged, the code a claim may carry ('' = not mapped), money for all units."""

    number: int
    charged_code: str
    code: str
    amount: Decimal
    service_date: date
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()  # other live claims with this patient, provider, day, code and modifiers


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimFacts:
    """What a rule may know about a claim. Texts are '' and dates None where nothing is on file."""

    today: date
    service_date: date
    file_by: date
    total: Decimal
    lines: tuple[LineFacts, ...]
    diagnoses: tuple[str, ...]
    billing_npi: str
    billing_taxonomy: str
    billing_zip: str
    rendering_npi: str
    rendering_taxonomy: str
    payer_identifier: str
    member_id: str
    coverage_starts: date | None
    coverage_ends: date | None
    birth_date: date | None
    sex: str
    street: str
    city: str
    state: str
    zip_code: str
    enrolled: bool = True
    licence: Literal["in_force", "lapsed", "unknown"] = "in_force"
    format_problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong: what exactly, and on which line (None: the whole claim)."""

    detail: str
    line: int | None = None


Test = Callable[..., Iterator[Found]]
TESTS: dict[str, Test] = {}


def test(name: str) -> Callable[[Test], Test]:
    """Register a test under the name rules refer to it by."""

    def register(function: Test) -> Test:
        if name in TESTS:
            raise ValueError(f"scrub test {name} is registered twice")
        TESTS[name] = function
        return function

    return register


def run(name: str, *, facts: ClaimFacts, parameter: str = "") -> list[Found]:
    """Ask one test. Raises KeyError for a name nobody registered."""
    return list(TESTS[name](facts, parameter=parameter))


@test("rendering_npi")
def rendering_npi(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Ten digits with the right check digit (45 CFR 162.406)."""
    if not is_npi(facts.rendering_npi):
        yield Found(facts.rendering_npi or "No NPI on file")


@test("billing_npi")
def billing_npi(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """As the rendering provider's, for the group."""
    if not is_npi(facts.billing_npi):
        yield Found(facts.billing_npi or "No billing entity on file")


@test("billing_taxonomy")
def billing_taxonomy(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Ten characters ending in X."""
    if not is_taxonomy(facts.billing_taxonomy):
        yield Found(facts.billing_taxonomy or "None on file")


@test("billing_zip")
def billing_zip(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Nine digits."""
    if not is_zip_plus_four(facts.billing_zip):
        yield Found(facts.billing_zip or "None on file")


@test("payer_identifier")
def payer_identifier(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """A payer without an id cannot be addressed."""
    if not facts.payer_identifier.strip():
        yield Found("No payer id on file")


@test("member_id")
def member_id(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """The insured's number."""
    if not facts.member_id.strip():
        yield Found("No member id on file")


@test("coverage_in_force")
def coverage_in_force(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """The coverage reaches the day of service."""
    if facts.coverage_starts is None:
        yield Found("No coverage on the claim")
    elif facts.service_date < facts.coverage_starts:
        yield Found(f"Coverage begins {facts.coverage_starts:%m/%d/%Y}")
    elif facts.coverage_ends is not None and facts.service_date > facts.coverage_ends:
        yield Found(f"Coverage ended {facts.coverage_ends:%m/%d/%Y}")


@test("patient_person")
def patient_person(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Address, birth date and sex, which the 837P requires of the patient."""
    missing = [
        word
        for word, there in (
            ("street", facts.street.strip()),
            ("city", facts.city.strip()),
            ("state", is_state(facts.state)),
            ("ZIP code", is_zip(facts.zip_code)),
            ("birth date", facts.birth_date),
            ("sex", facts.sex in ("F", "M", "U")),
        )
        if not there
    ]
    if missing:
        yield Found(f"Missing: {', '.join(missing)}")
    if facts.birth_date is not None and facts.birth_date > facts.service_date:
        yield Found("Born after the service")


@test("diagnosis_missing")
def diagnosis_missing(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """At least one diagnosis, at most twelve."""
    if not facts.diagnoses:
        yield Found("No diagnosis on the claim")
    elif len(facts.diagnoses) > MAX_DIAGNOSES:
        yield Found(f"{len(facts.diagnoses)} diagnoses; a claim takes {MAX_DIAGNOSES}")


@test("diagnosis_shape")
def diagnosis_shape(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """The form of ICD-10-CM, capital letters and no point."""
    for code in facts.diagnoses:
        if "." in code or not is_diagnosis_code(code):
            yield Found(code)
            return


@test("diagnosis_pointer")
def diagnosis_pointer(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Every line points at one to four diagnoses that stand on the claim."""
    for line in facts.lines:
        absent = [code for code in line.diagnoses if code not in facts.diagnoses[:MAX_DIAGNOSES]]
        if not line.diagnoses:
            yield Found("The line points at no diagnosis", line.number)
        elif len(line.diagnoses) > MAX_POINTERS:
            yield Found(
                f"The line points at {len(line.diagnoses)} diagnoses; it takes {MAX_POINTERS}", line.number
            )
        elif absent:
            yield Found(f"{absent[0]} is not a diagnosis of the claim", line.number)


@test("procedure_code")
def procedure_code(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """A code with the form of CPT or HCPCS; a foreign code without a mapping has none."""
    for line in facts.lines:
        if not is_procedure_code(line.code):
            yield Found(f"{line.charged_code} has no billable code", line.number)


@test("modifiers")
def modifiers(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Two characters each, at most four, none twice."""
    for line in facts.lines:
        given = line.modifiers
        if len(given) > MAX_MODIFIERS or len(set(given)) != len(given) or not all(map(is_modifier, given)):
            yield Found(" ".join(given), line.number)


@test("total")
def total(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """The claim asks for the sum of its lines, and for something."""
    added = sum((line.amount for line in facts.lines), Decimal(0))
    if not 1 <= len(facts.lines) <= MAX_LINES:
        yield Found(f"{len(facts.lines)} lines; a claim has 1 to {MAX_LINES}")
    elif facts.total != added:
        yield Found(f"${facts.total:,.2f} on the claim, ${added:,.2f} on its lines")
    elif added <= 0:
        yield Found("The claim asks for nothing")


@test("service_in_future")
def service_in_future(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Nothing is billed before it happened."""
    for line in facts.lines:
        if line.service_date > facts.today:
            yield Found(f"{line.service_date:%m/%d/%Y}", line.number)


@test("filing_limit")
def filing_limit(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """The payer's last day; ``parameter`` days of warning before it, '' or 0 for the day itself."""
    days = int(parameter or 0)
    if days == 0 and facts.today > facts.file_by:
        yield Found(f"The last day was {facts.file_by:%m/%d/%Y}")
    elif days and facts.file_by - timedelta(days=days) <= facts.today <= facts.file_by:
        yield Found(f"The last day is {facts.file_by:%m/%d/%Y}")


@test("duplicate")
def duplicate(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """Same patient, provider, day, code and modifiers on another claim."""
    for line in facts.lines:
        if line.twins:
            yield Found(f"Also on claim {line.twins[0]}", line.number)


@test("enrolment")
def enrolment(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """The rendering provider may bill this payer on the day."""
    if not facts.enrolled:
        yield Found("No enrolment in effect on the service date")


@test("licence")
def licence(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """A state licence in force on the day. ``parameter`` "unknown" asks for providers without any on file."""
    wanted = "unknown" if parameter == "unknown" else "lapsed"
    if facts.licence == wanted:
        yield Found(
            "No licence on file" if wanted == "unknown" else "No licence in force on the service date"
        )


@test("format")
def claim_format(facts: ClaimFacts, *, parameter: str = "") -> Iterator[Found]:
    """What the codec would refuse to write and no other rule has named."""
    for problem in facts.format_problems[:1]:
        yield Found(problem)
