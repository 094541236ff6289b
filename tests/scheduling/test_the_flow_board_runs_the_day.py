"""The flow board: lanes by status, clocks from the server's times, rooms, reasons to wait, a key for the next step."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from kit.errors import Conflict, DomainError
from patients.services import patients
from practice.models import Location, Room, RuleValue
from practice.services.rule_values import set_value
from scheduling.errors import Stale, Warned
from scheduling.models import StatusEvent, WaitReason
from scheduling.selectors import flow as found
from scheduling.services import appointments, flow
from tests.cast import in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic

pytestmark = pytest.mark.django_db
STEPS = ("arrive", "check_in", "room", "with_provider", "check_out", "complete")


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        made = make_clinic(actor)
        flow.install_reasons(actor=actor)
        return made


def through(site, visit, *, until, moments, rooms=None):
    """Take a visit through its steps, each at its moment of the day (hour, minute)."""
    for step, moment in zip(STEPS[: STEPS.index(until) + 1], moments, strict=True):
        with clock.at(at(*moment)):
            more = {"room": rooms} if step == "room" and rooms else {}
            visit = getattr(appointments, step)(visit, actor=site.actor, **more)
    return visit


def ours(site, code, *, value):
    set_value(
        code=code, value=value, effective_from=MONDAY, reason="Our own wish", source="Ours", actor=site.actor
    )


def lane(board, code):
    return next(each for each in board.lanes if each.code == code).cards


def test_every_visit_of_today_stands_in_the_lane_of_its_status(site):
    with in_practice(site.actor):
        late = site.book(starts_at=at(9))
        soon = site.book(starts_at=at(10))
        far = site.book(starts_at=at(14))
        roomed = through(
            site,
            site.book(starts_at=at(9, 20)),
            until="room",
            moments=[(9, 0), (9, 5), (9, 22)],
            rooms=site.rooms[1],
        )
        gone = through(site, site.book(starts_at=at(8)), until="complete", moments=[(8, n) for n in range(6)])
        with clock.at(at(9, 30)):
            board = found.board_of(site.site, actor=site.actor)
    assert [card.visit.pk for card in lane(board, "late")] == [late.pk, soon.pk]
    assert [card.visit.pk for card in lane(board, "roomed")] == [roomed.pk]
    assert next(each.later for each in board.lanes if each.code == "late") == 1
    assert far.pk not in {card.visit.pk for card in board.cards}
    assert gone.pk not in {card.visit.pk for card in board.cards}
    assert board.counts["completed"] == 1
    (card,) = lane(board, "roomed")
    assert (card.room, card.seconds, card.here) == ("Room 2", 8 * 60, 30)


def test_clocks_turn_amber_and_red_at_the_minutes_of_the_practice_and_say_so(site):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
        with clock.at(at(9)):
            appointments.arrive(visit, actor=site.actor)
        said = {}
        for minute in (9, 10, 20):
            with clock.at(at(9, minute)):
                (card,) = lane(found.board_of(site.site, actor=site.actor), "arrived")
                said[minute] = (card.tone, card.word)
        assert said == {9: ("", ""), 10: ("warn", "Over 10 min"), 20: ("bad", "Over 20 min")}
        ours(site, "flow.arrived_amber_minutes", value="3")
        assert RuleValue.objects.count() == 1
    with in_practice(site.actor), clock.at(at(9, 4)):
        (card,) = lane(found.board_of(site.site, actor=site.actor), "arrived")
        assert (card.tone, card.word) == ("warn", "Over 3 min")


def test_with_the_provider_the_limits_count_from_the_planned_end(site):
    with in_practice(site.actor):
        through(
            site, site.book(starts_at=at(9)), until="with_provider", moments=[(9, 0), (9, 1), (9, 2), (9, 5)]
        )
        tones = []
        for minute in (24, 30, 40):
            with clock.at(at(9, minute)):
                (card,) = lane(found.board_of(site.site, actor=site.actor), "with_provider")
                tones.append((card.tone, card.word))
    assert tones == [("", ""), ("warn", "5 min over plan"), ("bad", "15 min over plan")]


def test_another_room_and_a_reason_leave_the_clock_running(site):
    with in_practice(site.actor):
        visit = through(
            site,
            site.book(starts_at=at(9)),
            until="room",
            moments=[(9, 0), (9, 1), (9, 2)],
            rooms=site.rooms[0],
        )
        reason = WaitReason.objects.get(name="Interpreter")
        with clock.at(at(9, 6)):
            visit = flow.wait(visit, reason=reason, note="Korean", actor=site.actor)
        with clock.at(at(9, 8)):
            visit = appointments.room(visit, room=site.rooms[1], actor=site.actor)
        with clock.at(at(9, 10)):
            (card,) = lane(found.board_of(site.site, actor=site.actor), "roomed")
        assert (card.room, card.reason, card.seconds) == ("Room 2", "Interpreter", 8 * 60)
        with clock.at(at(9, 11)):
            visit = flow.wait(visit, actor=site.actor)
            (card,) = lane(found.board_of(site.site, actor=site.actor), "roomed")
        assert (card.room, card.reason) == ("Room 2", "")
        said = list(
            visit.status_events.order_by("at").values_list(
                "status", "room__name", "wait_reason__name", "note"
            )
        )
    assert said[-4:] == [
        ("roomed", "Room 1", None, ""),
        ("roomed", None, "Interpreter", "Korean"),
        ("roomed", "Room 2", "Interpreter", "Another room"),
        ("roomed", None, None, "Waits no longer"),
    ]


def test_a_room_that_is_taken_warns_and_can_be_shared_on_purpose(site):
    with in_practice(site.actor):
        through(
            site,
            site.book(site.patient("Firstcomer", "Ada"), starts_at=at(9)),
            until="room",
            moments=[(9, 0), (9, 1), (9, 2)],
            rooms=site.rooms[0],
        )
        second = through(
            site, site.book(starts_at=at(9), provider=1), until="check_in", moments=[(9, 0), (9, 1)]
        )
        before = StatusEvent.objects.count()
        with pytest.raises(Warned, match="Room 1 is taken by Ada Firstcomer") as refused:
            appointments.room(second, room=site.rooms[0], actor=site.actor)
        assert refused.value.warning == "room_taken"
        second.refresh_from_db()
        assert (second.status, StatusEvent.objects.count()) == ("checked_in", before)
        with clock.at(at(9, 30)):
            shared = appointments.room(second, room=site.rooms[0], accept={"room_taken"}, actor=site.actor)
            assert shared.status == "roomed"
            places = found.board_of(site.site, actor=site.actor).places
        assert [len(place.cards) for place in places] == [2, 0]


def test_a_room_of_another_site_or_out_of_use_is_refused(site):
    with in_practice(site.actor):
        visit = through(site, site.book(starts_at=at(9)), until="check_in", moments=[(9, 0), (9, 1)])
        elsewhere = Location.objects.create(practice_id=site.actor.practice_id, name="Elsewhere")
        far = Room.objects.create(practice_id=site.actor.practice_id, location=elsewhere, name="Far")
        shut = Room.objects.create(
            practice_id=site.actor.practice_id, location=site.site, name="Shut", is_active=False
        )
        for each in (far, shut):
            with pytest.raises(DomainError, match="own site"):
                appointments.room(visit, room=each, actor=site.actor)
        visit.refresh_from_db()
        assert visit.status == "checked_in"


def test_only_who_is_in_the_building_waits_and_only_for_reasons_in_use(site):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
        reason = WaitReason.objects.first()
        with pytest.raises(Conflict, match="nobody waits"):
            flow.wait(visit, reason=reason, actor=site.actor)
        with clock.at(at(9)):
            visit = appointments.arrive(visit, actor=site.actor)
        flow.change_reason(reason, is_active=False, actor=site.actor)
        reason.refresh_from_db()
        with pytest.raises(DomainError, match="still in use"):
            flow.wait(visit, reason=reason, actor=site.actor)
        assert not StatusEvent.objects.filter(wait_reason__isnull=False).exists()


def test_the_second_of_two_desks_is_told_what_the_first_one_did(site):
    with in_practice(site.actor):
        visit = through(site, site.book(starts_at=at(9)), until="check_in", moments=[(9, 0), (9, 1)])
        old = visit.version
        with clock.at(at(9, 10)):
            appointments.room(visit, room=site.rooms[0], actor=site.actor)
            with pytest.raises(Stale, match=r"It is roomed, Room 1, by Mara Mendez at 9:10 AM\."):
                appointments.with_provider(visit, actor=site.actor, version=old)
        visit.refresh_from_db()
        assert visit.status == "roomed"


def test_rooms_waits_and_medians_are_told_above_the_board(site):
    with in_practice(site.actor):
        through(
            site,
            site.book(starts_at=at(8)),
            until="complete",
            moments=[(7, 50), (7, 55), (8, 11), (8, 15), (8, 40), (8, 52)],
            rooms=site.rooms[0],
        )
        waiting = through(site, site.book(starts_at=at(9)), until="arrive", moments=[(8, 55)])
        with clock.at(at(9, 7)):
            board = found.board_of(site.site, actor=site.actor)
    assert (board.to_room, board.door_to_door) == (11, 52)  # who comes early waits from the booked time on
    assert board.longest is not None
    assert board.longest.visit.pk == waiting.pk
    assert list(board.behind) == [("P. Lee0, MD", 7)]
    assert (board.in_use, board.free) == (0, ["Room 1", "Room 2"])


def test_the_board_of_one_provider_shows_every_room(site):
    with in_practice(site.actor):
        mine = site.book(starts_at=at(9))
        through(
            site,
            site.book(starts_at=at(9), provider=1),
            until="room",
            moments=[(9, 0), (9, 1), (9, 2)],
            rooms=site.rooms[0],
        )
        with clock.at(at(9, 10)):
            board = found.board_of(site.site, actor=site.actor, provider=site.providers[0].pk)
    assert [card.visit.pk for card in board.cards] == [mine.pk]
    assert board.in_use == 1
    assert len(board.providers) == 2


def test_a_restricted_patient_is_a_time_and_a_room_and_no_more(site, front_desk):
    with in_practice(site.actor):
        hidden = patients.restrict(site.patient("Famous", "Fred"), reason="Works here", actor=site.actor)
        visit = through(
            site,
            site.book(hidden, starts_at=at(9)),
            until="room",
            moments=[(9, 0), (9, 1), (9, 2)],
            rooms=site.rooms[0],
        )
    with clock.at(at(9, 5)):
        text = front_desk.at("scheduling/flow/").content.decode()
        other = front_desk.at(f"scheduling/flow/{visit.pk}/room/")
    assert "Restricted patient" in text
    assert "Famous" not in text
    assert str(visit.pk) not in text
    assert other.status_code == 404


def test_the_board_needs_no_more_queries_for_more_visits(site):
    counts = []
    with in_practice(site.actor):
        for number in range(4):
            through(
                site,
                site.book(starts_at=at(9 + number % 3, 20 * (number // 3))),
                until="arrive",
                moments=[(8, 30)],
            )
            with clock.at(at(9, 5)), CaptureQueriesContext(connection) as seen:
                found.board_of(site.site, actor=site.actor)
            counts.append(len(seen))
    assert counts[1] == counts[3]
    assert counts[3] <= 33  # outside of a request each of the thirteen rules is a query of its own


def test_minutes_ahead_are_a_rule_too(site):
    with in_practice(site.actor):
        site.book(starts_at=at(10))
        with clock.at(at(8, 30)):
            assert lane(found.board_of(site.site, actor=site.actor), "late") == []
        ours(site, "flow.due_minutes", value="120")
    with in_practice(site.actor), clock.at(at(8, 30)):
        (card,) = lane(found.board_of(site.site, actor=site.actor), "late")
        assert (card.clock, card.tone) == ("in 90 min", "")
        assert card.counts_from - at(8, 30) == timedelta(minutes=90)
