"""Both clocks of a complaint: business days over a weekend, calendar days, and the item on the list."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kit import clock
from kit.errors import DomainError
from patients.models import Complaint
from patients.selectors import complaints as selectors
from patients.services import complaints
from practice.models import WorkItem
from practice.services import holidays, rule_values

FRIDAY = datetime(2026, 3, 6, 17, tzinfo=UTC)
TOLD = {"note": "Called"}


def take(actor, **details):
    given = {"channel": "phone", "category": "access", "summary": "Waited too long"} | details
    return complaints.receive(actor=actor, **given)


def item():
    return WorkItem.objects.get(kind=complaints.ITEM, state="open")


def test_a_friday_complaint_is_acknowledged_by_wednesday_and_resolved_in_thirty_days(acting):
    with clock.at(FRIDAY), acting("front_desk") as actor:
        made = take(actor)
        assert (made.acknowledge_by, made.resolve_by) == (date(2026, 3, 11), date(2026, 4, 5))
        assert (item().due_on, item().title) == (
            date(2026, 3, 11),
            "Complaint 1 (access and waiting): acknowledge",
        )


def test_the_practices_own_days_count(acting):
    with clock.at(FRIDAY), acting("owner") as actor:
        rule_values.set_value(
            actor=actor,
            code="complaint.acknowledge_days",
            value="1",
            effective_from=date(2026, 1, 1),
            reason="We promise the next day",
        )
        assert take(actor).acknowledge_by == date(2026, 3, 9)


def test_a_closed_day_of_the_practice_does_not_count(acting):
    with clock.at(FRIDAY), acting("owner") as actor:
        holidays.add(actor=actor, day=date(2026, 3, 9), name="Staff day", status="closed")
        assert take(actor).acknowledge_by == date(2026, 3, 12)


def test_the_clocks_run_from_the_day_it_came_in_and_never_from_a_day_to_come(acting):
    with clock.at(FRIDAY), acting("owner") as actor:
        assert take(actor, received_on=date(2026, 2, 27)).acknowledge_by == date(2026, 3, 4)
        with pytest.raises(DomainError) as refused:
            take(actor, received_on=date(2026, 3, 7))
        assert refused.value.field == "received_on"
        assert Complaint.objects.count() == 1


def test_once_acknowledged_the_item_waits_for_the_resolution(acting):
    with clock.at(FRIDAY), acting("owner") as actor:
        made = take(actor)
        before = item().pk
        complaints.acknowledge(made, actor=actor, **TOLD)
        assert (item().pk, item().due_on) == (before, date(2026, 4, 5))


def test_overdue_is_what_was_not_acknowledged_or_not_resolved_in_time(acting):
    with clock.at(FRIDAY), acting("owner") as actor:
        unheard, heard, done = take(actor), take(actor), take(actor)
        complaints.acknowledge(heard, actor=actor, **TOLD)
        complaints.close(done, actor=actor, resolution="Explained")

    def late(days):
        with clock.at(FRIDAY + timedelta(days=days)), acting("owner") as actor:
            found = selectors.overdue(selectors.visible_to(actor), actor=actor)
            return set(found.values_list("number", flat=True))

    assert (late(5), late(6), late(31)) == (set(), {unheard.number}, {unheard.number, heard.number})


def test_the_nightly_refresh_puts_back_what_was_taken_off_and_twice_is_once(acting):
    with clock.at(FRIDAY), acting("owner") as actor:
        take(actor)
        complaints.close(take(actor), actor=actor, resolution="Explained")
        WorkItem.objects.update(state=WorkItem.State.DROPPED)
        assert complaints.refresh_list(actor=actor) == 0
        first = list(WorkItem.objects.order_by("id").values("id", "title", "state"))
        assert sum(row["state"] == "open" for row in first) == 1
        complaints.refresh_list(actor=actor)
        assert list(WorkItem.objects.order_by("id").values("id", "title", "state")) == first
    with clock.at(FRIDAY + timedelta(days=40)), acting("owner") as actor:
        assert complaints.refresh_list(actor=actor) == 1
