"""Which values of two records of one person differ, and which one wins. Plain values only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# Fields that are one answer are taken together; the first names the group.
GROUPS: dict[str, tuple[str, ...]] = {
    "address_line": ("address_line", "city", "state", "postal_code"),
    "ssn": ("ssn", "ssn_last4", "ssn_index"),
    "record_status": ("record_status", "record_status_on", "record_status_reason"),
    "phone": ("phone", "no_phone_reason"),
}
COMPARED = (
    "first_name", "middle_name", "last_name", "suffix", "preferred_name", "birth_date", "sex", "gender_identity",
    "pronouns", "language", "needs_interpreter", "phone", "second_phone", "email", "preferred_way", "timezone",
    "address_line", "ssn", "usual_provider_id", "referral_source_id", "referring_provider_id", "employer",
    "record_status", "deceased_on",
)  # fmt: skip
NOTHING = ("", None, False, "U")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two records differ. ``fills``: the kept one has nothing, so the other's value is taken."""

    field: str
    kept: Any
    gone: Any
    fills: bool


def members(field: str) -> tuple[str, ...]:
    """The columns taken with a field."""
    return GROUPS.get(field, (field,))


def differences(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> list[Difference]:
    """Where two records differ and the other one has something to say."""
    found = []
    for field in COMPARED:
        if gone[field] in NOTHING or all(kept[name] == gone[name] for name in _weighed(field)):
            continue
        found.append(
            Difference(field=field, kept=kept[field], gone=gone[field], fills=kept[field] in NOTHING)
        )
    return found


def _weighed(field: str) -> tuple[str, ...]:
    # Ciphertext differs every time; the blind index says whether it is the same number.
    return ("ssn_index",) if field == "ssn" else members(field)


def taken(found: Collection[Difference], *, chosen: Collection[str]) -> list[str]:
    """The columns that the kept record takes: what it lacks, and what was chosen."""
    fields = [each.field for each in found if each.fills or each.field in chosen]
    return [name for field in fields for name in members(field)]


def joined(*texts: str, limit: int) -> str:
    """Words of several texts, each once, as far as they fit."""
    words = list(dict.fromkeys(word for text in texts for word in text.split()))
    said = ""
    for word in words:
        if len(said) + len(word) + 1 > limit:
            break
        said = f"{said} {word}".strip()
    return said
