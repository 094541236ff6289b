"""The list of visits to reschedule, and recalls: who is called, when, what came of it, and the visit that closes it."""

from datetime import date, timedelta

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.services import merges, standing
from practice.encrypted import reveal
from practice.models import LetterTemplate, WorkItem
from practice.services import letter_starters, letters
from scheduling import handlers
from scheduling.models import ContactAttempt, Recall, Reschedule
from scheduling.selectors import outreach as found
from scheduling.services import appointments, exceptions, outreach, recalls
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, SEVEN, at, make_clinic

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def causes():
    return dict(Reschedule.objects.values_list("cause", "state"))


def no_show(clinic, visit):
    with clock.at(visit.starts_at + timedelta(minutes=30)):
        return appointments.no_show(visit, actor=clinic.actor)


def test_what_the_practice_cancels_is_to_reschedule_and_what_the_patient_cancels_is_not(clinic):
    ours, theirs = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(10))
    appointments.cancel(ours, by="practice", reason="Provider ill", actor=clinic.actor)
    appointments.cancel(theirs, by="patient_timely", reason="Cold", actor=clinic.actor)
    row = Reschedule.objects.get()
    assert (row.appointment, row.get_cause_display(), row.since, row.next_try_on) == (
        ours, "Cancelled by the practice", MONDAY, MONDAY,
    )  # fmt: skip


def test_a_no_show_is_called_unless_another_visit_of_that_kind_is_booked(clinic):
    missed, other = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(10))
    clinic.book(other.patient, starts_at=at(10, day=MONDAY + DAY))
    no_show(clinic, missed)
    no_show(clinic, other)
    row = Reschedule.objects.get()
    assert (row.appointment, row.get_cause_display()) == (missed, "No-show")
    with clock.at(at(11)):
        appointments.arrive(missed, actor=clinic.actor)
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("settled", "The patient came")


def test_who_left_without_being_seen_is_called(clinic):
    visit = clinic.book(starts_at=at(9))
    with clock.at(at(9)):
        appointments.arrive(visit, actor=clinic.actor)
        appointments.leave(visit, actor=clinic.actor)
    assert Reschedule.objects.get().get_cause_display() == "Left without being seen"


def test_a_displaced_visit_stands_on_the_same_list_until_it_is_settled(clinic):
    visit = clinic.book(starts_at=at(9))
    exceptions.add(
        actor=clinic.actor, resource=clinic.resources[0], starts_on=MONDAY, ends_on=MONDAY, reason="Ill"
    )
    assert causes() == {Reschedule.Cause.DISPLACED: "open"}
    clinic.book(visit.patient, starts_at=at(9, day=MONDAY + DAY))  # another visit: this one still stands
    assert causes() == {Reschedule.Cause.DISPLACED: "open"}
    appointments.move(visit, starts_at=at(10), provider=clinic.providers[1], actor=clinic.actor)
    assert causes() == {Reschedule.Cause.DISPLACED: "settled"}


def test_a_displaced_visit_that_the_practice_cancels_is_still_owed(clinic):
    visit = clinic.book(starts_at=at(9))
    exceptions.add(
        actor=clinic.actor, resource=clinic.resources[0], starts_on=MONDAY, ends_on=MONDAY, reason="Ill"
    )
    appointments.cancel(visit, by="practice", reason="Nobody steps in", actor=clinic.actor)
    assert list(Reschedule.objects.filter(state="open").values_list("cause", flat=True)) == [
        Reschedule.Cause.CANCELLED
    ]


def test_a_new_visit_of_that_kind_closes_it_with_the_visit(clinic):
    visit = clinic.book(starts_at=at(9))
    no_show(clinic, visit)
    clinic.book(visit.patient, starts_at=at(11), kind="pe")
    assert Reschedule.objects.get().is_open
    new = clinic.book(visit.patient, starts_at=at(14))
    row = Reschedule.objects.get()
    assert (row.state, row.new_visit) == ("booked", new)


def test_every_try_is_kept_and_the_next_one_waits_for_its_day(clinic):
    visit = clinic.book(starts_at=at(9))
    no_show(clinic, visit)
    row = Reschedule.objects.get()
    assert list(found.to_call(found.reschedules(clinic.actor), actor=clinic.actor)) == [row]
    outreach.attempt(row, how="phone", result="no_answer", note="Mailbox full", actor=clinic.actor)
    row.refresh_from_db()
    assert row.next_try_on == MONDAY + 2 * DAY  # two business days
    assert not found.to_call(found.reschedules(clinic.actor), actor=clinic.actor).exists()
    outreach.attempt(row, how="text", result="sent", next_try_on=MONDAY + 9 * DAY, actor=clinic.actor)
    row = found.reschedules(clinic.actor).get()
    assert (row.tries, row.next_try_on) == (2, MONDAY + 9 * DAY)
    kept = ContactAttempt.objects.order_by("created_at")[0]
    assert (kept.how, kept.result, kept.note, kept.at, kept.patient) == (
        "phone", "no_answer", "Mailbox full", SEVEN, visit.patient,
    )  # fmt: skip


def test_giving_up_takes_a_try_first_and_can_be_taken_back(clinic):
    visit = clinic.book(starts_at=at(9))
    no_show(clinic, visit)
    row = Reschedule.objects.get()
    with pytest.raises(DomainError, match="Nobody has tried"):
        outreach.give_up(row, reason="Moved?", actor=clinic.actor)
    assert Reschedule.objects.get().is_open
    outreach.attempt(row, how="phone", result="wrong_number", actor=clinic.actor)
    given_up = outreach.give_up(row, reason="Number is dead", actor=clinic.actor)
    assert (given_up.state, given_up.outcome) == ("unreached", "Number is dead")
    with pytest.raises(Conflict):
        outreach.attempt(row, how="phone", result="reached", actor=clinic.actor)
    assert ContactAttempt.objects.count() == 1
    again = outreach.reopen(given_up, actor=clinic.actor)
    assert (again.is_open, again.next_try_on, again.outcome) == (True, MONDAY, "")
    with pytest.raises(Conflict):
        outreach.reopen(again, actor=clinic.actor)


def test_the_next_try_is_no_day_of_the_past(clinic):
    no_show(clinic, clinic.book(starts_at=at(9)))
    row = Reschedule.objects.get()
    with pytest.raises(DomainError) as refused:
        outreach.attempt(row, how="phone", result="reached", next_try_on=MONDAY - DAY, actor=clinic.actor)
    assert refused.value.field == "next_try_on"
    assert not ContactAttempt.objects.exists()


@pytest.fixture
def yearly(clinic):
    return recalls.add_type(
        name="Yearly physical", type=clinic.types["pe"], months=12, actor=clinic.actor, is_automatic=True
    )


def test_a_recall_is_due_so_many_months_later_and_called_for_before(clinic, yearly):
    made = recalls.plan(patient=clinic.patient(), kind=yearly, actor=clinic.actor)
    assert (made.due_on, made.next_try_on) == (date(2027, 3, 2), date(2027, 2, 2))
    with pytest.raises(DomainError) as twice:
        recalls.plan(patient=made.patient, kind=yearly, actor=clinic.actor)
    assert twice.value.field == "kind"
    with pytest.raises(DomainError) as past:
        recalls.plan(patient=clinic.patient(last="B"), kind=yearly, due_on=MONDAY - DAY, actor=clinic.actor)
    assert past.value.field == "due_on"
    assert Recall.objects.count() == 1
    moved = recalls.change(made, due_on=MONDAY + 10 * DAY, note="Blood work first", actor=clinic.actor)
    assert (moved.due_on, moved.next_try_on, moved.note) == (MONDAY + 10 * DAY, MONDAY, "Blood work first")


def test_booking_the_visit_closes_the_recall_and_cancelling_it_makes_it_due_again(clinic, yearly):
    made = recalls.plan(patient=clinic.patient(), kind=yearly, due_on=MONDAY + 9 * DAY, actor=clinic.actor)
    clinic.book(made.patient, starts_at=at(9))
    made.refresh_from_db()
    assert made.is_open  # a follow-up is no physical
    visit = clinic.book(made.patient, starts_at=at(10), kind="pe")
    made.refresh_from_db()
    assert (made.state, made.new_visit) == ("booked", visit)
    appointments.cancel(visit, by="patient_timely", reason="Cold", actor=clinic.actor)
    made.refresh_from_db()
    assert (made.state, made.new_visit, made.next_try_on) == ("open", None, MONDAY)


def test_a_completed_visit_plans_the_next_recall_by_rule_once(clinic, yearly):
    visit = clinic.book(kind="pe", starts_at=at(9))
    with clock.at(at(9)):
        appointments.arrive(visit, actor=clinic.actor)
        appointments.complete(visit, actor=clinic.actor)
    for _ in range(2):
        handlers.plan_recalls(appointment_id=visit.pk, actor=clinic.actor)
    row = Recall.objects.get()
    assert (row.patient, row.due_on, row.after_visit) == (visit.patient, date(2027, 3, 2), visit)


def test_a_type_that_is_not_automatic_plans_nothing(clinic, yearly):
    recalls.change_type(yearly, is_automatic=False, actor=clinic.actor)
    visit = clinic.book(kind="pe", starts_at=at(9))
    with clock.at(at(9)):
        appointments.arrive(visit, actor=clinic.actor)
        appointments.complete(visit, actor=clinic.actor)
    handlers.plan_recalls(appointment_id=visit.pk, actor=clinic.actor)
    assert not Recall.objects.exists()


def test_an_overdue_recall_is_work_until_it_is_closed(clinic, yearly):
    made = recalls.plan(patient=clinic.patient(), kind=yearly, due_on=MONDAY, actor=clinic.actor)
    assert recalls.refresh_list(actor=clinic.actor) == 0
    with clock.at(SEVEN + DAY):
        assert recalls.refresh_list(actor=clinic.actor) == recalls.refresh_list(actor=clinic.actor) == 1
    item = WorkItem.objects.get(kind="scheduling.recall")
    assert (item.state, "Doe" in item.title) == ("open", False)
    outreach.decline(made, reason="Goes elsewhere", actor=clinic.actor)
    item.refresh_from_db()
    assert item.state == "done"


def test_a_recall_letter_says_what_is_due_and_when(clinic, yearly):
    made = recalls.plan(
        patient=clinic.patient(address_line="1 Elm", city="Troy", state="NY", postal_code="12180"),
        kind=yearly,
        due_on=MONDAY,
        actor=clinic.actor,
    )
    letter_starters.install(actor=clinic.actor)
    template = LetterTemplate.objects.get(code="recall-due", language="en")
    letter = letters.write(template=template, about=made, actor=clinic.actor)
    assert (letter.patient_id, letter.version.template) == (made.patient_id, template)
    said = reveal(letter, "content")
    assert "Physical" in said
    assert "March 2, 2026" in said


def test_who_has_died_is_called_no_more(clinic, yearly):
    visit = clinic.book(starts_at=at(9))
    no_show(clinic, visit)
    recalls.plan(patient=visit.patient, kind=yearly, actor=clinic.actor)
    standing.set_status(visit.patient, status="deceased", on=MONDAY, actor=clinic.actor)
    handlers.stop_waiting(patient_id=visit.patient_id, actor=clinic.actor)
    assert {Reschedule.objects.get().state, Recall.objects.get().state} == {"settled"}


def test_rows_follow_the_record_that_is_kept(clinic, yearly):
    visit, kept = clinic.book(starts_at=at(9)), clinic.patient(last="Kept")
    no_show(clinic, visit)
    outreach.attempt(Reschedule.objects.get(), how="phone", result="no_answer", actor=clinic.actor)
    recalls.plan(patient=visit.patient, kind=yearly, actor=clinic.actor)
    merges.merge(kept=kept, gone=visit.patient, reason="Twice", actor=clinic.actor)
    assert (Reschedule.objects.get().patient, Recall.objects.get().patient) == (kept, kept)
    assert found.reschedules(clinic.actor).get().tries == 1


def test_who_may_not_book_may_read_and_nothing_else(clinic, yearly):
    no_show(clinic, clinic.book(starts_at=at(9)))
    made = recalls.plan(patient=clinic.patient(), kind=yearly, actor=clinic.actor)
    row = Reschedule.objects.get()
    with in_practice(actor_named("biller")) as biller:
        assert found.reschedules(biller).get() == row
        for act in (
            lambda: outreach.attempt(row, how="phone", result="reached", actor=biller),
            lambda: outreach.decline(row, reason="x", actor=biller),
            lambda: outreach.decline(made, reason="x", actor=biller),
            lambda: recalls.change(made, due_on=MONDAY, actor=biller),
            lambda: recalls.plan(patient=made.patient, kind=yearly, actor=biller),
        ):
            with pytest.raises(Forbidden):
                act()
        assert (Reschedule.objects.get().is_open, Recall.objects.get().is_open) == (True, True)
        assert not ContactAttempt.objects.exists()


def test_the_desk_works_the_list_on_the_page(acting, seven, front_desk):
    with acting("manager") as actor:
        clinic = make_clinic(actor)
        visit = clinic.book(clinic.patient(phone="9145550188"), starts_at=at(9))
        no_show(clinic, visit)
        row = Reschedule.objects.get()
    page = front_desk.at("scheduling/reschedule/", view="call").content.decode()
    assert "No-show" in page
    assert "Jane Doe" in page
    detail = front_desk.at(f"scheduling/reschedule/{row.pk}/").content.decode()
    assert "(914) 555-0188" in detail
    assert f"scheduling/book/?patient={visit.patient_id}&amp;line=fu" in detail
    front_desk.send(
        f"scheduling/reschedule/{row.pk}/do/attempt/",
        {"how": "phone", "result": "message", "idempotency_key": "t1"},
    )
    assert "Left a message" in front_desk.at(f"scheduling/reschedule/{row.pk}/").content.decode()
