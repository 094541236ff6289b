"""However often and however many at once a source says so: one item is open, and what a person closed stays closed."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.ids import uuid7
from practice.actor import system_actor
from practice.models import Membership, Practice, WorkItem
from practice.services import places, work_desk
from practice.services.work import close_items, open_item
from practice.transactions import acting_in
from tests.cast import actor_named

KIND = "practice.job_failed"
SAYS = {"title": "Failed", "permission": "practice.view_work"}
TWINS = 6
STEPS = st.lists(st.sampled_from(["open", "again", "close", "done", "reopen", "snooze"]), max_size=14)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_steps_leaves_at_most_one_open(acting, steps):
    with acting("manager") as actor:
        site = places.add_location(actor=actor, name=f"Site {uuid7()}")
        before = set(WorkItem.objects.values_list("pk", flat=True))
        closed_by_hand = False
        for name in steps:
            mine = WorkItem.objects.exclude(pk__in=before)
            open_before = mine.filter(state="open").exists()
            _step(mine, name=name, site=site, actor=actor)
            count = mine.filter(state="open").count()
            assert count <= 1
            if name == "open" and closed_by_hand and not open_before:
                assert count == 0, "a person closed it, and the rule alone does not bring it back"
            if name == "again":
                assert count == 1
            newest = mine.order_by("-closed_at").first()
            closed_by_hand = bool(newest and newest.closed_by_hand and newest.state != "open")


def _step(mine, *, name, site, actor):
    """A step on this example's own items: rows of a transaction's other examples stay."""
    if name in ("open", "again"):
        open_item(KIND, record=site, again=name == "again", actor=actor, **SAYS)
    elif name == "close":
        close_items(site, kind=KIND, outcome="Settled", actor=actor)
    elif name == "done" and mine.filter(state="open").exists():
        work_desk.done(list(mine.filter(state="open")), actor=actor)
    elif name == "snooze":
        mine.filter(state="open").update(snoozed_until="2099-01-01")
    elif name == "reopen" and not mine.filter(state="open").exists():
        newest = mine.order_by("-closed_at").first()
        if newest is not None and newest.closed_by_hand:
            work_desk.reopen([newest], reason="Not over", actor=actor)


@pytest.mark.django_db
def test_the_source_settles_and_opens_anew(acting):
    with acting("manager") as actor:
        site = places.add_location(actor=actor, name="Site")
        first = open_item(KIND, record=site, actor=actor, **SAYS)
        assert close_items(site, kind=KIND, outcome="Settled", actor=actor) == 1
        second = open_item(KIND, record=site, actor=actor, **SAYS)
        assert second.pk != first.pk
        other = open_item(KIND, record=site, key="2026-03", actor=actor, **SAYS)
        assert other.pk != second.pk
        assert close_items(site, kind=KIND, outcome="All", actor=actor) == 2


@pytest.mark.django_db
def test_a_refresh_keeps_who_has_it_until_the_source_names_somebody_else(acting):
    mara, bill = (actor_named(who).membership_id for who in ("manager", "biller"))
    with acting("manager") as actor:
        site = places.add_location(actor=actor, name="Site")
        people = Membership.objects.in_bulk([mara, bill])
        item = open_item(KIND, record=site, actor=actor, **SAYS)
        work_desk.assign([item], to=people[bill], actor=actor)
        assert open_item(KIND, record=site, actor=actor, **SAYS).owner_id == bill
        assert open_item(KIND, record=site, owner=people[mara], actor=actor, **SAYS).owner_id == mara
        work_desk.assign([item], to=people[bill], actor=actor)
        assert open_item(KIND, record=site, owner=people[mara], actor=actor, **SAYS).owner_id == bill


@pytest.mark.django_db
def test_an_unknown_kind_is_a_mistake_of_the_program(acting):
    with acting("manager") as actor:
        site = places.add_location(actor=actor, name="Site")
        with pytest.raises(ValueError, match="work_kinds"):
            open_item("practice.nonsense", record=site, actor=actor, **SAYS)
        assert not WorkItem.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one():
    practice = Practice.objects.get(slug="harbor")
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        site = places.add_location(actor=actor, name="Site")
    gate, failed = threading.Barrier(TWINS), []

    def say():
        try:
            gate.wait()
            with acting_in(practice.id, actor=actor):
                open_item(KIND, record=site, actor=actor, **SAYS)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=say) for _ in range(TWINS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with acting_in(practice.id, actor=actor):
        assert WorkItem.objects.count() == 1
