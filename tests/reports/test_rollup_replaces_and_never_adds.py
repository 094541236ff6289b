"""The nightly run: the same figures however often, in whatever steps, killed or not, and equal to a full run."""

import itertools
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from kit import clock
from practice import worker
from practice.models import JobRun, RuleValue
from practice.transactions import acting_in
from reports.models import KpiDaily, RollupRun
from reports.rules.kpi import month_end, steps
from reports.selectors import kpis
from reports.services import rollup
from tests.cast import actor_named, in_practice
from tests.reports.kpi_world import NOON, build

FIELDS = ("kpi", "day", "location_id", "numerator", "denominator", "definition")


def stored():
    return sorted(KpiDaily.objects.values_list(*FIELDS))


@pytest.fixture
def world(acting):
    with clock.at(NOON), acting("manager") as actor:
        made = build(actor)
        rollup.run_all(actor=actor)
        yield made


@pytest.mark.django_db
def test_twice_is_once(world):
    before = stored()
    rollup.run_all(actor=world.actor)
    assert stored() == before
    rollup.run_all(actor=world.actor, since_ever=True)
    assert stored() == before


@pytest.mark.django_db
@pytest.mark.parametrize("length", [1, 13, 45])
def test_any_cut_of_the_days_gives_the_same_figures(world, length):
    before = stored()
    day, last = date(2025, 9, 20), date(2026, 2, 28)
    while day <= last:
        end = min(day + timedelta(days=length - 1), last)
        rollup.rebuild(day, last=end, actor=world.actor)
        day = end + timedelta(days=1)
    assert stored() == before


@pytest.mark.django_db
def test_a_night_finds_what_was_written_for_days_long_gone(world, monkeypatch):
    monkeypatch.setattr(rollup, "SLACK", timedelta(0))
    with connection.cursor() as cursor:  # what stands was written before the run began
        cursor.execute("UPDATE reports_rolluprun SET created_at = clock_timestamp()")
    late = world.charge(visit=world.visits["v7"], amount="70.00", posted=date(2022, 6, 2))
    world.post(late, kind="patient_payment", amount="-20.00", posted=date(2025, 11, 30), payer_id=None)
    world.visit(patient="Sam", site="A", on=date(2024, 3, 3))
    run = rollup.run_all(actor=world.actor)
    assert run.first_day == date(2022, 6, 2)
    nightly = stored()
    rollup.run_all(actor=world.actor, since_ever=True)
    assert stored() == nightly
    january = kpis.period(
        world.actor, kpi=kpis.get_kpi("new_patient_share"), first=date(2026, 1, 1), last=date(2026, 1, 31)
    )
    assert january.numerator == 2, "Sam is no longer new"


@pytest.mark.django_db
def test_a_quiet_night_makes_only_the_last_weeks_again(world):
    with connection.cursor() as cursor:  # the run began long after everything was written
        cursor.execute("UPDATE reports_rolluprun SET created_at = created_at + interval '3 days'")
    planned = rollup.plan(actor=world.actor)
    assert planned.first == date(2026, 2, 28) - timedelta(days=rollup.REOPEN_DAYS)
    assert planned.last == date(2026, 2, 28)


@pytest.mark.django_db
def test_a_new_limit_is_used_from_its_day_on(world):
    RuleValue.objects.create(
        practice_id=world.actor.practice_id,
        code="kpi.ar_old_days",
        value="10",
        effective_from=date(2026, 1, 20),
    )
    rollup.run_all(actor=world.actor)
    old = kpis.get_kpi("ar_over_90")
    read = [
        kpis.period(world.actor, kpi=old, first=day.replace(day=1), last=day).numerator
        for day in (date(2026, 1, 19), date(2026, 1, 20))
    ]
    # c1 was billed on the 8th: 12 days old on the 20th, when 60.00 of it is the patient's.
    assert read == [Decimal("350.00"), Decimal("410.00")]
    nightly = stored()
    rollup.run_all(actor=world.actor, since_ever=True)
    assert stored() == nightly


@pytest.mark.django_db
def test_a_new_definition_makes_all_years_again(world):
    KpiDaily.objects.filter(kpi="visits").update(definition=9)
    assert rollup.plan(actor=world.actor).first == date(2022, 6, 1)


@pytest.mark.django_db
def test_the_practice_next_door_is_not_touched(world, acting):
    with clock.at(NOON), acting("stranger") as stranger:
        rollup.run_all(actor=stranger)
        assert not KpiDaily.objects.exists()
        assert not kpis.visible_to(world.actor).exists()


@pytest.mark.django_db
def test_those_who_may_not_run_it_change_nothing(world, acting):
    before = stored()
    with acting("biller") as biller, pytest.raises(Exception, match="run_rollup"):
        rollup.rebuild(date(2026, 1, 1), last=date(2026, 1, 31), actor=biller)
    with in_practice(world.actor):
        assert stored() == before


def test_steps_are_years_and_cover_every_day():
    found = steps(date(1987, 5, 3), last=date(2026, 2, 28), cuts=frozenset({date(2020, 6, 1)}))
    assert found[0] == (date(1987, 5, 3), date(1987, 12, 31))
    assert found[-1] == (date(2026, 1, 1), date(2026, 2, 28))
    assert (date(2020, 1, 1), date(2020, 5, 31)) in found
    assert all(later[0] - sooner[1] == timedelta(days=1) for sooner, later in itertools.pairwise(found))
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)


class Killed(BaseException):
    """As sudden as SIGKILL: nothing below may catch it and tidy up."""


@pytest.mark.django_db(transaction=True)
def test_a_job_killed_between_steps_leaves_no_finished_run_and_the_next_one_is_whole(monkeypatch):
    with clock.at(NOON):
        actor = actor_named("manager")
        with acting_in(actor.practice_id, actor=actor):
            build(actor)
            job = JobRun.objects.create(
                practice_id=actor.practice_id, kind="reports.rollup", key="2026-02-28"
            )
        real, calls = rollup.rebuild, []

        def killed(first, **more):
            calls.append(first)
            if len(calls) == 3:
                raise Killed
            return real(first, **more)

        with monkeypatch.context() as patch:
            patch.setattr(rollup, "rebuild", killed)
            with pytest.raises(Killed):
                worker.run(job_id=job.pk, practice_id=actor.practice_id)
        with acting_in(actor.practice_id, actor=actor):
            assert RollupRun.objects.get().finished_at is None
            assert kpis.freshness(actor, today=datetime.date(NOON)).run is None
            JobRun.objects.update(state="queued", lease_until=None)
        worker.run(job_id=job.pk, practice_id=actor.practice_id)
        with acting_in(actor.practice_id, actor=actor):
            by_job = stored()
            assert RollupRun.objects.get().finished_at is not None
            rollup.run_all(actor=actor, since_ever=True)
            assert stored() == by_job
            assert len(by_job) > 50
