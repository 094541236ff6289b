"""What expires is on the list in time, once, and off it when renewed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kit import clock
from practice import events, jobs
from practice.jobs import Job
from practice.models import JobRun, WorkItem
from practice.services import rule_values
from staff.models import Credential
from staff.services import credentials, employees, expiries
from tests.staff.samples import make_employees

NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)
TODAY = date(2026, 3, 4)


@pytest.fixture(autouse=True)
def still_clock():
    with clock.at(NOON):
        yield


def licence(actor, *, days, person=None, **details):
    person = person or make_employees(actor, 1)[0]
    return credentials.add(
        actor=actor,
        employee=person,
        kind="license",
        state="NY",
        number="A1",
        issued_on=TODAY - timedelta(days=700),
        expires_on=TODAY + timedelta(days=days),
        **details,
    )


def items():
    return WorkItem.objects.filter(kind=expiries.ITEM, state=WorkItem.State.OPEN)


def snapshot():
    return list(WorkItem.objects.order_by("id").values("id", "title", "due_on", "state", "updated_at"))


def test_a_licence_that_ends_in_24_days_is_on_the_list_with_its_day(acting):
    with acting("owner") as actor:
        made = licence(actor, days=24)
        item = items().get()
        assert item.title == f"State licence of {made.employee} expires in 24 days"
        assert (item.due_on, item.permission) == (made.expires_on, "staff.view_credential")


@pytest.mark.parametrize(("days", "listed"), [(180, 1), (181, 0), (0, 1), (-3, 1)])
def test_the_window_is_180_days_and_what_has_ended_stays(acting, days, listed):
    with acting("owner") as actor:
        licence(actor, days=days)
        assert items().count() == listed


def test_a_practice_can_widen_its_own_window(acting):
    with acting("owner") as actor:
        licence(actor, days=200)
        assert items().count() == 0
        rule_values.set_value(
            actor=actor,
            code="credential.alert_days",
            value="210",
            effective_from=date(2026, 1, 1),
            reason="Ours",
        )
        expiries.refresh_all(actor=actor)
        assert items().count() == 1


def test_the_nightly_watch_twice_is_once(acting):
    with acting("owner") as actor:
        licence(actor, days=24)
        licence(actor, days=-2)
        expiries.refresh_all(actor=actor)
        first = snapshot()
        assert expiries.refresh_all(actor=actor) == 2
        assert snapshot() == first


def test_the_next_night_says_one_day_less_on_the_same_item(acting):
    with acting("owner") as actor:
        licence(actor, days=24)
        before = items().get()
        with clock.at(NOON + timedelta(days=1)):
            expiries.refresh_all(actor=actor)
        after = items().get()
        assert after.pk == before.pk
        assert after.title.endswith("expires in 23 days")


def test_renewing_closes_the_item_and_keeps_the_old_row(acting):
    with acting("owner") as actor:
        old = licence(actor, days=24)
        new = credentials.renew(old, actor=actor, expires_on=TODAY + timedelta(days=750))
        assert items().count() == 0
        assert WorkItem.objects.get(kind=expiries.ITEM).outcome == "Renewed"
        old.refresh_from_db()
        assert old.replaced_by_id == new.pk
        assert (new.number, new.state, new.issued_on) == ("A1", "NY", old.expires_on)


def test_people_who_have_left_are_not_watched(acting):
    with acting("owner") as actor:
        made = licence(actor, days=24)
        employees.end(made.employee, actor=actor, ended_on=TODAY)
        assert items().count() == 0
        expiries.refresh_all(actor=actor)
        assert items().count() == 0


def test_the_event_goes_out_on_opening_and_at_each_step_only(acting, monkeypatch):
    told = []
    monkeypatch.setitem(
        events._handlers,
        "credential.expiring",
        [(lambda *, actor, credential_id: told.append(credential_id), "same_transaction")],
    )
    with acting("owner") as actor:
        made = licence(actor, days=32)
        for later in (1, 2, 2, 3):
            with clock.at(NOON + timedelta(days=later)):
                expiries.refresh_all(actor=actor)
    assert told == [made.pk, made.pk]  # filed, and 30 days before the end


@pytest.mark.django_db(transaction=True)
def test_the_job_runs_each_night_as_the_practice_itself():
    from practice.actor import system_actor
    from practice.discovery import load_handlers
    from practice.models import Practice
    from practice.transactions import acting_in

    load_handlers()
    practice = Practice.objects.get(slug="harbor")
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        licence(actor, days=24)
        WorkItem.objects.update(state=WorkItem.State.DROPPED)
        run = jobs.enqueue("staff.expiries", actor=actor, key="2026-03-04")
    job = Job(id=run.pk, practice_id=practice.id, key=run.key, args={}, actor=actor)
    assert jobs.KINDS["staff.expiries"].every == "night"
    assert jobs.KINDS["staff.expiries"].run(job) == {"open": 1}
    assert jobs.KINDS["staff.expiries"].run(job) == {"open": 1}
    with acting_in(practice.id, actor=actor):
        assert items().count() == 1
        assert Credential.objects.count() == 1
        assert JobRun.objects.filter(kind="staff.expiries").count() == 1
