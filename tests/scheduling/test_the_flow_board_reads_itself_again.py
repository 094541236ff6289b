"""The page of the flow board: polls by ETag that are no activity and no repetition in the read log; acts by a press."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from practice.models import AuditAccess, AuditAccessPatient
from scheduling.models import Appointment, StatusEvent, WaitReason
from scheduling.services import appointments, flow
from tests.cast import in_practice
from tests.scheduling.clinic import at, make_clinic

pytestmark = pytest.mark.django_db
POLL = {"HX-Request": "true", "X-Wellrun-Poll": "1"}


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        made = make_clinic(actor)
        flow.install_reasons(actor=actor)
        return made


@pytest.fixture
def nine():
    with clock.at(at(9)):
        yield


def board(person, *, tag="", **headers):
    more = {"If-None-Match": tag} if tag else {}
    return person.get(f"/p/{person.slug}/scheduling/flow/", headers={**headers, **more})


def logged(patient):
    return AuditAccessPatient.objects.filter(patient_id=patient.pk).count()


def test_a_poll_is_answered_304_until_a_visit_changes(site, nine, front_desk):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
    first = board(front_desk)
    tag = first["ETag"]
    assert f'data-tag="{tag[1:-1]}"' in first.content.decode()
    assert board(front_desk, tag=tag, **POLL).status_code == 304
    with in_practice(site.actor):
        appointments.arrive(visit, actor=site.actor)
    changed = board(front_desk, tag=tag, **POLL)
    assert (changed.status_code, changed["ETag"] == tag) == (200, False)
    assert "<html" not in changed.content.decode()
    with in_practice(site.actor):
        visit = flow.wait(
            Appointment.objects.get(), reason=WaitReason.objects.get(name="Forms"), actor=site.actor
        )
    said = board(front_desk, tag=changed["ETag"], **POLL)
    assert "Waits: Forms" in said.content.decode()


def test_an_unchanged_board_costs_few_queries_whatever_it_holds(site, nine, front_desk):
    counts = []
    for number in range(3):
        with in_practice(site.actor):
            site.book(starts_at=at(9, 20 * number))
        tag = board(front_desk)["ETag"]
        with CaptureQueriesContext(connection) as seen:
            assert board(front_desk, tag=tag, **POLL).status_code == 304
        counts.append(len(seen))
    assert len(set(counts)) == 1
    with CaptureQueriesContext(connection) as bare:
        front_desk.at("scheduling/book/new-patient/")
    assert counts[0] - len(bare) <= 8, (counts, len(bare))


def test_the_tag_of_one_reader_is_not_anothers(site, nine, front_desk, manager):
    with in_practice(site.actor):
        site.book(starts_at=at(9))
    assert board(front_desk)["ETag"] != board(manager)["ETag"]


def test_polling_is_no_activity_and_repeats_nothing_in_the_read_log(site, nine, front_desk):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
    board(front_desk)
    session = front_desk.session
    session["seen_at"] -= 300
    session.save()
    before = session["seen_at"]
    for _ in range(3):
        assert board(front_desk, **POLL).status_code == 200
    assert front_desk.session["seen_at"] == before
    with in_practice(site.actor):
        assert logged(visit.patient) == 1
        newcomer = site.book(starts_at=at(9, 20))
    board(front_desk, **POLL)
    board(front_desk, **POLL)
    with in_practice(site.actor):
        assert (logged(visit.patient), logged(newcomer.patient)) == (1, 1)
        assert AuditAccess.objects.filter(what="Flow board of Main Street").count() == 2
    board(front_desk)
    with in_practice(site.actor):
        assert logged(visit.patient) == 2  # a page that somebody opens is a look of its own


def pressed(person, visit, step, *, version, **headers):
    return person.send(
        f"scheduling/flow/{visit.pk}/do/{step}/",
        {"version": version, "idempotency_key": f"key-{visit.pk}-{step}-{version}"},
        headers=headers,
    )


def test_one_press_takes_a_visit_on_and_says_so(site, nine, front_desk):
    with in_practice(site.actor):
        visit = site.book(site.patient("Presser", "Pia"), starts_at=at(9))
    answer = pressed(front_desk, visit, "arrive", version=1, **{"HX-Request": "true"})
    assert answer.status_code == 204
    assert '"say": "Pia Presser is marked as arrived."' in answer["HX-Trigger"]
    plain = pressed(front_desk, visit, "leave", version=2)
    assert plain.status_code == 302
    assert "/scheduling/flow/?location=" in plain["Location"]
    with in_practice(site.actor):
        visit.refresh_from_db()
        assert visit.status == "left"


@pytest.mark.parametrize("path", ["scheduling/flow/{}/do/check_in/", "scheduling/visits/{}/do/check_in/"])
def test_nobody_is_checked_in_by_a_press_that_looks_at_nothing(site, nine, front_desk, path):
    with in_practice(site.actor):
        visit = appointments.arrive(site.book(starts_at=at(9)), actor=site.actor)
    sent = {"version": visit.version, "idempotency_key": "one"}
    assert front_desk.send(path.format(visit.pk), sent).status_code == 404
    answer = front_desk.post(
        f"/p/harbor/api/v1/scheduling/appointments/{visit.pk}/check_in/",
        "{}",
        content_type="application/json",
        headers={"If-Match": f'"v{visit.version}"'},
    )
    assert answer.status_code == 404
    with in_practice(site.actor):
        visit.refresh_from_db()
        assert visit.status == "arrived"


def test_who_acts_on_an_old_card_is_told_and_changes_nothing(site, nine, front_desk):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
        appointments.arrive(visit, actor=site.actor)
        events = StatusEvent.objects.count()
    answer = pressed(front_desk, visit, "arrive", version=1, **{"HX-Request": "true"})
    assert answer.status_code == 409
    assert "It is arrived, by Mara Mendez at 9:00 AM." in answer["HX-Trigger"]
    assert "Somebody changed this visit" in pressed(front_desk, visit, "arrive", version=1).content.decode()
    with in_practice(site.actor):
        visit.refresh_from_db()
        assert (visit.status, StatusEvent.objects.count()) == ("arrived", events)


def test_a_room_is_chosen_from_the_panel_and_a_taken_one_is_named(site, nine, front_desk):
    with in_practice(site.actor):
        first, second = (
            appointments.check_in(
                appointments.arrive(site.book(starts_at=at(9), provider=n), actor=site.actor),
                actor=site.actor,
            )
            for n in (0, 1)
        )
        room = site.rooms[0]
        appointments.room(first, room=room, actor=site.actor)
    address = f"/p/{front_desk.slug}/scheduling/flow/{second.pk}/room/"
    panel = {"HX-Request": "true", "HX-Target": "panel-body"}
    page = front_desk.get(address, headers=panel).content.decode()
    assert "Room 1: share it" in re.sub(r"<[^>]+>", "", page)
    assert 'name="accept" value="room_taken"' in page
    data = {"room": str(room.pk), "version": second.version, "idempotency_key": "a-room-of-ones-own"}
    refused = front_desk.post(address, data, headers=panel)
    assert refused.status_code == 409
    assert "Room 1 is taken by" in refused.content.decode()
    with in_practice(site.actor):
        second.refresh_from_db()
        assert second.status == "checked_in"
    answer = front_desk.post(address, {**data, "accept": "room_taken"}, headers=panel)
    assert answer.status_code == 204
    with in_practice(site.actor):
        assert Appointment.objects.get(pk=second.pk).status == "roomed"


def test_a_reason_is_chosen_from_the_panel(site, nine, front_desk):
    with in_practice(site.actor):
        visit = appointments.arrive(site.book(starts_at=at(9)), actor=site.actor)
        reason = WaitReason.objects.get(name="Interpreter")
    path = f"scheduling/flow/{visit.pk}/wait/"
    page = front_desk.at(path).content.decode()
    assert "Interpreter" in page
    data = {
        "reason": str(reason.pk),
        "note": "Korean",
        "version": visit.version,
        "idempotency_key": "why-they-wait",
    }
    assert front_desk.send(path, data).status_code == 302
    with in_practice(site.actor):
        assert StatusEvent.objects.filter(wait_reason=reason, note="Korean").exists()
    wrong = {
        **data,
        "reason": str(visit.pk),
        "version": visit.version + 1,
        "idempotency_key": "no-such-reason",
    }
    refused = front_desk.send(path, wrong)
    assert refused.status_code == 422
    assert "Choose a reason from the list" in refused.content.decode()


def test_who_may_only_look_has_no_buttons_and_is_refused(site, nine, biller):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
    text = board(biller).content.decode()
    assert "data-flow-key" not in text
    assert pressed(biller, visit, "arrive", version=1).status_code == 403
    assert biller.at(f"scheduling/flow/{visit.pk}/wait/").status_code == 403
    with in_practice(site.actor):
        visit.refresh_from_db()
        assert visit.status == "booked"


def test_another_practice_sees_no_board_of_this_one(site, nine, stranger):
    with in_practice(site.actor):
        visit = site.book(starts_at=at(9))
    assert stranger.at("scheduling/flow/", location=str(site.site.pk)).status_code == 404
    assert stranger.at(f"scheduling/flow/{visit.pk}/room/").status_code == 404


def test_rest_reads_the_board_and_says_why_somebody_waits(site, nine, manager):
    with in_practice(site.actor):
        visit = appointments.arrive(site.book(starts_at=at(9)), actor=site.actor)
        reason = WaitReason.objects.get(name="Forms")
    path = f"/p/{manager.slug}/api/v1/"
    first = manager.get(f"{path}flow/")
    (card,) = first.json()["cards"]
    assert (card["appointment"], card["status"], card["wait_reason"]) == (str(visit.pk), "arrived", None)
    assert [room["taken"] for room in first.json()["rooms"]] == [0, 0]
    assert manager.get(f"{path}flow/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    body = {"reason": str(reason.pk)}
    address = f"{path}appointments/{visit.pk}/wait/"
    send = {"content_type": "application/json"}
    assert manager.post(address, body, **send).status_code == 428
    done = manager.post(address, body, headers={"If-Match": f'"v{visit.version}"'}, **send)
    assert (done.status_code, done.json()["version"]) == (200, visit.version + 1)
    old = manager.post(address, body, headers={"If-Match": f'"v{visit.version}"'}, **send)
    assert old.status_code == 412
    assert manager.get(f"{path}flow/").json()["cards"][0]["wait_reason"] == str(reason.pk)
