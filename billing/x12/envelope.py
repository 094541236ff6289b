"""ISA/GS/ST envelopes: cut a file into transactions and judge its trailers.

Wrong counts and control numbers are warnings (real files have them, the content is whole); a missing
trailer is an error, because a cut transfer loses payments without a sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing.x12.errors import X12Warning
from billing.x12.tokenizer import Delimiters, Segment, Source, tokenize
from billing.x12.values import Context


@dataclass(frozen=True, slots=True)
class Addressing:
    """Who sends to whom, in the interchange (ISA05-08) and in the group (GS02, GS03)."""

    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    group_sender: str = ""
    group_receiver: str = ""


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """The segments of one ST..SE, both included, and the envelope around them."""

    kind: str
    control_number: str
    version: str
    usage: str
    interchange_control: str
    group_control: str
    addressing: Addressing
    delimiters: Delimiters
    segments: tuple[Segment, ...]


class _Envelopes:
    """Keeps what is open: interchange, group, transaction."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.interchange: Segment | None = None
        self.group: Segment | None = None
        self.transaction: list[Segment] = []
        self.groups = 0
        self.transactions = 0

    def feed(self, segment: Segment) -> RawTransaction | None:
        """Take one segment; returns the transaction it completes."""
        if not segment.terminated:
            self.context.warn("the last segment has no terminator", segment=segment)
        if segment.id == "ISA":
            self._open_interchange(segment)
        elif segment.id == "GS":
            self._open_group(segment)
        elif segment.id == "ST":
            self._open_transaction(segment)
        elif segment.id == "SE":
            return self._close_transaction(segment)
        elif segment.id == "GE":
            self._close_group(segment)
        elif segment.id == "IEA":
            self._close_interchange(segment)
        elif self.transaction:
            self.transaction.append(segment)
        elif segment.id != "TA1":
            self.context.warn("segment outside a transaction", segment=segment)
        return None

    def _open_interchange(self, segment: Segment) -> None:
        if self.interchange is not None:
            raise self.context.error("a new interchange begins before IEA", segment=segment)
        self.interchange, self.groups = segment, 0

    def _open_group(self, segment: Segment) -> None:
        if self.interchange is None:
            raise self.context.error("group outside an interchange", segment=segment)
        if self.group is not None:
            raise self.context.error("a new group begins before GE", segment=segment)
        self.group, self.transactions = segment, 0
        self.groups += 1

    def _open_transaction(self, segment: Segment) -> None:
        if self.group is None:
            raise self.context.error("transaction outside a group", segment=segment)
        if self.transaction:
            raise self.context.error("a new transaction begins before SE", segment=segment)
        self.transaction = [segment]
        self.transactions += 1
        self.context.transaction = segment.get(2)

    def _close_transaction(self, segment: Segment) -> RawTransaction:
        if not self.transaction or self.group is None or self.interchange is None:
            raise self.context.error("SE without ST", segment=segment)
        start = self.transaction[0]
        self.transaction.append(segment)
        self._compare(segment, element=1, found=str(len(self.transaction)), what="segment count")
        self._compare(segment, element=2, found=start.get(2), what="control number")
        raw = RawTransaction(
            kind=start.get(1),
            control_number=start.get(2),
            version=start.get(3) or self.group.get(8),
            usage=self.interchange.get(15),
            interchange_control=self.interchange.get(13),
            group_control=self.group.get(6),
            addressing=_addressing(interchange=self.interchange, group=self.group),
            delimiters=start.delimiters,
            segments=tuple(self.transaction),
        )
        self.transaction = []
        return raw

    def _close_group(self, segment: Segment) -> None:
        if self.transaction:
            raise self.context.error("the group ends before SE", segment=segment)
        if self.group is None:
            raise self.context.error("GE without GS", segment=segment)
        self._compare(segment, element=1, found=str(self.transactions), what="transaction count")
        self._compare(segment, element=2, found=self.group.get(6), what="control number")
        self.group = None

    def _close_interchange(self, segment: Segment) -> None:
        if self.group is not None:
            raise self.context.error("the interchange ends before GE", segment=segment)
        if self.interchange is None:
            raise self.context.error("IEA without ISA", segment=segment)
        self._compare(segment, element=1, found=str(self.groups), what="group count")
        self._compare(segment, element=2, found=self.interchange.get(13), what="control number")
        self.interchange = None

    def _compare(self, segment: Segment, *, element: int, found: str, what: str) -> None:
        if segment.get(element).lstrip("0") != found.lstrip("0"):
            self.context.warn(f"wrong {what}", segment=segment, element=element)


def read_transactions(source: Source, *, warnings: list[X12Warning]) -> Iterator[RawTransaction]:
    """Yield one transaction at a time; oddities are appended to `warnings`.

    Raises X12Error when the envelope is broken or the file ends before its last trailer.
    """
    envelopes = _Envelopes(Context(warnings=warnings))
    last: Segment | None = None
    for last in tokenize(source):
        complete = envelopes.feed(last)
        if complete is not None:
            yield complete
            envelopes.context.transaction = ""
    if last is not None and envelopes.interchange is not None:
        missing = "SE" if envelopes.transaction else "GE" if envelopes.group is not None else "IEA"
        raise envelopes.context.error(f"the file ends before {missing}: it was cut", segment=last)


def _addressing(*, interchange: Segment, group: Segment) -> Addressing:
    return Addressing(
        sender_qualifier=interchange.get(5),
        sender_id=interchange.get(6),
        receiver_qualifier=interchange.get(7),
        receiver_id=interchange.get(8),
        group_sender=group.get(2),
        group_receiver=group.get(3),
    )
