"""Numbers that authorities give: whether one can be real, and its plain digits. Pure rules."""

from __future__ import annotations

import re

# 80840, the prefix of US health identifiers, adds 24 to the Luhn sum of an NPI (45 CFR 162.406; CMS check digit).
NPI_PREFIX_SUM = 24
NPI_DIGITS = 10
EIN_DIGITS = 9


def npi_is_valid(npi: str) -> bool:
    """Ten digits, the first 1 or 2, and the Luhn check digit over 80840 + NPI."""
    if len(npi) != NPI_DIGITS or not npi.isascii() or not npi.isdigit() or npi[0] not in "12":
        return False
    total = NPI_PREFIX_SUM
    for place, digit in enumerate(reversed(npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def digits(text: str) -> str:
    """The digits of a number as people type it: 12-3456789 is 123456789."""
    return re.sub(r"[\s().-]", "", text)


def ein_is_valid(ein: str) -> bool:
    """Nine digits (26 CFR 301.7701-12)."""
    return len(ein) == EIN_DIGITS and ein.isascii() and ein.isdigit()
