"""The training payer answers files of training payers, balanced, always alike, and nobody else's."""

from decimal import Decimal

import pytest

from billing.services import sandbox, submission
from billing.services.charges import ChargeLine
from billing.x12 import (
    ClaimData,
    Payer,
    ServiceLine,
    Subscriber,
    imbalances,
    parse_835,
)
from practice.models import JobRun, Practice
from tests.billing.claim_world import VISIT_DAY

pytestmark = pytest.mark.django_db


def written(world, *, sandbox_payer=True):
    type(world.payer).objects.update(is_sandbox=sandbox_payer)
    claim = world.claim(
        ChargeLine(code="99214", diagnoses=("I10",)), ChargeLine(code="36415", diagnoses=("I10",))
    )
    batch = submission.submit([claim.pk], actor=world.actor).batches[0]
    practice = Practice.objects.get(pk=world.actor.practice_id)
    submission.place_file(batch, folder=submission.outgoing_folder(practice))
    submission.mark_written(batch, actor=world.actor)
    batch.refresh_from_db()
    return batch, practice


def some_claim(number):
    lines = tuple(
        ServiceLine(
            procedure=code, charge=Decimal(charge), service_date=VISIT_DAY, control_number=f"{number}-{place}"
        )
        for place, (code, charge) in enumerate((("99214", "210.01"), ("36415", "18.33")), start=1)
    )
    return ClaimData(
        claim_id=number, subscriber=Subscriber(last_name="A", first_name="B", member_id="M1"),
        payer=Payer(name="N", identifier="N1"), charge=Decimal("228.34"), diagnoses=("I10",), lines=lines,
    )  # fmt: skip


def test_an_answer_is_balanced_and_names_our_claim_and_lines(billing):
    with billing() as world:
        batch, practice = written(world)
        path = sandbox.answer(batch, practice=practice)
        (transaction,) = parse_835(path.read_text()).transactions
        assert imbalances(transaction) == []
        claim = world_claim = transaction.claims[0]
        assert world_claim.claim_id == batch.claims.get().control_number
        assert {line.control_number for line in claim.lines} == {f"{claim.claim_id}-1", f"{claim.claim_id}-2"}
        assert transaction.trace.number == "SBX000000001"


def test_a_file_is_answered_once(billing):
    with billing() as world:
        batch, practice = written(world)
        path = sandbox.answer(batch, practice=practice)
        assert sandbox.answer(batch, practice=practice) is None
        assert [each.name for each in path.parent.iterdir()] == [path.name]
        assert [each.suffix for each in submission.outgoing_folder(practice).iterdir()] == [".done"]


def test_the_same_file_gets_the_same_bytes(billing):
    with billing() as world:
        batch, practice = written(world)
        first = sandbox.answer(batch, practice=practice).read_bytes()
        submission.place_file(batch, folder=submission.outgoing_folder(practice))
        assert sandbox.answer(batch, practice=practice).read_bytes() == first


def test_a_real_payers_file_is_never_answered(billing):
    with billing() as world:
        batch, practice = written(world, sandbox_payer=False)
        assert not JobRun.objects.filter(kind="billing.sandbox").exists()
        assert sandbox.answer(batch, practice=practice) is None
        type(world.payer).objects.update(is_sandbox=True)  # turned into a training payer after the fact
        batch.payer.refresh_from_db()
        assert sandbox.answer(batch, practice=practice) is None
        assert (submission.outgoing_folder(practice) / batch.file_name).is_file()


def test_outcomes_are_stable_balanced_and_mixed_as_announced():
    kinds = {"paid": 0, "part": 0, "denied": 0}
    for number in range(1, 601):
        claim = some_claim(f"{number:07d}ABCD")
        answer = sandbox.decide(claim)
        assert answer == sandbox.decide(claim)
        for line in answer.lines:
            assert line.charge - sum(each.amount for each in line.adjustments) == line.paid >= 0
        assert answer.paid == sum(line.paid for line in answer.lines)
        denied = [
            line
            for line in answer.lines
            if any(each.reason not in ("45", "1", "3") for each in line.adjustments)
        ]
        kinds["denied" if len(denied) == 2 else "part" if denied else "paid"] += 1
    assert 0.72 < kinds["paid"] / 600 < 0.84
    assert 0.07 < kinds["part"] / 600 < 0.17
    assert 0.05 < kinds["denied"] / 600 < 0.15
