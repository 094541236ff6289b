"""Forms of identifiers and codes. Form only: none of these says that a number was really issued."""

from __future__ import annotations

import re

_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_DIAGNOSIS = re.compile(r"[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?|U[0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_ZIP = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?")
_ZIP_PLUS_FOUR = re.compile(r"[0-9]{5}-?[0-9]{4}")
_TAX_ID = re.compile(r"[0-9]{9}|[0-9]{2}-[0-9]{7}|[0-9]{3}-[0-9]{2}-[0-9]{4}")
_NDC = re.compile(r"[0-9]{11}")

CLAIM_FREQUENCIES = frozenset({"1", "7", "8"})
_STATES = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK
OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI FM MH PW AA AE AP
"""
STATES = frozenset(_STATES.split())


def npi_check_digit(first_nine: str) -> str:
    """Luhn check digit of a national provider identifier.

    The card issuer prefix 80840 counts in (45 CFR 162.406, ISO/IEC 7812-1). Raises ValueError unless
    nine digits are given.
    """
    if not re.fullmatch(r"[0-9]{9}", first_nine):
        raise ValueError("nine digits expected")
    total = 0
    for index, digit in enumerate(reversed("80840" + first_nine)):
        doubled = int(digit) * (2 if index % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def is_npi(value: str) -> bool:
    """Ten digits, the first 1 or 2, correct check digit."""
    return bool(re.fullmatch(r"[12][0-9]{9}", value)) and npi_check_digit(value[:9]) == value[9]


def is_taxonomy(value: str) -> bool:
    """Provider taxonomy code: ten characters, the last X."""
    return bool(_TAXONOMY.fullmatch(value))


def is_diagnosis_code(value: str) -> bool:
    """ICD-10-CM form, three to seven characters, with or without the point."""
    return bool(_DIAGNOSIS.fullmatch(value))


def is_procedure_code(value: str) -> bool:
    """Five characters as in HCPCS levels I and II."""
    return bool(_PROCEDURE.fullmatch(value))


def is_modifier(value: str) -> bool:
    """Two letters or digits."""
    return bool(_MODIFIER.fullmatch(value))


def is_zip(value: str) -> bool:
    """Five or nine digits."""
    return bool(_ZIP.fullmatch(value))


def is_zip_plus_four(value: str) -> bool:
    """Nine digits, needed for the billing provider's and the facility's address on an 837P."""
    return bool(_ZIP_PLUS_FOUR.fullmatch(value))


def is_tax_id(value: str) -> bool:
    """EIN or SSN: nine digits, hyphens in their usual places allowed."""
    return bool(_TAX_ID.fullmatch(value))


def is_ndc(value: str) -> bool:
    """National drug code in the 5-4-2 form without hyphens."""
    return bool(_NDC.fullmatch(value))


def is_state(value: str) -> bool:
    """Postal abbreviation of a state, territory or military region."""
    return value in STATES
