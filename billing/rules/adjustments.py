"""What an adjustment of a payer means: the most specific rule in force wins.

A rule's key is (payer or any, group or any, reason, remark or any). Group codes decide who bears the money,
so the same reason routes differently by group: CO-50 is appealed, PR-50 goes to the patient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Treatment = Literal["contractual", "patient", "denial", "prior_payer", "sequestration", "review"]

# Entries in the ledger that take the amount off the payer's balance for good.
WRITTEN_OFF: Final[frozenset[str]] = frozenset({"contractual", "sequestration"})
# CLP02 23: the claim belongs to another payer, nothing was decided here.
NOT_DECIDED: Final = "23"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of the table, as plain values. '' in payer, group or remark means any."""

    payer: str = ""
    group: str = ""
    reason: str
    remark: str = ""
    treatment: str
    category: str = ""
    meaning: str = ""
    next_action: str = ""
    effective_from: date = date.min
    effective_to: date | None = None

    def fits(self, *, payer: str, group: str, remarks: Sequence[str], day: date) -> bool:
        """Whether the rule speaks about this adjustment on that day."""
        if not self.effective_from <= day or (self.effective_to is not None and day > self.effective_to):
            return False
        return (
            self.payer in ("", payer)
            and self.group in ("", group)
            and (self.remark == "" or self.remark in remarks)
        )

    @property
    def weight(self) -> tuple[bool, bool, bool, date]:
        """More specific is heavier: payer before group before remark; among equals the newer rule."""
        return bool(self.payer), bool(self.group), bool(self.remark), self.effective_from


class RuleTable:
    """All rules of a practice, by reason code."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_reason: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._by_reason[rule.reason].append(rule)

    def find(self, reason: str, *, payer: str, group: str, remarks: Sequence[str], day: date) -> Rule | None:
        """The most specific rule for an adjustment, None when nobody has said what it means."""
        fitting = [
            rule
            for rule in self._by_reason.get(reason, ())
            if rule.fits(payer=payer, group=group, remarks=remarks, day=day)
        ]
        return max(fitting, key=lambda rule: rule.weight, default=None)
