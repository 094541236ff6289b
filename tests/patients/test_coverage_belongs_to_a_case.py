from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kit.errors import Conflict, DomainError, Forbidden
from patients.models import Case, Coverage, SelfPay
from patients.selectors import coverages as found
from patients.selectors.cases import cases_of, injuries, visible_to
from patients.services import cases, coverages, merges, patients
from patients.services.medical_cases import medical_case
from practice.models import Payer
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
NEW_YEAR, DAY = date(2026, 1, 1), date(2026, 3, 4)


@pytest.fixture
def scene(acting):
    with acting("manager") as actor:
        jane = patients.register(
            actor=actor, first_name="Jane", last_name="Smith", birth_date=date(1980, 3, 4), phone="9145550101"
        )
        plans = [
            Payer.objects.create(practice_id=actor.practice_id, name=name) for name in ("Northway", "Alder")
        ]
        yield actor, jane, plans


def injury(actor, patient, **more):
    values = {"kind": "work_injury", "injured_on": date(2026, 2, 1), "opened_on": date(2026, 2, 1), **more}
    return cases.open_case(patient=patient, actor=actor, **values)


def add(actor, patient, payer, **more):
    return coverages.add(
        patient, payer=payer, actor=actor, **{"member_id": "N1", "starts_on": NEW_YEAR, **more}
    )


def test_registration_opens_the_one_medical_case(scene):
    actor, jane, _ = scene
    only = Case.objects.get(patient=jane)
    assert (only.kind, only.injured_on, only.closed_on) == ("medical", None, None)
    assert medical_case(jane) == only
    with pytest.raises(Conflict):
        cases.open_case(patient=jane, kind="medical", injured_on=DAY, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(practice_id=actor.practice_id, patient=jane, kind="medical", opened_on=DAY)
    assert Case.objects.count() == 1


def test_each_case_has_coverage_of_its_own(scene):
    actor, jane, (northway, alder) = scene
    at_work = injury(actor, jane)
    plan = add(actor, jane, northway)
    insurer = add(actor, jane, alder, case=at_work, member_id="WC-1")
    assert found.coverages_on(jane, day=DAY) == [plan]
    assert found.coverages_on(jane, day=DAY, case=at_work) == [insurer]
    assert found.coverages_on(jane, day=DAY, case=plan.case) == [plan]


def test_a_coverage_in_the_way_is_named_and_nothing_is_saved(scene):
    actor, jane, (northway, alder) = scene
    add(actor, jane, northway, ends_on=date(2026, 6, 30))
    with pytest.raises(Conflict) as refused:
        add(actor, jane, alder, starts_on=date(2026, 6, 30), member_id="A1")
    assert refused.value.field == "priority"
    assert "Northway already has order 1" in refused.value.message
    assert "member N1, from 01/01/2026 until 06/30/2026" in refused.value.message
    assert Coverage.objects.count() == 1
    assert add(actor, jane, alder, starts_on=date(2026, 7, 1), member_id="A1").priority == 1
    assert add(actor, jane, alder, priority=2, member_id="A2").priority == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"priority": 4}, "priority"),
        ({"priority": 0}, "priority"),
        ({"member_id": " - "}, "member_id"),
        ({"ends_on": date(2025, 12, 31)}, "ends_on"),
        ({"copay": Decimal(-1)}, "copay"),
        ({"relationship": "19", "subscriber_first_name": "Ann"}, "subscriber_last_name"),
    ],
)
def test_an_impossible_card_is_refused_at_its_field(scene, wrong, field):
    actor, jane, (northway, _) = scene
    with pytest.raises(DomainError) as refused:
        add(actor, jane, northway, **wrong)
    assert (refused.value.field, Coverage.objects.count()) == (field, 0)


def test_coverage_of_another_patients_case_is_refused(scene):
    actor, jane, (northway, _) = scene
    other = patients.register(actor=actor, first_name="Al", last_name="Bo", birth_date=date(1990, 1, 1))
    with pytest.raises(DomainError) as refused:
        add(actor, jane, northway, case=medical_case(other))
    assert (refused.value.field, Coverage.objects.count()) == ("case", 0)


def first_days(draws):
    return NEW_YEAR + timedelta(days=draws)


stretches = some.lists(
    some.tuples(some.integers(1, 3), some.integers(0, 40), some.none() | some.integers(0, 15)), max_size=7
)


@given(wanted=stretches)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_service_and_database_agree_that_no_order_is_held_twice_on_a_day(scene, wanted):
    """Whatever is asked for: the service refuses exactly what the table refuses, and no day has two of an order."""
    actor, jane, (northway, _) = scene
    point = transaction.savepoint()
    case, held = medical_case(jane), {}
    for order, start, length in wanted:
        starts = first_days(start)
        ends = None if length is None else starts + timedelta(days=length)
        days = {
            starts + timedelta(days=n)
            for n in range((ends or first_days(60)).toordinal() - starts.toordinal() + 1)
        }
        free = not any(days & other for other in held.get(order, ()))
        row = {"payer": northway, "priority": order, "member_id": "N1", "starts_on": starts, "ends_on": ends}
        if free:
            coverages.add(jane, case=case, actor=actor, **row)
            held.setdefault(order, []).append(days)
            continue
        with pytest.raises(Conflict):
            coverages.add(jane, case=case, actor=actor, **row)
        with pytest.raises(IntegrityError, match="one_coverage_of_an_order_a_day"), transaction.atomic():
            Coverage.objects.create(practice_id=actor.practice_id, patient=jane, case=case, **row)
    assert Coverage.objects.count() == sum(map(len, held.values()))
    transaction.savepoint_rollback(point)


def test_a_new_card_ends_the_old_one_and_keeps_it(scene):
    actor, jane, (northway, alder) = scene
    old = add(actor, jane, northway, copay=Decimal(25), group_number="G1")
    new = coverages.renew(old, starts_on=date(2026, 7, 1), payer=alder, member_id="a-9", actor=actor)
    old.refresh_from_db()
    assert (old.ends_on, old.member_id, old.payer) == (date(2026, 6, 30), "N1", northway)
    assert (new.member_id, new.group_number, new.copay, new.priority) == ("A9", "G1", Decimal(25), 1)
    assert found.coverage_on(jane, day=date(2026, 6, 30)) == old
    assert found.coverage_on(jane, day=date(2026, 7, 1)) == new
    with pytest.raises(DomainError) as refused:
        coverages.renew(new, starts_on=date(2026, 7, 1), actor=actor)
    assert (refused.value.field, Coverage.objects.count()) == ("starts_on", 2)
    with pytest.raises(Conflict):
        coverages.renew(old, starts_on=date(2026, 8, 1), actor=actor)
    assert Coverage.objects.count() == 2


def test_a_card_is_corrected_but_not_its_days_and_order(scene):
    actor, jane, (northway, alder) = scene
    card = add(actor, jane, northway)
    coverages.correct(card, payer=alder, member_id="n 2", plan_name=" PPO  Gold ", actor=actor)
    card.refresh_from_db()
    assert (card.payer, card.member_id, card.plan_name, card.starts_on) == (alder, "N2", "PPO Gold", NEW_YEAR)
    with pytest.raises(DomainError):
        coverages.correct(card, member_id="", actor=actor)
    card.refresh_from_db()
    assert card.member_id == "N2"


def test_self_pay_is_a_state_with_days_beside_the_plans_on_file(scene):
    actor, jane, (northway, _) = scene
    case, plan = medical_case(jane), add(actor, jane, northway)
    cases.agree_self_pay(case, starts_on=date(2026, 3, 1), reason="Pays the fee at the desk", actor=actor)
    assert found.coverages_on(jane, day=date(2026, 2, 28)) == [plan]
    assert found.coverages_on(jane, day=date(2026, 3, 1)) == []
    assert found.pays_alone(jane, day=DAY)
    with pytest.raises(Conflict, match="from 03/01/2026"):
        cases.agree_self_pay(case, starts_on=DAY, reason="Again", actor=actor)
    cases.end_self_pay(case, ends_on=date(2026, 3, 31), actor=actor)
    assert found.coverages_on(jane, day=date(2026, 4, 1)) == [plan]
    assert found.coverages_on(jane, day=date(2026, 3, 31)) == []
    with pytest.raises(Conflict):
        cases.end_self_pay(case, ends_on=date(2026, 4, 30), actor=actor)
    [kept] = SelfPay.objects.all()
    assert (kept.starts_on, kept.ends_on) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"injured_on": None}, "injured_on"),
        ({"injured_on": date(2999, 1, 1)}, "injured_on"),
        ({"adjuster_phone": "12"}, "adjuster_phone"),
        ({"kind": "auto", "employer": "Boat Yard"}, "employer"),
    ],
)
def test_a_case_that_cannot_be_is_refused_at_its_field(scene, wrong, field):
    actor, jane, _ = scene
    with pytest.raises(DomainError) as refused:
        injury(actor, jane, **wrong)
    assert (refused.value.field, Case.objects.count()) == (field, 1)


def test_an_injury_is_completed_closed_and_opened_again_and_the_medical_case_never(scene):
    actor, jane, _ = scene
    case = injury(actor, jane)
    cases.change(case, claim_number=" WC  7 ", adjuster_phone="(914) 555-0181", employer="Yard", actor=actor)
    with pytest.raises(DomainError):
        cases.close(case, closed_on=date(2026, 1, 31), actor=actor)
    cases.close(case, closed_on=DAY, actor=actor)
    case.refresh_from_db()
    assert (case.claim_number, case.adjuster_phone, case.closed_on) == ("WC 7", "9145550181", DAY)
    assert list(injuries(visible_to(actor), actor=actor)) == []
    cases.reopen(case, actor=actor)
    assert list(injuries(visible_to(actor), actor=actor)) == [case]
    medical = medical_case(jane)
    for act, more in ((cases.close, {"closed_on": DAY}), (cases.change, {"words": "x"}), (cases.reopen, {})):
        with pytest.raises(Conflict):
            act(medical, actor=actor, **more)
    assert [each.kind for each in cases_of(jane, actor=actor)] == ["medical", "work_injury"]


def test_who_only_reads_changes_nothing(scene):
    _, jane, (northway, _) = scene
    case = medical_case(jane)
    with in_practice(actor_named("physician")) as reader:
        for act in (
            lambda: injury(reader, jane),
            lambda: add(reader, jane, northway),
            lambda: cases.agree_self_pay(case, starts_on=DAY, reason="No plan", actor=reader),
        ):
            with pytest.raises(Forbidden):
                act()
        assert (Case.objects.count(), Coverage.objects.count(), SelfPay.objects.count()) == (1, 0, 0)


def test_a_merge_leaves_one_medical_case_and_takes_cards_and_injuries_along(scene):
    actor, jane, (northway, alder) = scene
    twin = patients.register(actor=actor, first_name="Jane", last_name="Smyth", birth_date=date(1980, 3, 4))
    card, case = add(actor, twin, northway), injury(actor, twin)
    done = merges.merge(kept=jane, gone=twin, reason="Same person", actor=actor)
    assert found.coverages_on(jane, day=DAY) == [card]
    assert {each.kind for each in cases_of(jane, actor=actor)} == {"medical", "work_injury"}
    with pytest.raises(Conflict, match="Northway already has order 1"):
        add(actor, jane, alder, member_id="A1")
    merges.undo(done, reason="Two people", actor=actor)
    assert (found.coverages_on(jane, day=DAY), found.coverages_on(twin, day=DAY)) == ([], [card])
    case.refresh_from_db()
    assert case.patient == twin
