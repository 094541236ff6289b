"""Write segments: clean text, count, close what was opened."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from billing.x12.envelope import Addressing
from billing.x12.errors import X12Error
from billing.x12.tokenizer import STANDARD_DELIMITERS, Delimiters
from billing.x12.values import format_day, format_number

Simple = str | int | Decimal | date | None
Element = Simple | tuple[Simple, ...]

# Letters that Unicode does not decompose, and typographic signs.
_SPELLED = str.maketrans(
    {"ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D",
     "đ": "d", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "ı": "i", "‘": "'", "’": "'", "“": '"', "”": '"',
     "–": "-", "—": "-", "…": "..."}
)  # fmt: skip
# X12 basic and extended character set in upper case.
_ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()*+,-./:;?=%~@[]_{}\\|<>#$")


def clean_text(value: str, *, delimiters: Delimiters = STANDARD_DELIMITERS) -> str:
    """Upper case, accents transliterated, delimiters and foreign characters removed, blanks collapsed."""
    spelled = unicodedata.normalize("NFKD", value.translate(_SPELLED)).upper()
    forbidden = {delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment}
    blanked = "".join(" " if c in "\t\r\n" else c for c in spelled)
    kept = "".join(c for c in blanked if c in _ALLOWED and c not in forbidden)
    return " ".join(kept.split())


class InterchangeWriter:
    """Builds one interchange; the counters of SE, GE and IEA follow by themselves."""

    def __init__(self, *, delimiters: Delimiters = STANDARD_DELIMITERS) -> None:
        problem = delimiters.problem() or ("" if delimiters.repetition else "repetition delimiter missing")
        if problem:
            raise X12Error(problem, segment_number=1, segment_id="ISA")
        self.delimiters = delimiters
        self.transaction = ""
        self.claim = ""
        self._segments: list[str] = []
        self._started_at = 0
        self._interchange_control = 0
        self._group_control = 0
        self._transactions = 0

    def error(self, message: str, *, segment_id: str) -> X12Error:
        """Make (not raise) an error at the segment that would come next."""
        return X12Error(
            message,
            segment_number=len(self._segments) + 1,
            segment_id=segment_id,
            transaction=self.transaction,
            claim=self.claim,
        )

    def open(
        self,
        addressing: Addressing,
        *,
        function: str,
        version: str,
        interchange_control: int,
        group_control: int,
        when: datetime,
        usage: str,
    ) -> None:
        """Write ISA and GS; control numbers come from the caller's sequence, usage is P or T."""
        if usage not in ("P", "T"):
            raise self.error("usage must be P (production) or T (test)", segment_id="ISA")
        if not 0 < interchange_control < 10**9 or not 0 < group_control < 10**9:
            raise self.error("control numbers have one to nine digits", segment_id="ISA")
        self._interchange_control, self._group_control = interchange_control, group_control
        marks, day, clock = self.delimiters, format_day(when.date()), f"{when:%H%M}"
        isa = [
            "ISA", "00", " " * 10, "00", " " * 10,
            self._fixed(addressing.sender_qualifier, width=2),
            self._fixed(addressing.sender_id, width=15),
            self._fixed(addressing.receiver_qualifier, width=2),
            self._fixed(addressing.receiver_id, width=15),
            day[2:], clock, marks.repetition, "00501", f"{interchange_control:09d}", "0", usage,
            marks.component,
        ]  # fmt: skip
        self._segments.append(marks.element.join(isa))
        sender = addressing.group_sender or addressing.sender_id
        receiver = addressing.group_receiver or addressing.receiver_id
        self.add(["GS", function, sender, receiver, day, clock, group_control, "X", version])

    def begin(self, kind: str, *, control_number: str, version: str = "") -> None:
        """Write ST; control numbers have four to nine characters."""
        if not (control_number.isascii() and control_number.isalnum() and 4 <= len(control_number) <= 9):
            raise self.error("transaction control number needs 4 to 9 letters or digits", segment_id="ST")
        self.transaction = control_number
        self._started_at = len(self._segments)
        self._transactions += 1
        self.add(["ST", kind, control_number, version])

    def add(self, elements: Sequence[Element]) -> None:
        """Write a segment: the id, then its elements; trailing empty ones are left out."""
        texts = [self._text(element) for element in elements]
        while texts and not texts[-1]:
            texts.pop()
        self._segments.append(self.delimiters.element.join(texts))

    def end(self) -> None:
        """Write SE with the count of segments from ST to SE."""
        self.add(["SE", len(self._segments) - self._started_at + 1, self.transaction])
        self.transaction = self.claim = ""

    def text(self) -> str:
        """Write GE and IEA and return everything, one segment a line."""
        self.add(["GE", self._transactions, self._group_control])
        self.add(["IEA", 1, f"{self._interchange_control:09d}"])
        end = self.delimiters.segment if self.delimiters.segment == "\n" else self.delimiters.segment + "\n"
        return "".join(segment + end for segment in self._segments)

    def _fixed(self, value: str, *, width: int) -> str:
        text = clean_text(value, delimiters=self.delimiters)
        if not text or len(text) > width:
            raise self.error(f"interchange address needs 1 to {width} characters", segment_id="ISA")
        return text.ljust(width)

    def _text(self, element: Element) -> str:
        if isinstance(element, tuple):
            parts = [self._text(part) for part in element]
            while parts and not parts[-1]:
                parts.pop()
            return self.delimiters.component.join(parts)
        if element is None:
            return ""
        if isinstance(element, str):
            return clean_text(element, delimiters=self.delimiters)
        if isinstance(element, Decimal):
            return format_number(element)
        return format_day(element) if isinstance(element, date) else str(element)
