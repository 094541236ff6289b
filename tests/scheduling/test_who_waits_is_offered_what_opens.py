"""The wait list: who fits an opening, in which order, and offers that hold their time until they are answered."""

import json
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.services import merges, standing
from practice import jobs
from practice.actor import Actor
from practice.models import JobRun, WorkItem
from practice.services import rule_values
from scheduling import handlers
from scheduling.models import Appointment, ResourceBooking, WaitlistEntry, WaitlistOffer
from scheduling.rules import Opening
from scheduling.rules.waiting import Want, best, ranked, suits, why
from scheduling.selectors import waiting
from scheduling.services import appointments, waitlist
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, NEW_YORK, SEVEN, at, make_clinic

pytestmark = pytest.mark.django_db
SITE, DOCTOR = UUID(int=7), UUID(int=8)


def want(number=1, **more):
    given = {
        "id": UUID(int=number),
        "type_id": UUID(int=99),
        "priority": 3,
        "since": date(2026, 2, 1),
        "earliest": MONDAY,
        "latest": MONDAY + timedelta(days=30),
        "weekdays": frozenset(range(7)),
    }
    return Want(**given | more)


def opening(hour, minute=0, *, day=MONDAY, minutes=20):
    start = at(hour, minute, day=day)
    return Opening(
        start, start + timedelta(minutes=minutes), SITE, DOCTOR, "P. Lee, MD", SITE, "Main", NEW_YORK.key
    )


SUITS = [
    ({}, True),
    ({"weekdays": frozenset({0})}, True),
    ({"weekdays": frozenset({1, 2})}, False),
    ({"starts_from": time(9)}, True),
    ({"starts_from": time(9, 1)}, False),
    ({"ends_by": time(9, 20)}, True),
    ({"ends_by": time(9, 19)}, False),
    ({"earliest": MONDAY + timedelta(days=1)}, False),
    ({"latest": MONDAY - timedelta(days=1), "earliest": MONDAY - timedelta(days=9)}, False),
    ({"notice": timedelta(hours=2)}, True),
    ({"notice": timedelta(hours=2, minutes=1)}, False),
    ({"providers": frozenset({DOCTOR})}, True),
    ({"providers": frozenset({UUID(int=1)})}, False),
    ({"locations": frozenset({SITE})}, True),
    ({"locations": frozenset({UUID(int=1)})}, False),
]


@pytest.mark.parametrize(("asked", "fits"), SUITS, ids=str)
def test_a_time_suits_by_day_hours_notice_provider_and_site(asked, fits):
    assert suits(want(**asked), opening(9), now=at(7)) is fits


def test_the_day_and_hours_are_those_of_the_site():
    late = opening(23, 30)  # already Tuesday in UTC
    assert suits(want(weekdays=frozenset({0}), starts_from=time(23)), late, now=at(7))
    assert not suits(want(weekdays=frozenset({1})), late, now=at(7))
    assert not suits(want(ends_by=time(23, 59)), opening(23, 50), now=at(7))


def test_the_most_urgent_is_first_then_who_has_waited_longest():
    urgent = want(1, priority=1, since=date(2026, 3, 1))
    old, new = want(2, since=date(2026, 1, 1)), want(3, since=date(2026, 2, 20))
    assert ranked([new, old, urgent]) == [urgent, old, new]
    twin = want(4, since=date(2026, 1, 1))
    assert ranked([twin, old]) == [old, twin]
    assert why(urgent, after=old, today=MONDAY) == "Urgent, waiting 1 day: more urgent than the next"
    assert why(old, after=new, today=MONDAY) == "Routine, waiting 60 days: 50 days longer than the next"
    assert why(old, after=twin, today=MONDAY) == "Routine, waiting 60 days: as long as the next"
    assert why(new, after=None, today=MONDAY) == "Routine, waiting 10 days"


def test_the_best_time_is_the_first_that_suits_or_the_one_nearest_to_what_opened():
    rows = [opening(11), opening(9), opening(10)]
    asked = want(starts_from=time(9, 30))
    assert best(asked, rows, now=at(7)) == rows[2]
    assert best(asked, rows, now=at(7), near=at(11, 10)) == rows[0]
    assert best(want(weekdays=frozenset({5})), rows, now=at(7)) is None


def wait(clinic, patient=None, *, kind="fu", **more):
    return waitlist.add(
        patient=patient or clinic.patient(last=f"Waits{WaitlistEntry.objects.count()}"),
        type=clinic.types[kind],
        actor=clinic.actor,
        **more,
    )


def offer(clinic, entry, *, starts_at=None, **more):
    return waitlist.offer(
        entry,
        provider=clinic.providers[0],
        location=clinic.site,
        starts_at=starts_at or at(15),
        actor=clinic.actor,
        **more,
    )


def cancelled(clinic, **more):
    return appointments.cancel(
        clinic.book(**more), by="patient_timely", reason="Has a cold", actor=clinic.actor
    )


def test_a_cancelled_visit_fits_whom_it_is_long_enough_for_in_order(clinic):
    for minute in (0, 40):  # what is before and after it stays booked
        clinic.book(starts_at=at(14, minute))
    later = wait(clinic)
    with clock.at(SEVEN - timedelta(days=4)):
        longer = wait(clinic)
    urgent = wait(clinic, priority=1)
    wait(clinic, kind="pe")  # 40 minutes and 10 after them: too long
    wait(clinic, starts_from=time(15))
    wait(clinic, notice_hours=8)
    freed = cancelled(clinic, starts_at=at(14, 20))
    found = waiting.fits_opening(freed, actor=clinic.actor)
    assert [each.entry for each in found] == [urgent, longer, later]
    assert {each.opening.starts_at for each in found} == {at(14, 20)}
    assert [each.why.partition(":")[2] for each in found] == [
        " more urgent than the next", " 4 days longer than the next", "",
    ]  # fmt: skip


def test_a_freed_time_together_with_what_is_free_beside_it_fits_a_longer_visit(clinic):
    entry = wait(clinic, kind="pe")
    freed = cancelled(clinic, starts_at=at(14, 20))
    [match] = waiting.fits_opening(freed, actor=clinic.actor)
    assert (match.entry, match.opening.starts_at) == (entry, at(14, 20))


def test_a_moved_visit_gives_its_old_time_back(clinic):
    entry = wait(clinic, starts_from=time(14), ends_by=time(14, 20))
    visit = clinic.book(starts_at=at(14))
    assert waiting.fits_opening(visit, actor=clinic.actor) == []
    moved = appointments.move(visit, starts_at=at(16), actor=clinic.actor)
    [match] = waiting.fits_opening(moved, actor=clinic.actor)
    assert (match.entry, match.opening.starts_at) == (entry, at(14))
    gone = appointments.cancel(moved, by="patient", reason="Ill", actor=clinic.actor)
    assert waiting.fits_opening(gone, actor=clinic.actor) == []  # the page is about 4 PM, which suits nobody


def test_what_is_over_fits_nobody(clinic):
    wait(clinic, notice_hours=0)
    freed = cancelled(clinic, starts_at=at(8))
    with clock.at(at(8, 30)):
        assert waiting.fits_opening(freed, actor=clinic.actor) == []


def test_each_entry_has_its_best_opening(clinic):
    soon, thursday = wait(clinic), wait(clinic, weekdays=[3], starts_from=time(13))
    never = wait(clinic, weekdays=[6])
    found = {each.entry: each.opening for each in waiting.best_openings(clinic.actor)}
    assert found[soon].starts_at == at(9)  # two hours of notice at 7:00 AM
    assert found[thursday].starts_at == at(13, day=MONDAY + timedelta(days=3))
    assert found[never] is None


def test_an_offer_holds_its_time_and_telling_is_work_until_it_is_done(clinic):
    entry = wait(clinic)
    made = offer(clinic, entry)
    assert (made.state, made.told, made.expires_at) == ("offered", "not_yet", SEVEN + timedelta(hours=2))
    assert (made.appointment.status, made.appointment.created_via) == ("held", "waitlist")
    item = WorkItem.objects.get(kind="scheduling.waitlist_call")
    assert item.state == "open"
    assert "Waits" not in item.title
    assert waiting.best_openings(clinic.actor) == []  # whom something is offered is not asked again
    told = waitlist.tell(made, told="voicemail", note="With her son", actor=clinic.actor)
    item.refresh_from_db()
    assert (told.told, told.note, item.state) == ("voicemail", "With her son", "done")


def test_accepting_books_the_held_visit_and_closes_the_entry_with_it(clinic):
    entry = wait(clinic)
    made = waitlist.accept(offer(clinic, entry, told="phone"), actor=clinic.actor)
    entry.refresh_from_db()
    assert (made.state, made.appointment.status) == ("accepted", "booked")
    assert (entry.state, entry.visit) == ("booked", made.appointment)
    assert Appointment.objects.get().hold_expires_at is None


def test_declining_frees_the_time_for_the_next_one(clinic):
    first, second = wait(clinic), wait(clinic)
    made = waitlist.decline(offer(clinic, first), note="Not on Mondays", actor=clinic.actor)
    first.refresh_from_db()
    assert (made.state, made.note, first.state) == ("declined", "Not on Mondays", "waiting")
    assert offer(clinic, second).is_live
    assert WorkItem.objects.filter(kind="scheduling.waitlist_call", state="open").count() == 1


def test_an_offer_runs_out_with_its_hold(clinic):
    entry = wait(clinic)
    made = offer(clinic, entry)
    with clock.at(made.expires_at):
        with pytest.raises(Conflict, match="too long ago"):
            waitlist.accept(made, actor=clinic.actor)
        made.refresh_from_db()
        assert made.state == "offered"
        clinic.book(starts_at=at(15))
    made.refresh_from_db()
    entry.refresh_from_db()
    assert (made.state, entry.state) == ("expired", "waiting")


def test_nobody_is_offered_two_times_and_no_time_to_two_people(clinic):
    first, second = wait(clinic), wait(clinic)
    offer(clinic, first)
    with pytest.raises(Conflict, match="Another time is offered"):
        offer(clinic, first, starts_at=at(16))
    with pytest.raises(Conflict):
        offer(clinic, second)
    assert WaitlistOffer.objects.count() == 1


def test_taking_back_an_offer_asks_why(clinic):
    made = offer(clinic, wait(clinic))
    with pytest.raises(DomainError) as refused:
        waitlist.take_back(made, reason=" ", actor=clinic.actor)
    assert refused.value.field == "reason"
    assert WaitlistOffer.objects.get().is_live
    assert waitlist.take_back(made, reason="Provider leaves", actor=clinic.actor).state == "withdrawn"
    assert not ResourceBooking.objects.filter(active=True).exists()


def test_an_entry_needs_one_thing_to_wait_for_and_days_to_come(clinic):
    patient = clinic.patient()
    entry = wait(clinic, patient)
    assert (entry.earliest, entry.latest) == (MONDAY, MONDAY + timedelta(days=90))
    with pytest.raises(DomainError) as twice:
        wait(clinic, patient)
    assert twice.value.field == "type"
    with pytest.raises(DomainError) as past:
        wait(clinic, patient, kind="pe", latest=MONDAY - timedelta(days=1))
    assert past.value.field == "latest"
    assert WaitlistEntry.objects.count() == 1
    changed = waitlist.change(
        entry, actor=clinic.actor, priority=1, latest=None, providers=clinic.providers[:1]
    )
    assert (changed.priority, changed.latest, changed.with_whom) == (1, entry.latest, "P. Lee0, MD")


def test_withdrawing_frees_what_was_on_offer(clinic):
    entry = wait(clinic)
    offer(clinic, entry)
    waitlist.withdraw(entry, reason="Went elsewhere", actor=clinic.actor)
    entry.refresh_from_db()
    assert (entry.state, entry.outcome) == ("withdrawn", "Went elsewhere")
    assert WaitlistOffer.objects.get().state == "withdrawn"
    assert not ResourceBooking.objects.filter(active=True).exists()
    with pytest.raises(Conflict):
        offer(clinic, entry)


def test_a_visit_of_somebody_else_closes_no_entry(clinic):
    entry, other = wait(clinic), clinic.book()
    with pytest.raises(DomainError):
        waitlist.close_with(entry, visit=other, actor=clinic.actor)
    own = clinic.book(entry.patient, starts_at=at(10))
    assert waitlist.close_with(entry, visit=own, actor=clinic.actor).visit == own


def test_who_has_died_or_was_discharged_waits_no_more(clinic):
    died, gone, moved = wait(clinic), wait(clinic), wait(clinic)
    offer(clinic, died)
    for entry, values in (
        (died, {"status": "deceased", "on": MONDAY}),
        (gone, {"status": "discharged", "reason": "Threatened staff"}),
        (moved, {"status": "moved"}),
    ):
        standing.set_status(entry.patient, actor=clinic.actor, **values)
        handlers.stop_waiting(patient_id=entry.patient_id, actor=clinic.actor)
        entry.refresh_from_db()
    assert [each.state for each in (died, gone, moved)] == ["withdrawn", "withdrawn", "waiting"]
    assert died.outcome == "The patient has died"
    assert not ResourceBooking.objects.filter(active=True).exists()
    assert (
        JobRun.objects.filter(kind="practice.event", key__startswith="patient.standing_changed").count() == 3
    )


def test_the_entry_follows_the_record_that_is_kept(clinic):
    kept, entry = clinic.patient(last="Kept"), wait(clinic)
    merges.merge(kept=kept, gone=entry.patient, reason="Twice", actor=clinic.actor)
    entry.refresh_from_db()
    assert (entry.patient, entry.state) == (kept, "waiting")


def test_what_ends_soon_is_work_and_what_is_over_expires(clinic):
    entry, later = wait(clinic, latest=MONDAY + timedelta(days=7)), wait(clinic)
    assert waitlist.refresh_list(actor=clinic.actor) == waitlist.refresh_list(actor=clinic.actor) == 1
    item = WorkItem.objects.get(kind="scheduling.waitlist_ending")
    assert (item.due_on, "Waits" in item.title) == (entry.latest, False)
    with clock.at(SEVEN + timedelta(days=8)):
        waitlist.refresh_list(actor=clinic.actor)
    entry.refresh_from_db()
    later.refresh_from_db()
    item.refresh_from_db()
    assert (entry.state, item.state, later.state) == ("expired", "done", "waiting")


def automatic(clinic):
    rule_values.set_value(
        code="waitlist.offer_automatically",
        value="yes",
        effective_from=MONDAY,
        reason="Trial",
        actor=clinic.actor,
    )


def freed_jobs(actor):
    for job in JobRun.objects.filter(kind="scheduling.offer_opening"):
        visit = Appointment.objects.get(pk=job.args["appointment"])
        yield waitlist.offer_next(visit, actor=actor)


def test_nothing_is_offered_by_itself_until_the_rule_says_so(clinic):
    wait(clinic)
    cancelled(clinic, starts_at=at(14, day=MONDAY + timedelta(days=8)))
    assert not JobRun.objects.filter(kind="scheduling.offer_opening").exists()
    assert not WaitlistOffer.objects.exists()


def test_with_the_rule_on_the_next_one_is_offered_what_opened_and_work_says_tell(clinic):
    automatic(clinic)
    first, second = wait(clinic, priority=1), wait(clinic)
    when = at(14, day=MONDAY + timedelta(days=8))
    cancelled(clinic, starts_at=when)
    [made] = freed_jobs(clinic.actor)
    assert (made.entry, made.appointment.starts_at) == (first, when)
    assert WorkItem.objects.get(kind="scheduling.waitlist_call").state == "open"
    waitlist.decline(made, actor=clinic.actor)
    [made] = filter(None, freed_jobs(clinic.actor))
    assert (made.entry, made.appointment.starts_at) == (second, when)  # not to whom has just declined it


def test_nothing_nearer_than_the_floor_is_offered_by_itself(clinic):
    automatic(clinic)
    wait(clinic)
    cancelled(clinic, starts_at=at(14, day=MONDAY + timedelta(days=2)))
    assert list(freed_jobs(clinic.actor)) == [None]
    assert not WaitlistOffer.objects.exists()


def test_its_jobs_do_what_they_say(clinic):
    wait(clinic, latest=MONDAY)
    actor = Actor(kind="job", practice_id=clinic.actor.practice_id)
    assert waitlist.refresh_list(actor=actor) == 1
    assert {"scheduling.waitlist", "scheduling.offer_opening"} <= set(jobs.kinds())


def test_who_may_not_book_may_read_and_nothing_else(clinic):
    entry = wait(clinic)
    made = offer(clinic, entry)
    with in_practice(actor_named("biller")) as biller:
        assert waiting.visible_to(biller).get() == entry
        for act in (
            lambda: waitlist.accept(made, actor=biller),
            lambda: waitlist.decline(made, actor=biller),
            lambda: waitlist.tell(made, told="phone", actor=biller),
            lambda: waitlist.withdraw(entry, reason="x", actor=biller),
            lambda: waitlist.change(entry, actor=biller, priority=1),
        ):
            with pytest.raises(Forbidden):
                act()
        made.refresh_from_db()
        entry.refresh_from_db()
        assert (made.is_live, entry.is_waiting, entry.priority) == (True, True, 3)


@pytest.fixture
def desk(acting, seven, front_desk):
    with acting("manager") as actor:
        clinic = make_clinic(actor)
        entry = wait(clinic, note="Calls back after 5")
        visit = clinic.book(starts_at=at(14))
    return front_desk, clinic, entry, visit


def test_after_a_cancellation_the_desk_sees_whom_the_opening_fits_and_offers_it(desk):
    person, clinic, entry, visit = desk
    answer = person.send(
        f"scheduling/visits/{visit.pk}/cancel/",
        {"by": "patient_timely", "reason": "Cold", "idempotency_key": "c1"},
        follow=True,
    )
    page = answer.content.decode()
    assert "This opening fits 1 person waiting." in page
    assert "Monday, March 2, 2:00 PM is open" in page
    slot = page.partition('name="slot" value="')[2].partition('"')[0]
    assert slot.startswith("2026-03-02T19:00Z|")
    offered = person.send(
        f"scheduling/fill/{entry.pk}/offer/",
        {"slot": slot, "told": "phone", "idempotency_key": "o1"},
        follow=True,
    )
    page = offered.content.decode()
    assert "is held for" in page
    assert "Waiting for an answer" in page
    with in_practice(clinic.actor):
        made = WaitlistOffer.objects.get()
        assert (made.entry, made.told, made.appointment.starts_at) == (entry, "phone", at(14))
    person.send(f"scheduling/waitlist-offers/{made.pk}/do/accept/", {"idempotency_key": "a1"})
    with in_practice(clinic.actor):
        assert WaitlistEntry.objects.get().state == "booked"


def test_what_is_unusual_is_asked_about_and_offered_anyway(desk):
    person, clinic, entry, _ = desk
    with in_practice(clinic.actor):
        clinic.book(entry.patient, starts_at=at(10))
    slot = f"2026-03-02T15:00Z|{clinic.resources[1].pk}"
    address = f"scheduling/fill/{entry.pk}/offer/"
    asked = person.send(address, {"slot": slot, "told": "phone", "idempotency_key": "w1"})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Offer anyway" in page
    assert f'name="slot" value="{slot}"' in page
    with in_practice(clinic.actor):
        assert not WaitlistOffer.objects.exists()
    sent = {"slot": slot, "told": "phone", "accept": "patient_overlap", "idempotency_key": "w2"}
    done = person.send(address, sent | {"override_reason": "The first one is cancelled at ten"}, follow=True)
    assert "is held for" in done.content.decode()
    with in_practice(clinic.actor):
        assert WaitlistOffer.objects.get().appointment.starts_at == at(10)


def test_with_nobody_waiting_the_desk_goes_back_to_the_day(desk):
    person, clinic, entry, visit = desk
    with in_practice(clinic.actor):
        waitlist.withdraw(entry, reason="Elsewhere", actor=clinic.actor)
    answer = person.send(
        f"scheduling/visits/{visit.pk}/cancel/",
        {"by": "practice", "reason": "Provider ill", "idempotency_key": "c2"},
    )
    assert answer.url.startswith("/p/harbor/scheduling/?day=2026-03-02")


def test_the_fill_page_says_why_and_where_and_the_booking_line_closes_the_entry(desk):
    person, clinic, entry, _ = desk
    page = person.at("scheduling/fill/").content.decode()
    assert "Routine, waiting 0 days" in page
    assert "Monday, March 2, 9:00 AM with P. Lee0, MD at Main Street" in page
    assert "Calls back after 5" in page
    panel = person.at("scheduling/book/", patient=entry.patient_id, line="fu", entry=entry.pk)
    assert "From the wait list" in panel.content.decode()
    slot = f"2026-03-02T15:00Z|{clinic.resources[1].pk}"
    given = {"patient": entry.patient_id, "line": "fu", "entry": entry.pk, "slot": slot, "day": "2026-03-02"}
    assert person.send("scheduling/book/", given | {"idempotency_key": "b1"}).status_code == 302
    with in_practice(clinic.actor):
        done = WaitlistEntry.objects.select_related("visit").get()
        assert (done.state, done.visit.starts_at) == ("booked", at(10))


@pytest.mark.parametrize("said", [{"line": "fu", "hold": "1"}, {"line": "fu hold"}])
def test_the_line_can_hold_a_time_and_leaves_the_entry_waiting(desk, said):
    person, clinic, entry, _ = desk
    slot = f"2026-03-02T15:00Z|{clinic.resources[1].pk}"
    given = {"patient": entry.patient_id, "slot": slot, "day": "2026-03-02", **said}
    offered = person.at("scheduling/book/", patient=entry.patient_id, line=said["line"], day="2026-03-02")
    assert ('aria-label="Hold ' in offered.content.decode()) == ("hold" in said["line"])
    answer = person.send("scheduling/book/", given | {"idempotency_key": "b2"}, follow=True)
    assert "held for 5 minutes" in answer.content.decode()
    with in_practice(clinic.actor):
        held = Appointment.objects.get(status="held")
        assert (held.starts_at, WaitlistEntry.objects.get().state) == (at(10), "waiting")
    page = person.at(f"scheduling/visits/{held.pk}/").content.decode()
    assert "Held until 7:05 AM" in page
    assert "Release the time" in page


def test_a_booked_visit_says_that_its_patient_waits_and_closes_the_entry(desk):
    person, clinic, entry, _ = desk
    with in_practice(clinic.actor):
        mine = clinic.book(entry.patient, starts_at=at(11))
    page = person.at(f"scheduling/visits/{mine.pk}/").content.decode()
    assert "This visit is it: close the entry" in page
    person.send(f"scheduling/waitlist/{entry.pk}/do/booked/", {"visit": mine.pk, "idempotency_key": "v1"})
    with in_practice(clinic.actor):
        assert WaitlistEntry.objects.get().visit_id == mine.pk


def test_by_rest_who_fits_is_read_and_a_time_is_offered(desk):
    person, clinic, entry, visit = desk
    with in_practice(clinic.actor):
        appointments.cancel(visit, by="practice", reason="Ill", actor=clinic.actor)
    fitting = person.at("api/v1/scheduling/waitlist/fitting/", appointment=visit.pk).json()["results"]
    assert [row["entry"] for row in fitting] == [str(entry.pk)]
    chosen = fitting[0]["opening"]
    body = {name: chosen[name] for name in ("provider", "location", "starts_at")} | {"told": "phone"}
    address = f"/p/harbor/api/v1/scheduling/waitlist/{entry.pk}/offer/"
    assert person.post(address, json.dumps(body), content_type="application/json").status_code == 428
    made = person.post(
        address, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": "w1"}
    )
    assert (made.status_code, made.json()["told"], made.json()["state"]) == (201, "phone", "offered"), (
        made.content
    )
    again = person.post(
        address, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": "w2"}
    )
    assert again.status_code == 409
