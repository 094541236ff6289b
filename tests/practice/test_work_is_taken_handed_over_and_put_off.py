"""What people do with work: each act, its refusal (which changes nothing), and the sentence it leaves."""

from datetime import timedelta

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Membership, Notice, Role, WorkEvent, WorkItem
from practice.selectors.days import practice_today
from practice.selectors.work_history import history_of
from practice.services import people, places, work_desk, work_night
from practice.services.work import open_item
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
JOB, AUDIT = "practice.job_failed", "audit.broken"  # one that people close, one that its source closes


def item(actor, *, kind=JOB, permission="practice.view_work", due=None, name="Site", **more):
    site = places.add_location(actor=actor, name=name)
    day = practice_today(actor) + timedelta(days=due) if due is not None else None
    return open_item(
        kind, record=site, title=f"Look at {name}", permission=permission, due_on=day, actor=actor, **more
    )


def state():
    rows = WorkItem.objects.order_by("id")
    return list(rows.values()), WorkEvent.objects.count()


def said(found):
    return [sentence.text for sentence in history_of(found)]


def member(who):
    return Membership.objects.get(pk=actor_named(who).membership_id)


def test_who_takes_it_has_it_and_who_hands_it_on_says_to_whom(acting):
    fay = actor_named("front_desk").membership_id
    with acting("manager") as actor:
        found = item(actor)
        work_desk.take([found], actor=actor)
        work_desk.assign([found], to=Membership.objects.get(pk=fay), note="She was there", actor=actor)
        work_desk.assign([found], role=Role.objects.get(code="biller"), actor=actor)
        found.refresh_from_db()
        assert (found.owner_id, found.role.code) == (None, "biller")
        assert said(found) == [
            "Mara Mendez handed it to the role Biller",
            "Mara Mendez handed it to Fay Flores: She was there",
            "Mara Mendez took it",
            "Put on the list",
        ]


@pytest.mark.parametrize("case", ["both", "neither", "unseeing person", "unseeing role", "left"])
def test_what_cannot_be_handed_over_stays_where_it_is(acting, case):
    fay = actor_named("front_desk").membership_id
    with acting("manager") as actor:
        found = item(actor, permission="practice.view_jobs")
        who = Membership.objects.get(pk=fay)
        desk, biller = Role.objects.get(code="front_desk"), Role.objects.get(code="biller")
        if case == "left":
            people.end_membership(who, reason="Moved", actor=actor)
            who.refresh_from_db()
        given = {
            "both": {"to": who, "role": biller}, "neither": {}, "unseeing person": {"to": who},
            "unseeing role": {"role": desk}, "left": {"to": who},
        }[case]  # fmt: skip
        before = state()
        with pytest.raises(DomainError):
            work_desk.assign([found], actor=actor, **given)
        assert state() == before


def test_a_snooze_has_a_reason_and_an_end(acting):
    with acting("manager") as actor:
        found, today = item(actor, due=10), practice_today(actor)
        before = state()
        for until, reason in (
            (today, "x"),
            (today + timedelta(days=91), "x"),
            (today + timedelta(days=3), "  "),
        ):
            with pytest.raises(DomainError):
                work_desk.snooze([found], until=until, reason=reason, actor=actor)
        assert state() == before
        work_desk.snooze(
            [found], until=today + timedelta(days=3), reason="The plan answers by then", actor=actor
        )
        found.refresh_from_db()
        assert (found.snooze_count, found.state) == (1, "open")
        assert "The plan answers by then" in said(found)[0]
        work_desk.wake([found], actor=actor)
        work_desk.wake([found], actor=actor)
        found.refresh_from_db()
        assert found.snoozed_until is None
        assert said(found)[0] == "Mara Mendez brought it back"
        assert WorkEvent.objects.filter(act="woke").count() == 1


def test_only_kinds_that_allow_it_are_finished_by_hand_and_many_are_all_or_nothing(acting):
    with acting("manager") as actor:
        one, bound = item(actor), item(actor, kind=AUDIT, name="Trail")
        before = state()
        for act in (lambda: work_desk.done([one, bound], actor=actor),
                    lambda: work_desk.drop([bound], reason="Not ours", actor=actor),
                    lambda: work_desk.drop([one], reason=" ", actor=actor),
                    lambda: work_desk.done([], actor=actor)):  # fmt: skip
            with pytest.raises(DomainError):
                act()
        assert state() == before
        work_desk.done([one], outcome="Ran again", actor=actor)
        with pytest.raises(Conflict):
            work_desk.done([one], actor=actor)
        with pytest.raises(Conflict):
            work_desk.reopen([bound], reason="x", actor=actor)
        work_desk.reopen([one], reason="Failed again", actor=actor)
        one.refresh_from_db()
        assert (one.state, one.closed_at, one.closed_by_hand) == ("open", None, False)
        assert said(one)[:2] == [
            "Mara Mendez opened it again: Failed again",
            "Mara Mendez finished it: Ran again",
        ]


def test_escalating_asks_the_next_role_up_until_nobody_is_left(acting):
    with acting("manager") as actor:
        found = item(actor)
        assert found.role.code == "manager"
        work_desk.escalate([found], note="Needs money", actor=actor)
        found.refresh_from_db()
        assert found.escalated_to.code == "owner"
        before = state()
        with pytest.raises(DomainError, match="Nobody stands above"):
            work_desk.escalate([found], note="More", actor=actor)
        with pytest.raises(DomainError):
            work_desk.escalate([found], note="", actor=actor)
        assert state() == before
        work_desk.comment([found], note="Asked on the phone", actor=actor)
        assert said(found)[:2] == [
            "Mara Mendez wrote: Asked on the phone",
            "Mara Mendez escalated it to Owner: Needs money",
        ]


def test_the_night_wakes_and_escalates_once_however_often_it_runs(acting):
    with acting("manager") as actor:
        late, later, asleep = (
            item(actor, due=-6),
            item(actor, due=-4, name="B"),
            item(actor, due=-9, name="C"),
        )
        billers = item(actor, due=-11, name="D")
        WorkItem.objects.filter(pk=billers.pk).update(role=Role.objects.get(code="biller"))
        today = practice_today(actor)
        WorkItem.objects.filter(pk=asleep.pk).update(snoozed_until=today + timedelta(days=2))
        WorkItem.objects.filter(pk=later.pk).update(snoozed_until=today)
        for expected in ((1, 2), (0, 0)):
            assert (work_night.wake_due(actor=actor), work_night.escalate_late(actor=actor)) == expected
        got = {row.pk: row.escalated_to and row.escalated_to.code for row in WorkItem.objects.all()}
        assert got == {late.pk: "owner", later.pk: None, asleep.pk: None, billers.pk: "manager"}
        assert said(late)[0] == "Mara Mendez escalated it to Owner: 6 days overdue"
        WorkItem.objects.update(escalated_on=today - timedelta(days=1))
        assert work_night.escalate_late(actor=actor) == 1, "eleven days late: two levels, one a night"
        assert WorkItem.objects.get(pk=billers.pk).escalated_to.code == "owner"


def test_who_leaves_hands_everything_to_a_role(acting):
    bill = actor_named("biller").membership_id
    with acting("owner") as actor:
        who = Membership.objects.get(pk=bill)
        queued, loose = item(actor), item(actor, name="B")
        WorkItem.objects.filter(pk=loose.pk).update(role=None, permission="practice.view_jobs")
        work_desk.assign([queued, loose], to=who, actor=actor)
        WorkItem.objects.filter(pk=loose.pk).update(role=None)
        people.end_membership(who, reason="Retired", actor=actor)
        got = {row.title: (row.owner_id, row.role.code) for row in WorkItem.objects.select_related("role")}
        assert got == {"Look at Site": (None, "manager"), "Look at B": (None, "biller")}
        assert said(loose)[0] == "Olive Owens handed it to the role Biller: Bill Brand left"


def test_who_gets_work_is_told_once_for_each_time_they_get_it(acting):
    fay = actor_named("front_desk").membership_id
    with acting("manager") as actor:
        found = [item(actor, name=f"Site {number}") for number in range(5)]
        work_desk.assign(found, to=Membership.objects.get(pk=fay), actor=actor)
        told = Notice.objects.filter(kind="practice.assigned").order_by("id")
        assert {each.member_id for each in told} == {fay}
        assert [each.text for each in told][-1] == "And 2 more items of work"
        assert len(told) == 4
        work_desk.take(found, actor=actor)
        assert told.count() == 4, "nobody is told of what they did themselves"
        work_desk.escalate(found[:1], note="Please", actor=actor)
        assert Notice.objects.get(kind="practice.escalated").member_id == owner_member()


def owner_member():
    return Membership.objects.get(user__email="owner@harbor.example").pk


def test_each_act_asks_for_its_permission():
    with in_practice(actor_named("owner")) as boss:
        found = item(boss)
        reader = boss.__class__(
            kind="user", practice_id=boss.practice_id, permissions=frozenset({"practice.view_work"})
        )
        before, day = state(), practice_today(boss) + timedelta(days=1)
        for act in (
            lambda: work_desk.add(title="x", actor=reader),
            lambda: work_desk.take([found], actor=reader),
            lambda: work_desk.assign([found], role=Role.objects.first(), actor=reader),
            lambda: work_desk.snooze([found], until=day, reason="x", actor=reader),
            lambda: work_desk.wake([found], actor=reader),
            lambda: work_desk.escalate([found], note="x", actor=reader),
            lambda: work_desk.comment([found], note="x", actor=reader),
            lambda: work_desk.done([found], actor=reader),
            lambda: work_desk.drop([found], reason="x", actor=reader),
            lambda: work_desk.reopen([found], reason="x", actor=reader),
        ):
            with pytest.raises(Forbidden):
                act()
        assert state() == before


def test_a_reminder_is_for_whom_it_is_meant(acting, manager, front_desk):
    fay = actor_named("front_desk").membership_id
    with acting("manager") as actor:
        today = practice_today(actor)
        own = work_desk.add(title="Call the landlord", due_on=today, actor=actor)
        hers = work_desk.add(title="Order forms", owner=Membership.objects.get(pk=fay), actor=actor)
        before = state()
        for wrong in (
            {"title": " "},
            {"title": "x", "due_on": today - timedelta(days=1)},
            {"title": "x", "amount": -1},
        ):
            with pytest.raises(DomainError):
                work_desk.add(actor=actor, **wrong)
        assert state() == before
    assert (own.owner_id, hers.owner_id) == (actor_named("manager").membership_id, fay)
    desk = front_desk.at("work/").content.decode()
    assert "Order forms" in desk
    assert "landlord" not in desk
    assert front_desk.at(f"work/{own.pk}/").status_code == 404
    assert "Order forms" in manager.at(f"work/{hers.pk}/").content.decode()
