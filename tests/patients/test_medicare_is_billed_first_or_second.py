from datetime import date, timedelta

import pytest

from kit.errors import DomainError
from patients.models import MedicareAnswers
from patients.rules.medicare import Answers, Limits, decide, in_case, months_after
from patients.selectors.medicare import order_on, outdated, visible_to
from patients.services import cases, coverages, medicare, patients
from practice.models import Payer
from practice.selectors.days import practice_today

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)
LIMITS = Limits(age_employees=20, disability_employees=100, kidney_months=30)


@pytest.mark.parametrize(
    ("answers", "first", "why"),
    [
        ({"entitled_by": "age"}, True, "no group health plan"),
        ({"entitled_by": "age", "group_plan_by": "own", "employees": 19}, True, "fewer than 20"),
        ({"entitled_by": "age", "group_plan_by": "own", "employees": 20}, False, "20 or more"),
        ({"entitled_by": "age", "group_plan_by": "spouse", "employees": 20}, False, "411.170"),
        ({"entitled_by": "age", "group_plan_by": "family", "employees": 500}, True, "does not go before"),
        ({"entitled_by": "disability", "group_plan_by": "family", "employees": 99}, True, "fewer than 100"),
        ({"entitled_by": "disability", "group_plan_by": "family", "employees": 100}, False, "411.200"),
        ({"entitled_by": "age", "work_injury": True}, False, "411.40"),
        ({"entitled_by": "age", "accident": True}, False, "411.50"),
        ({"entitled_by": "age", "other_program": True}, False, "Black Lung"),
    ],
)
def test_the_answers_decide_with_the_reason(answers, first, why):
    decided = decide(Answers(**answers), day=DAY, limits=LIMITS)
    assert decided.medicare_first is first
    assert why in decided.reason


def test_a_group_plan_pays_first_for_thirty_months_of_kidney_disease():
    since = date(2024, 2, 15)

    def first(day):
        answers = Answers(entitled_by="kidney", group_plan_by="own", employees=3, kidney_since=since)
        return decide(answers, day=day, limits=LIMITS).medicare_first

    assert months_after(since, months=30) == date(2026, 8, 1)
    assert [first(date(2026, 7, 31)), first(date(2026, 8, 1))] == [False, True]


@pytest.mark.parametrize("kind", ["work_injury", "auto", "liability"])
def test_an_injurys_insurer_goes_before_medicare(kind):
    assert in_case(kind).medicare_first is False
    assert in_case("medical") is None


@pytest.fixture
def scene(acting):
    with acting("manager") as actor:
        rosa = patients.register(
            actor=actor, first_name="Rosa", last_name="Lind", birth_date=date(1950, 2, 3)
        )
        plan, fed = (
            Payer.objects.create(practice_id=actor.practice_id, name=name, kind=kind)
            for name, kind in (("Northway", "commercial"), ("Medicare Part B", "medicare"))
        )
        coverages.add(rosa, payer=fed, member_id="1EG4", starts_on=date(2026, 1, 1), actor=actor)
        yield actor, rosa, plan


def answered(actor, patient, on, **more):
    return medicare.answer(patient=patient, answered_on=on, actor=actor, **more)


def test_without_medicare_nothing_is_asked(scene):
    _, rosa, _ = scene
    assert order_on(rosa, day=date(2025, 12, 31)) is None
    assert order_on(rosa, day=DAY).first is None


def test_answers_count_for_ninety_days_and_then_must_be_asked_again(scene):
    actor, rosa, _ = scene
    assert "never answered" in order_on(rosa, day=DAY).words
    answered(actor, rosa, date(2026, 1, 1))
    fine = order_on(rosa, day=date(2026, 4, 1))
    assert (fine.first, fine.warn) == (True, False)
    assert "count until 04/01/2026" in fine.words
    late = order_on(rosa, day=date(2026, 4, 2))
    assert (late.first, late.warn) == (None, True)
    assert "counted until 04/01/2026" in late.words
    assert order_on(rosa, day=date(2025, 12, 31)) is None


def test_an_order_on_file_against_the_answers_warns_and_is_still_billed(scene):
    actor, rosa, plan = scene
    answered(actor, rosa, DAY, group_plan_by="own", employees=40)
    told = order_on(rosa, day=DAY)
    assert (told.first, told.warn) == (False, True)
    assert "first on file" in told.words
    assert "20 or more employees" in told.words
    fed = rosa.coverages.get()
    coverages.end(fed, ends_on=date(2026, 3, 3), actor=actor)
    coverages.add(rosa, payer=plan, member_id="N1", starts_on=DAY, actor=actor)
    coverages.add(rosa, payer=fed.payer, member_id="1EG4", starts_on=DAY, priority=2, actor=actor)
    told = order_on(rosa, day=DAY)
    assert (told.first, told.warn) == (False, False)
    answered(actor, rosa, DAY)
    told = order_on(rosa, day=DAY)
    assert (told.first, told.warn) == (True, True)
    assert "Northway is on file before it" in told.words


def test_in_the_case_of_an_injury_medicare_is_second_without_asking(scene):
    actor, rosa, _ = scene
    case = cases.open_case(patient=rosa, kind="auto", injured_on=DAY, actor=actor)
    told = order_on(rosa, day=DAY, case=case)
    assert (told.first, told.warn) == (False, False)
    assert "411.50" in told.words


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answered_on": date(2999, 1, 1)}, "answered_on"),
        ({"group_plan_by": "own"}, "employees"),
        ({"entitled_by": "kidney"}, "kidney_since"),
        ({"entitled_by": "kidney", "kidney_since": date(2998, 1, 1)}, "kidney_since"),
    ],
)
def test_half_an_answer_is_refused_and_not_kept(scene, wrong, field):
    actor, rosa, _ = scene
    with pytest.raises(DomainError) as refused:
        medicare.answer(patient=rosa, actor=actor, **wrong)
    assert (refused.value.field, MedicareAnswers.objects.count()) == (field, 0)


def test_answers_that_no_longer_count_are_listed(scene):
    actor, rosa, _ = scene
    today = practice_today(actor)
    old = answered(actor, rosa, today - timedelta(days=91))
    answered(actor, rosa, today - timedelta(days=90))
    assert list(outdated(visible_to(actor), actor=actor)) == [old]


def test_the_newest_of_one_day_counts_and_all_stay_on_file(scene):
    actor, rosa, _ = scene
    answered(actor, rosa, DAY, group_plan_by="own", employees=40)
    answered(actor, rosa, DAY, answered_by="Her daughter")
    assert order_on(rosa, day=DAY).first is True
    assert [each.answered_by for each in MedicareAnswers.objects.order_by("created_at")] == [
        "Rosa Lind",
        "Her daughter",
    ]
