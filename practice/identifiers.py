"""Numbers that authorities give: whether one can be real, and its plain digits. Pure rules."""

from __future__ import annotations

import re

from kit.sheet_reader.values import is_npi

EIN_DIGITS = 9


def npi_is_valid(npi: str) -> bool:
    """Ten digits, the first 1 or 2, and the Luhn check digit over 80840 + NPI."""
    return npi == npi.strip() and is_npi(npi)


def digits(text: str) -> str:
    """The digits of a number as people type it: 12-3456789 is 123456789."""
    return re.sub(r"[\s().-]", "", text)


def ein_is_valid(ein: str) -> bool:
    """Nine digits (26 CFR 301.7701-12)."""
    return len(ein) == EIN_DIGITS and ein.isascii() and ein.isdigit()
