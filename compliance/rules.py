"""Pure rules: what an answer must bring with it, what stands in the way of closing, how far an audit is."""

from __future__ import annotations

from dataclasses import dataclass

NEEDS_PROOF = ("met", "partly")


def missing_for(answer: str, *, is_required: bool, has_evidence: bool, notes: str, alternative: str) -> str:
    """The field an answer still lacks ('' when nothing): ``notes`` or ``alternative``.

    Met and partly met need evidence or a note; not applicable needs the reason. What is addressable and not met
    needs why, and what is done instead (45 CFR 164.306(d)(3)).
    """
    if answer in NEEDS_PROOF and not (has_evidence or notes.strip()):
        return "notes"
    if answer == "na" and not notes.strip():
        return "notes"
    if answer == "not_met" and not is_required and not alternative.strip():
        return "alternative"
    return ""


def still_before_closing(*, unanswered: int, high_findings: int) -> str:
    """What stands in the way of closing an audit, in words ('' when nothing does)."""
    waits = []
    if unanswered:
        waits.append(f"{unanswered} item{'' if unanswered == 1 else 's'} without an answer")
    if high_findings:
        waits.append(f"{high_findings} high finding{'' if high_findings == 1 else 's'} open")
    return " and ".join(waits)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: items in all, by answer; findings open by severity; files of evidence."""

    items: int
    answered: int
    met: int
    partly: int
    not_met: int
    files: int
    findings: int
    open_high: int
    open_medium: int
    open_low: int

    @property
    def waiting(self) -> int:
        """Items without an answer."""
        return self.items - self.answered

    @property
    def open_findings(self) -> int:
        """Findings that are not closed."""
        return self.open_high + self.open_medium + self.open_low

    @property
    def applicable(self) -> int:
        """Answered items that apply here: met, partly or not."""
        return self.met + self.partly + self.not_met
