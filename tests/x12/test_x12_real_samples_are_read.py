"""Acceptance on real files outside the repository; skipped where they are not there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from billing import x12

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "x12"
NAMES = sorted(path.name for path in (SHARED / "835").glob("*")) if SHARED.is_dir() else []
CLAIM_FILES = sorted(path.name for path in (SHARED / "837P").glob("*")) if SHARED.is_dir() else []

pytestmark = pytest.mark.skipif(not NAMES, reason=f"sample files are not at {SHARED}")

REFUSED = {
    "aff_multiST_interest.835": ("1002", 23, "CAS", 3),
    "oop_4010ish_reversals_plb.835": ("07504123", 98, "CLP", 3),
}
UNBALANCED = {"moov_single.835": [("claim", "1736", "CLP")]}


def split(raw: bytes) -> list[list[str]]:
    """An independent, naive splitter: no code of the product."""
    text = raw.decode("utf-8-sig").lstrip()
    element = text[3]
    fields = text.split(element)
    end = fields[16][1]
    return [piece.strip().split(element) for piece in text.split(end) if piece.strip()]


@pytest.mark.parametrize("name", NAMES)
def test_each_remittance_is_read_or_refused_at_a_named_place(name: str) -> None:
    raw = (SHARED / "835" / name).read_bytes()
    if name in REFUSED:
        with pytest.raises(x12.X12Error) as caught:
            x12.parse_835(raw)
        error = caught.value
        assert (error.transaction, error.segment_number, error.segment_id, error.element) == REFUSED[name]
        assert split(raw)[error.segment_number - 1][0] == error.segment_id
        return
    segments = split(raw)
    transactions = x12.parse_835(raw).transactions
    assert len(transactions) == sum(s[0] == "ST" for s in segments)
    paid = sum(Decimal(s[4]) for s in segments if s[0] == "CLP")
    charged = sum(Decimal(s[3]) for s in segments if s[0] == "CLP")
    line_paid = sum(Decimal(s[3]) for s in segments if s[0] == "SVC")
    adjusted = sum(Decimal(a) for s in segments if s[0] == "CAS" for a in s[3::3] if a)
    moved = sum(Decimal(s[2]) for s in segments if s[0] == "BPR")
    kept = sum(Decimal(a) for s in segments if s[0] == "PLB" for a in s[4::2] if a)
    claims = [claim for transaction in transactions for claim in transaction.claims]
    lines = [line for claim in claims for line in claim.lines]
    every = [a.amount for owner in (*claims, *lines) for a in owner.adjustments]
    assert sum(transaction.claims_paid for transaction in transactions) == paid
    assert sum(claim.charge for claim in claims) == charged
    assert sum(line.paid for line in lines) == line_paid
    assert sum(every) == adjusted
    assert sum(transaction.payment.amount for transaction in transactions) == moved
    assert sum(transaction.provider_adjusted for transaction in transactions) == kept


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_only_the_known_remittances_do_not_balance_and_the_place_is_named(name: str) -> None:
    raw = (SHARED / "835" / name).read_bytes()
    found = [item for t in x12.parse_835(raw).transactions for item in x12.imbalances(t)]
    segments = split(raw)
    places = [(i.level, i.transaction, segments[i.segment_number - 1][0]) for i in found]
    assert places == UNBALANCED.get(name, [])
    for item in found:
        assert segments[item.segment_number - 1][1] == item.claim


@pytest.mark.parametrize("name", CLAIM_FILES)
def test_each_claim_file_is_read_or_refused_at_a_named_place(name: str) -> None:
    raw = (SHARED / "837P" / name).read_bytes()
    segments = split(raw) if "multiple" not in name else []
    if name in ("ims_bad_valid_code.837", "ims_segment_errors.837"):
        with pytest.raises(x12.X12Error) as caught:
            x12.parse_837p(raw)
        assert segments[caught.value.segment_number - 1][0] == caught.value.segment_id
        return
    result = x12.parse_837p(raw)
    claims = [claim for batch in result.batches for claim in batch.claims]
    if segments:
        charged = sum(Decimal(s[2]) for s in segments if s[0] == "CLM")
        assert sum(claim.charge for claim in claims) == charged
        assert sum(len(claim.lines) for claim in claims) == sum(s[0] == "SV1" for s in segments)
    assert claims
