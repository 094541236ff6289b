"""Posting an 835: exact money for paid, partly paid, denied, reversed answers, and provider adjustments."""

from decimal import Decimal

import pytest

from billing.models import Claim, DenialCase, LedgerEntry, OpenItem, Remittance, RemittanceFile
from billing.services import adjustment_catalogue, posting, remittances
from kit.errors import Conflict, Forbidden
from practice.models import WorkItem
from tests.billing.remittance_text import PAID, answer, cas, line, payment, taken_back, text
from tests.billing.remittance_world import build, entries, owed

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world(acting):
    with acting("biller") as actor:
        adjustment_catalogue.install(actor=actor)
        yield build(actor)


def receive(world, *payments, number=1):
    file = remittances.receive(text(*payments, number=number), name=f"era{number}.835", actor=world.actor)
    return list(Remittance.objects.filter(file=file).order_by("position"))


def charges(claim):
    return [one.charge for one in claim.lines.order_by("number")]


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def test_a_paid_claim_pays_writes_off_and_moves_the_patient_share(world):
    claim = world.claim("150.00")
    paid = answer(claim, line("99211", "150.00", "90.00", "CO-45 40.00", "PR-3 20.00"))
    (remittance,) = receive(world, payment(paid))
    assert remittance.state == "staged"
    done = posting.post(remittance, actor=world.actor)
    (charge,) = charges(claim)
    assert entries(charge=charge) == [
        ("charge", "150.00"), ("insurance_payment", "-90.00"), ("adjustment", "-40.00"), ("transfer", "-20.00"),
        ("transfer", "20.00"),
    ]  # fmt: skip
    assert owed(charge, payer=world.payer) == D("0.00")
    assert owed(charge, payer=None) == D("20.00")
    claim, own = fresh(claim), claim.lines.get()
    assert (claim.state, claim.adjudicated_on, claim.payer_control_number) == ("paid", PAID, "PCN1")
    assert (own.paid, own.allowed) == (D("90.00"), D("110.00"))
    assert (done.claims, done.entries, done.left, done.already) == (1, 4, 0, False)
    assert not DenialCase.objects.exists()


def test_a_denied_line_opens_a_case_and_is_never_written_off(world):
    claim = world.claim("100.00", "50.00")
    mixed = answer(
        claim,
        line("99211", "100.00", "70.00", "CO-45 30.00"),
        line("99212", "50.00", "0.00", "CO-197 50.00", remarks=["N54"]),
    )
    (remittance,) = receive(world, payment(mixed))
    posting.post(remittance, actor=world.actor)
    first, second = charges(claim)
    assert owed(first, payer=world.payer) == D("0.00")
    assert owed(second, payer=world.payer) == D("50.00")
    assert entries(charge=second) == [("charge", "50.00")]
    case = DenialCase.objects.get()
    assert (case.amount, case.category, case.group_code, case.reason_code) == (
        D("50.00"),
        "authorization",
        "CO",
        "197",
    )
    assert (case.denied_on, (case.deadline - PAID).days, case.remark_codes) == (PAID, 90, "N54")
    assert case.next_action == "Compare with the authorization, then correct or appeal"
    assert case.owner is not None
    assert case.owner.user.name == "Bill Brand"
    item = WorkItem.objects.get(kind="denial.answer")
    assert (item.amount, item.due_on) == (D("50.00"), case.deadline)
    assert fresh(claim).state == "partly_paid"


@pytest.mark.parametrize(
    ("triplets", "left"),
    [
        (["CO-45 100.00"], "0.00"),
        (["CO-253 2.00", "CO-45 98.00"], "0.00"),
        (["PR-1 60.00", "PR-2 40.00"], "0.00"),
        (["OA-23 100.00"], "100.00"),
    ],
)
def test_contract_sequestration_share_and_prior_payer_are_no_denials(world, triplets, left):
    claim = world.claim("100.00")
    (remittance,) = receive(world, payment(answer(claim, line("99211", "100.00", "0.00", *triplets))))
    posting.post(remittance, actor=world.actor)
    assert not DenialCase.objects.exists()
    assert owed(charges(claim)[0], payer=world.payer) == D(left)
    assert fresh(claim).state == "paid"


def test_a_claim_forwarded_to_another_payer_is_not_decided(world):
    claim = world.claim("100.00")
    sent_on = answer(claim, line("99211", "100.00", "0.00", "OA-B11 100.00"), status="23")
    (remittance,) = receive(world, payment(sent_on))
    assert posting.post(remittance, actor=world.actor).left == 0
    assert fresh(claim).state == "submitted"
    assert owed(charges(claim)[0], payer=world.payer) == D("100.00")


def test_money_of_the_whole_claim_is_shared_over_its_lines_to_the_cent(world):
    claim = world.claim("100.00", "50.00", "50.01")
    whole = answer(
        claim, charge=D("200.01"), paid=D("100.00"), patient_responsibility=D("0.01"),
        adjustments=tuple(cas("CO-45 100.00", "PR-1 0.01")),
    )  # fmt: skip
    (remittance,) = receive(world, payment(whole))
    posting.post(remittance, actor=world.actor)
    left = [owed(charge, payer=world.payer) for charge in charges(claim)]
    assert sum(left) == D("0.00")
    paid = LedgerEntry.objects.filter(kind="insurance_payment").values_list("amount", flat=True)
    assert sum(paid) == D("-100.00")
    assert len(paid) == 3


def test_a_reversal_mirrors_the_original_and_the_correction_follows(world):
    claim = world.claim("150.00")
    first = answer(claim, line("99211", "150.00", "90.00", "CO-45 40.00", "PR-3 20.00"))
    (paid,) = receive(world, payment(first))
    posting.post(paid, actor=world.actor)
    better = answer(claim, line("99211", "150.00", "95.00", "CO-45 40.00", "PR-3 15.00"))
    (again,) = receive(world, payment(taken_back(first), better, trace="T1002"), number=2)
    assert again.amount == D("5.00")
    posting.post(again, actor=world.actor)
    (charge,) = charges(claim)
    assert owed(charge, payer=world.payer) == D("0.00")
    assert owed(charge, payer=None) == D("15.00")
    assert LedgerEntry.objects.filter(kind="reversal", reverses__isnull=False).count() == 4
    assert (fresh(claim).state, claim.lines.get().paid) == ("paid", D("95.00"))


def test_a_reversal_alone_reopens_the_claim(world):
    claim = world.claim("150.00")
    first = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))
    posting.post(receive(world, payment(first))[0], actor=world.actor)
    back = payment(taken_back(first), trace="T1002", plb=[("FB", "T1002", "-90.00")])
    (remittance,) = receive(world, back, number=2)
    posting.post(remittance, actor=world.actor)
    assert owed(charges(claim)[0], payer=world.payer) == D("150.00")
    assert fresh(claim).state == "reversed"
    deposit = posting.deposit_of(fresh(remittance))
    assert (deposit.deposited, deposit.posted, deposit.difference) == (D("0.00"), D("-90.00"), D("0.00"))


def test_a_reversal_of_something_never_posted_waits_for_a_person(world):
    claim = world.claim("150.00")
    first = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))
    (remittance,) = receive(world, payment(taken_back(first), plb=[("FB", "X", "-90.00")]))
    assert remittance.state == "review"
    assert posting.post(remittance, actor=world.actor).left == 1
    assert entries(charge=charges(claim)[0]) == [("charge", "150.00")]
    assert fresh(remittance).unapplied == D("-90.00")


def test_what_the_payer_keeps_is_in_the_equation(world):
    claim = world.claim("150.00")
    paid = answer(claim, line("99211", "150.00", "100.00", "CO-45 50.00"))
    (remittance,) = receive(world, payment(paid, plb=[("WO", "OLD1", "30.00"), ("L6", "", "-1.25")]))
    assert remittance.amount == D("71.25")
    posting.post(remittance, actor=world.actor)
    deposit = posting.deposit_of(fresh(remittance))
    assert (deposit.posted, deposit.unapplied, deposit.provider_adjusted) == (
        D("100.00"),
        D("0.00"),
        D("28.75"),
    )
    assert deposit.difference == D("0.00")


def test_an_unmatched_claim_stays_unapplied_and_the_others_are_posted(world):
    claim = world.claim("150.00")
    ours = answer(claim, line("99211", "150.00", "100.00", "CO-45 50.00"))
    theirs = answer("NOBODY1", line("99213", "80.00", "60.00", "CO-45 20.00"), number="")
    (remittance,) = receive(world, payment(ours, theirs))
    assert remittance.state == "review"
    done = posting.post(remittance, actor=world.actor)
    assert (done.claims, done.left, fresh(remittance).unapplied) == (1, 1, D("60.00"))
    assert WorkItem.objects.get(kind="remittance.exceptions").amount == D("60.00")
    late = world.claim("80.00", control="LATE1")
    row = remittance.claims.get(position=2)
    remittances.match(row, control_number="late1", actor=world.actor)
    again = posting.post(remittance, actor=world.actor)
    assert (again.claims, again.already, fresh(remittance).unapplied) == (0, True, D("60.00"))
    assert "none of the lines we sent" in fresh(row).problem
    assert owed(charges(late)[0], payer=world.payer) == D("80.00")


def test_a_claim_matched_by_hand_is_posted_with_the_rest(world):
    theirs = answer("WRONGNO", line("99211", "80.00", "60.00", "CO-45 20.00"), number="", names=())
    claim = world.claim("80.00")
    (remittance,) = receive(world, payment(theirs))
    posting.post(remittance, actor=world.actor)
    assert fresh(remittance).unapplied == D("60.00")
    remittances.match(remittance.claims.get(), control_number=claim.control_number, actor=world.actor)
    done = posting.post(remittance, actor=world.actor)
    assert (done.claims, fresh(remittance).unapplied) == (1, D("0.00"))
    assert owed(charges(claim)[0], payer=world.payer) == D("0.00")
    assert WorkItem.objects.get(kind="remittance.exceptions").state == "done"


def test_a_second_answer_without_a_reversal_is_an_exception(world):
    claim = world.claim("150.00")
    paid = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))
    posting.post(receive(world, payment(paid))[0], actor=world.actor)
    (twice,) = receive(world, payment(paid, trace="T1002"), number=2)
    assert twice.state == "review"
    assert posting.post(twice, actor=world.actor).left == 1
    assert owed(charges(claim)[0], payer=world.payer) == D("0.00")


def test_an_adjustment_without_a_rule_waits_for_one(world):
    claim = world.claim("150.00")
    odd = answer(claim, line("99211", "150.00", "90.00", "CO-999 60.00"))
    (remittance,) = receive(world, payment(odd))
    assert "CO-999" in remittance.claims.get().problem
    posting.post(remittance, actor=world.actor)
    assert entries(charge=charges(claim)[0]) == [("charge", "150.00")]
    assert fresh(remittance).unapplied == D("90.00")


def test_other_charges_than_we_sent_are_an_exception(world):
    claim = world.claim("150.00")
    (remittance,) = receive(world, payment(answer(claim, line("99211", "140.00", "90.00", "CO-45 50.00"))))
    assert "$140.00; we sent $150.00" in remittance.claims.get().problem


def test_posting_again_says_who_posted_and_writes_nothing(world):
    claim = world.claim("150.00")
    (remittance,) = receive(world, payment(answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))))
    posting.post(remittance, actor=world.actor)
    before = LedgerEntry.objects.count()
    again = posting.post(remittance, actor=world.actor)
    assert again.already
    assert again.message.startswith("Already posted on ")
    assert "by Bill Brand" in again.message
    assert LedgerEntry.objects.count() == before


def test_a_payment_that_pays_an_open_denial_wins_it(world):
    claim = world.claim("150.00")
    denied = answer(claim, line("99211", "150.00", "0.00", "CO-50 150.00"), status="4")
    posting.post(receive(world, payment(denied))[0], actor=world.actor)
    assert fresh(claim).state == "denied"
    paid = answer(claim, line("99211", "150.00", "100.00", "CO-45 50.00"))
    posting.post(receive(world, payment(paid, trace="T1002"), number=2)[0], actor=world.actor)
    case = DenialCase.objects.get()
    assert (case.state, case.recovered) == ("won", D("100.00"))
    assert not WorkItem.objects.filter(kind="denial.answer", state="open").exists()


def test_who_may_not_post_changes_nothing(world, acting):
    claim = world.claim("150.00")
    (remittance,) = receive(world, payment(answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))))
    with acting("front_desk") as nosy, pytest.raises(Forbidden):
        posting.post(remittance, actor=nosy)
    with acting("biller"):
        assert fresh(remittance).state == "staged"
        assert Claim.objects.get(pk=claim.pk).state == "submitted"
        assert OpenItem.objects.get().balance == D("150.00")


def test_a_payment_in_quarantine_cannot_be_posted(world):
    claim = world.claim("150.00")
    first = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"))
    other = answer(claim, line("99211", "150.00", "80.00", "CO-45 70.00"))
    receive(world, payment(first))
    (twin,) = receive(world, payment(other), number=2)
    assert twin.state == "quarantined"
    with pytest.raises(Conflict, match="cannot be posted"):
        posting.post(twin, actor=world.actor)
    assert entries(charge=charges(claim)[0]) == [("charge", "150.00")]
    with pytest.raises(Exception, match="how you know"):
        remittances.release(twin, reason=" ", actor=world.actor)
    assert remittances.release(twin, reason="Called Alder: two checks", actor=world.actor).state == "staged"
    assert RemittanceFile.objects.count() == 2
