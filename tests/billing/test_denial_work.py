"""Working a denial: steps in their order, deadlines, what winning and losing does to the money."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.models import DenialCase, LedgerEntry
from billing.selectors import claims
from billing.services import adjustment_catalogue, denials, posting, remittances
from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice import events
from practice.models import Membership, WorkItem
from practice.services.work import open_item
from tests.billing.remittance_text import answer, line, payment, taken_back, text
from tests.billing.remittance_world import build, owed

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world(acting):
    with acting("biller") as actor:
        adjustment_catalogue.install(actor=actor)
        yield build(actor)


def denied(world, *triplets):
    claim = world.claim("70.00")
    said = answer(claim, line("99211", "70.00", "0.00", *(triplets or ("CO-197 70.00",))))
    file = remittances.receive(text(payment(said)), name="x.835", actor=world.actor)
    posting.post(file.remittances.get(), actor=world.actor)
    return DenialCase.objects.get()


def charge_of(case):
    return case.claim.lines.get().charge


def test_a_case_goes_from_new_to_won_and_leaves_the_list(world):
    case = denied(world)
    with clock.at(clock.now().replace(year=2026, month=10, day=1)):
        denials.start(case, actor=world.actor)
        denials.appeal(case, note="Sent the authorization by fax", actor=world.actor)
        denials.wait(case, note="Payer answers in 30 days", actor=world.actor)
        denials.win(case, recovered=D("50.00"), actor=world.actor)
    case = DenialCase.objects.get()
    assert (case.state, case.recovered, case.closed_on.year) == ("won", D("50.00"), 2026)
    assert [event.state for event in case.events.order_by("id")] == [
        "new", "working", "appealed", "waiting", "won",
    ]  # fmt: skip
    assert WorkItem.objects.get(kind="denial.answer").state == "done"
    assert owed(charge_of(case), payer=world.payer) == D("70.00")


def test_after_the_deadline_nobody_appeals(world):
    case = denied(world)
    late = clock.now().replace(year=2027, month=9, day=1)
    with clock.at(late), pytest.raises(Conflict, match="last day to appeal"):
        denials.appeal(case, note="Too late", actor=world.actor)
    assert DenialCase.objects.get().state == "new"


@pytest.mark.parametrize("recovered", ["0.00", "-1.00", "70.01", "0.005"])
def test_a_win_is_above_zero_and_at_most_what_was_denied(world, recovered):
    case = denied(world)
    with pytest.raises(DomainError, match="Enter what was won"):
        denials.win(case, recovered=D(recovered), actor=world.actor)
    assert DenialCase.objects.get().state == "new"


def test_giving_up_leaves_the_balance_unless_somebody_decides(world):
    case = denied(world)
    denials.lose(case, note="No authorization was asked for", actor=world.actor)
    assert owed(charge_of(case), payer=world.payer) == D("70.00")
    assert DenialCase.objects.get().state == "lost"
    with pytest.raises(Conflict, match="does not follow"):
        denials.start(case, actor=world.actor)


def test_a_write_off_takes_what_is_still_open(world):
    case = denied(world)
    denials.lose(case, note="Too small", disposition="write_off", actor=world.actor)
    assert owed(charge_of(case), payer=world.payer) == D("0.00")
    entry = LedgerEntry.objects.get(kind="write_off")
    assert (entry.amount, entry.reason_code, entry.memo) == (D("-70.00"), "197", "Too small")


def test_a_contract_denial_never_goes_to_the_patient(world):
    case = denied(world)
    with pytest.raises(DomainError, match="does not let the patient"):
        denials.lose(case, note="Bill her", disposition="patient", actor=world.actor)
    assert DenialCase.objects.get().state == "new"
    assert owed(charge_of(case), payer=None) == D("0.00")


def test_another_denial_may_go_to_the_patient(world):
    case = denied(world, "PR-27 70.00")
    denials.lose(case, note="Coverage had ended", disposition="patient", actor=world.actor)
    assert owed(charge_of(case), payer=world.payer) == D("0.00")
    assert owed(charge_of(case), payer=None) == D("70.00")


def test_giving_money_up_needs_the_permission_for_it(world, acting):
    case = denied(world)
    lesser = replace(world.actor, permissions=world.actor.permissions - {"billing.post_payment"})
    with pytest.raises(Forbidden):
        denials.lose(case, note="Small", disposition="write_off", actor=lesser)
    with acting("front_desk") as desk, pytest.raises(Forbidden):
        denials.start(case, actor=desk)
    with acting("biller"):
        assert DenialCase.objects.get().state == "new"
        assert owed(charge_of(case), payer=world.payer) == D("70.00")


def test_a_step_needs_its_words(world):
    case = denied(world)
    with pytest.raises(DomainError, match="Say what was done"):
        denials.appeal(case, note="  ", actor=world.actor)
    assert case.events.count() == 1


def test_the_payers_own_days_set_the_deadline_and_the_default_when_it_has_none(world):
    world.payer.appeal_days = 0
    world.payer.save()
    case = denied(world)
    assert case.deadline == case.denied_on + timedelta(days=60)


def test_a_reversed_denial_waits_for_the_correction(world):
    claim = world.claim("70.00")
    said = answer(claim, line("99211", "70.00", "0.00", "CO-197 70.00"))
    for number, one in enumerate((payment(said), payment(taken_back(said), trace="T2")), start=1):
        file = remittances.receive(text(one, number=number), name=f"{number}.835", actor=world.actor)
        posting.post(file.remittances.get(), actor=world.actor)
    assert DenialCase.objects.get().state == "waiting"
    assert type(claim).objects.get(pk=claim.pk).state == "reversed"


def test_opening_a_case_tells_the_house(world, monkeypatch):
    told = []
    monkeypatch.setattr(
        events, "_handlers", {"denial.opened": [(lambda **ids: told.append(ids), "same_transaction")]}
    )
    monkeypatch.setattr(events, "_handlers", defaultdict(list, events._handlers))
    case = denied(world)
    assert told == [{"actor": world.actor, "denial_id": case.pk}]


def test_a_claim_is_mine_by_its_denial_or_by_open_work_and_nobody_elses(world, acting):
    case = denied(world)
    me = world.actor

    def whose(actor):
        return set(claims.mine(claims.visible_to(actor), actor=actor))

    assert whose(me) == {case.claim}  # who posts the payment has its denials
    DenialCase.objects.filter(pk=case.pk).update(owner=None)
    assert whose(me) == set()
    DenialCase.objects.filter(pk=case.pk).update(owner_id=me.membership_id)
    assert whose(replace(me, membership_id=None)) == set()
    denials.lose(case, note="Too small", actor=me)
    assert whose(me) == set()
    open_item(
        "practice.reminder", record=case.claim, title="Call the payer", permission="billing.view_claim",
        owner=Membership.objects.get(pk=me.membership_id), actor=me,
    )  # fmt: skip
    assert whose(me) == {case.claim}
