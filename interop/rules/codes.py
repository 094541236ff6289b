"""What Synthea's words and codes are called here: code systems, states, zones, payers, kinds of visit."""

from __future__ import annotations

import re
from datetime import date

from kit.sheet_reader.states import CODES
from kit.states import STATES

# Verhoeff's dihedral check, as SNOMED CT uses it (SNOMED CT Release File Specification 5.5, "Check-digit").
_MULTIPLY = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTE = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
_HCPCS = re.compile(r"[A-Z]\d{4}")
# The zone most of a state lives in; a site elsewhere in it is corrected on its own page.
_ZONES = {
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
}
ZONE_OF_STATE = {state: zone for zone, states in _ZONES.items() for state in states.split()}

# ENCOUNTERCLASS: our type's code and name, minutes, and the CMS place-of-service code of its claims.
ENCOUNTER_CLASSES: dict[str, tuple[str, str, int, str]] = {
    "ambulatory": ("amb", "Ambulatory visit", 20, "11"),
    "wellness": ("well", "Wellness visit", 30, "11"),
    "outpatient": ("outp", "Outpatient visit", 30, "22"),
    "emergency": ("emer", "Emergency visit", 60, "23"),
    "inpatient": ("inp", "Inpatient stay", 60, "21"),
    "urgentcare": ("urgent", "Urgent care visit", 30, "20"),
    "virtual": ("virt", "Telehealth visit", 20, "10"),
    "home": ("home", "Home visit", 45, "12"),
    "snf": ("snf", "Skilled nursing visit", 30, "31"),
    "hospice": ("hosp", "Hospice visit", 45, "34"),
}
RELATIONSHIPS = {"": "18", "self": "18", "spouse": "01", "guardian": "19"}


def is_snomed(code: str) -> bool:
    """Whether a number is a SNOMED CT concept id: 6 to 18 digits, partition 00 or 10, Verhoeff check digit."""
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 18 and code[-3:-1] in ("00", "10")):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_MULTIPLY[check][int(_PERMUTE[place % 8][int(digit)])])
    return check == 0


def code_system(code: str) -> str:
    """The system of a procedure, drug or vaccine code: snomed, rxnorm, cvx, cpt (HCPCS letters), else other.

    CVX codes have at most 3 digits, RxNorm ids 4 to 8; what passes SNOMED's own check is SNOMED.
    """
    if _HCPCS.fullmatch(code):
        return "cpt"
    if not (code.isascii() and code.isdigit()):
        return "other"
    if is_snomed(code):
        return "snomed"
    if len(code) <= 3:
        return "cvx"
    return "rxnorm" if len(code) <= 8 else "other"


def state_code(name: str) -> str | None:
    """The postal code of a state by name or code, '' for nothing, None for what is no state."""
    known = name.strip()
    if not known or known.upper() in STATES:
        return known.upper()
    return CODES.get(known.lower())


def zone_name(state: str, *, default: str) -> str:
    """The time zone of a site by its state."""
    if not state:
        return default
    return ZONE_OF_STATE.get(state, "America/New_York")


def payer_kind(name: str) -> tuple[str, str]:
    """Kind of payer and its claim filing code (X12 element 1032) by its name; NO_INSURANCE is self-pay."""
    plain = name.strip().lower()
    if plain == "no_insurance":
        return "self_pay", "09"
    for word, kind, filing in (
        ("medicare advantage", "medicare_advantage", "16"),
        ("medicare", "medicare", "MB"),
        ("medicaid", "medicaid", "MC"),
        ("dual eligible", "medicare", "MB"),
        ("tricare", "tricare", "CH"),
        ("blue cross", "commercial", "BL"),
    ):
        if word in plain:
            return kind, filing
    return "commercial", "CI"


def claim_state(status: str) -> str | None:
    """Our state of an imported claim by STATUS1: closed, submitted while billed; None for an unknown status."""
    return {"CLOSED": "closed", "BILLED": "submitted", "": "submitted"}.get(status.strip().upper())


def years_before(day: date, *, years: int) -> date:
    """The same day some years earlier; February 29 becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def is_new_patient(previous: date | None, *, day: date) -> bool:
    """Whether a visit is a new patient's: nobody of the practice saw the patient in the three years before.

    Source: CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.7.A.
    """
    return previous is None or previous < years_before(day, years=3)
