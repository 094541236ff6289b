"""Receiving an 835: what is read, refused with its place, known already, quarantined, matched."""

from pathlib import Path

import pytest

from billing.models import LedgerEntry, Remittance, RemittanceFile
from billing.services import adjustment_catalogue, remittances
from billing.x12 import Name, Procedure, X12Error, parse_835
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Payer
from tests.billing.remittance_text import answer, line, payment, text
from tests.billing.remittance_world import build

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "x12" / "835"


@pytest.fixture
def world(acting):
    with acting("biller") as actor:
        adjustment_catalogue.install(actor=actor)
        yield build(actor)


def receive(world, content, name="era.835"):
    return remittances.receive(content, name=name, actor=world.actor)


def good(world, **more):
    claim = world.claim("150.00")
    return payment(answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00")), **more)


def test_the_same_content_is_taken_once(world):
    content = text(good(world))
    receive(world, content)
    with pytest.raises(Conflict, match=r"already received on \d\d/\d\d/\d{4} as era.835"):
        receive(world, content, name="again.835")
    assert RemittanceFile.objects.count() == 1
    assert Remittance.objects.count() == 1


def test_the_same_payment_in_another_envelope_is_taken_once(world):
    one = good(world)
    receive(world, text(one, number=1))
    file = receive(world, text(one, number=2))
    assert file.state == "refused"
    assert "payment T1001 was already received" in file.error
    assert Remittance.objects.count() == 1


def test_parts_of_one_payment_share_a_trace_in_one_file(world):
    receive(world, text(good(world, control="0001"), good(world, control="0002")))
    assert [row.state for row in Remittance.objects.order_by("position")] == ["staged", "staged"]


def test_a_known_trace_with_another_body_in_a_later_file_is_quarantined(world):
    receive(world, text(good(world), number=1))
    receive(world, text(good(world), number=2))
    first, second = Remittance.objects.order_by("created_at", "file__name")
    assert (first.state, second.state) == ("staged", "quarantined")
    assert "another content, in era.835" in second.problem


def test_a_line_that_does_not_add_up_is_refused_with_its_place(world):
    claim = world.claim("150.00")
    short = answer(claim, line("99211", "150.00", "90.00", "CO-45 50.00"))
    file = receive(world, text(payment(short)))
    remittance = Remittance.objects.get()
    assert (file.state, remittance.state) == ("refused", "refused")
    assert f"transaction 0001, claim {claim.control_number}, line 1, segment" in remittance.problem
    assert "$90.00 instead of $100.00" in remittance.problem
    assert LedgerEntry.objects.exclude(kind="charge").count() == 0


def test_a_payment_that_is_not_the_sum_of_its_claims_is_refused_and_the_others_stay(world):
    file = receive(world, text(good(world, amount="91.00"), good(world, trace="T2", control="0002")))
    assert [row.state for row in Remittance.objects.order_by("position")] == ["refused", "staged"]
    assert file.state == "staged"
    assert "transaction 0001, segment 3: payment differs" in file.error


def test_what_cannot_be_read_is_kept_and_refused_with_its_segment(world):
    broken = text(good(world)).replace("*150*90*", "*150*9O*", 1)
    file = receive(world, broken)
    assert file.state == "refused"
    assert "segment" in file.error
    assert "CLP04" in file.error
    assert not Remittance.objects.exists()


@pytest.mark.parametrize("content", ["", "  \n", "ISA\x00", "\udcff"])
def test_what_is_no_text_is_not_kept(world, content):
    with pytest.raises(DomainError):
        receive(world, content)
    assert not RemittanceFile.objects.exists()


def test_who_may_not_import_leaves_nothing(world, acting):
    content = text(good(world))
    with acting("front_desk") as nosy, pytest.raises(Forbidden):
        remittances.receive(content, name="x", actor=nosy)
    with acting("biller"):
        assert not RemittanceFile.objects.exists()


def found_by(world, **more):
    claim = world.claim("150.00")
    claim.payer_control_number = "OURS77"
    claim.save()
    return claim, answer("CUTOFF", line("99211", "150.00", "90.00", "CO-45 60.00"), **{"number": "", **more})


def test_a_cut_claim_number_is_found_by_the_payers_number(world):
    claim, said = found_by(world, number="OURS77", names=())
    receive(world, text(payment(said)))
    row = Remittance.objects.get().claims.get()
    assert (row.claim, row.match) == (claim, "exact")


def test_then_by_member_day_and_charge(world):
    claim, said = found_by(world)
    receive(world, text(payment(said)))
    row = Remittance.objects.get().claims.get()
    assert (row.claim, row.match) == (claim, "exact")


def test_by_name_day_and_charge_it_is_only_a_candidate(world):
    claim, said = found_by(world, names=(Name("QC", "Lind", "Rosa"),))
    receive(world, text(payment(said)))
    remittance = Remittance.objects.get()
    row = remittance.claims.get()
    assert (row.claim, row.match, remittance.state) == (claim, "candidate", "review")
    assert "Check the match" in row.problem


def test_lines_without_our_number_are_found_by_code_and_charge_and_recoded_ones_by_the_original(world):
    claim = world.claim("100.00", "50.00")
    recoded = line("99999", "50.00", "50.00")
    original = type(recoded)(
        procedure=Procedure("HC", "99999"), charge=recoded.charge, paid=recoded.paid,
        original_procedure=Procedure("HC", "99212"), dates=recoded.dates,
    )  # fmt: skip
    receive(world, text(payment(answer(claim, original, line("99211", "100.00", "100.00")))))
    rows = Remittance.objects.get().claims.get().lines.order_by("position")
    assert [row.claim_line.number for row in rows] == [2, 1]


def test_our_line_number_wins_over_code_and_charge(world):
    claim = world.claim("50.00", "50.00")
    own = claim.lines.get(number=2).line_control
    swapped = answer(
        claim, line("99211", "50.00", "50.00", control=own), line("99212", "50.00", "50.00"), number="P"
    )
    receive(world, text(payment(swapped)))
    rows = Remittance.objects.get().claims.get().lines.order_by("position")
    assert rows[0].claim_line.number == 2
    assert rows[1].claim_line is None


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared sample files are not here")
def test_every_real_sample_is_received_or_refused_with_a_precise_error(world):
    files = sorted(path for path in SAMPLES.rglob("*") if path.is_file())
    assert files
    for path in files:
        content = path.read_bytes().decode("utf-8", errors="replace").replace("\x00", "")
        file = RemittanceFile.objects.filter(name=path.name).first() or receive(
            world, content, name=path.name
        )
        count, error = read(content)
        if error:
            assert (file.state, file.error) == ("refused", error)
            continue
        kept = list(Remittance.objects.filter(file=file))
        assert len(kept) + len(file.error.splitlines()) >= count, path.name
        for row in kept:
            assert row.state in ("staged", "review", "refused", "quarantined")
            if row.state == "refused":
                assert "transaction" in row.problem
                assert "segment" in row.problem
        if file.state == "refused":
            assert "segment" in file.error


def read(content):
    """How many payments the codec finds, or its error."""
    try:
        return len(parse_835(content).transactions), ""
    except X12Error as error:
        return 0, str(error)


def test_another_plan_of_the_same_payer_may_be_paid_and_another_payer_may_not(world):
    plan = Payer.objects.create(practice_id=world.actor.practice_id, name="Alder HMO", payer_id="ALD22")
    stranger = Payer.objects.create(practice_id=world.actor.practice_id, name="Birch", payer_id="BIR01")
    for number, (payer, state) in enumerate(((plan, "staged"), (stranger, "review")), start=1):
        claim = world.claim("150.00")
        type(claim).objects.filter(pk=claim.pk).update(payer=payer)
        claim.lines.get().charge.open_items.update(payer=payer)
        said = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))
        file = receive(world, text(payment(said, trace=f"T{number}"), number=number))
        assert file.remittances.get().state == state
    assert "was sent to Birch, not to this payer" in file.remittances.get().claims.get().problem
