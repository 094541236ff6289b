from datetime import UTC, date, datetime, timedelta

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import Referral, ReferralStep
from patients.services import referrals
from practice.models import WorkItem
from tests.cast import actor_named, in_practice
from tests.patients.referral_samples import elsewhere, person

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def on(day):
    return clock.at(datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC))


@pytest.fixture
def scene(acting):
    with on(MONDAY), acting("manager") as actor:
        yield actor, person(actor), elsewhere(actor)


def write(scene, **more):
    actor, patient, other = scene
    given = {"direction": "out", "reason": " Heart  murmur ", **more}
    return referrals.write(patient=patient, elsewhere=other, actor=actor, **given)


def test_out_it_is_sent_scheduled_and_closed_by_the_report(scene):
    actor, *_ = scene
    made = write(scene)
    assert (made.number, made.status, made.reason, made.due_on) == (
        1,
        "open",
        "Heart murmur",
        date(2026, 3, 4),
    )
    sent = referrals.send(made, actor=actor, note="By fax")
    assert (sent.status, sent.due_on) == ("sent", date(2026, 3, 16))
    visit = referrals.schedule(sent, scheduled_for=date(2026, 3, 20), actor=actor)
    assert (visit.status, visit.due_on) == ("scheduled", date(2026, 4, 3))
    closed = referrals.report(visit, actor=actor)
    assert (closed.status, closed.due_on, closed.closed_on, closed.is_open) == (
        "reported",
        None,
        MONDAY,
        False,
    )
    assert [step.stage for step in ReferralStep.objects.order_by("id")] == [
        "open",
        "sent",
        "scheduled",
        "reported",
    ]


def test_in_it_is_scheduled_and_closed_by_our_report(scene):
    actor, *_ = scene
    made = write(scene, direction="in")
    assert not made.can_send
    visit = referrals.schedule(made, scheduled_for=date(2026, 3, 5), actor=actor)
    assert visit.due_on == date(2026, 3, 12)
    assert referrals.report(visit, actor=actor).status == "reported"


def test_an_urgent_one_is_to_be_scheduled_sooner(scene):
    assert write(scene, direction="in").due_on == date(2026, 3, 16)
    assert write(scene, direction="in", urgency="urgent").due_on == date(2026, 3, 5)


@pytest.mark.parametrize("act", ["report", "schedule"])
def test_a_step_that_is_not_its_turn_is_refused(scene, act):
    actor, *_ = scene
    made = write(scene)
    more = {"scheduled_for": date(2026, 3, 20)} if act == "schedule" else {}
    with pytest.raises(Conflict):
        getattr(referrals, act)(made, actor=actor, **more)
    assert Referral.objects.get().status == "open"
    assert ReferralStep.objects.count() == 1


def test_days_that_cannot_be_and_an_empty_reason_are_refused(scene):
    actor, *_ = scene
    for given, field in (
        ({"reason": " "}, "reason"),
        ({"asked_on": MONDAY + timedelta(days=2)}, "asked_on"),
    ):
        with pytest.raises(DomainError) as refused:
            write(scene, **given)
        assert refused.value.field == field
    assert not Referral.objects.exists()
    made = write(scene, direction="in")
    with pytest.raises(DomainError) as refused:
        referrals.schedule(made, scheduled_for=date(2026, 2, 1), actor=actor)
    assert refused.value.field == "scheduled_for"
    with pytest.raises(DomainError) as refused:
        referrals.cancel(made, reason=" ", actor=actor)
    assert refused.value.field == "reason"


def test_what_is_late_becomes_work_once_and_the_step_closes_it(scene):
    actor, *_ = scene
    made = write(scene)
    assert referrals.refresh_list(actor=actor) == 0
    assert not WorkItem.objects.exists()
    with on(date(2026, 3, 6)):
        assert referrals.refresh_list(actor=actor) == 1
        assert referrals.refresh_list(actor=actor) == 1
        item = WorkItem.objects.get()
        assert (item.title, item.due_on, item.state) == ("Referral 1: send it", date(2026, 3, 4), "open")
        referrals.send(made, actor=actor)
        item.refresh_from_db()
        assert item.state == "done"
        assert referrals.refresh_list(actor=actor) == 0
    with on(date(2026, 4, 1)):
        assert referrals.refresh_list(actor=actor) == 1
        assert WorkItem.objects.filter(state="open").get().title.endswith("see that the visit is scheduled")


def test_cancelled_it_waits_for_nothing(scene):
    actor, *_ = scene
    gone = referrals.cancel(write(scene), reason="Went elsewhere by himself", actor=actor)
    assert (gone.status, gone.due_on) == ("cancelled", None)
    with on(date(2026, 5, 1)):
        assert referrals.refresh_list(actor=actor) == 0


def test_who_may_not_write_referrals_writes_none(scene):
    _, patient, other = scene
    with in_practice(actor_named("biller")) as bill, pytest.raises(Forbidden):
        referrals.write(patient=patient, direction="out", elsewhere=other, reason="X", actor=bill)
    with in_practice(actor_named("manager")):
        assert not Referral.objects.exists()
