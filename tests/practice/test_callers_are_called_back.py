"""A call taken down is somebody's work by its clock until the caller was reached and the matter closed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.services import patients
from practice.models import CallAttempt, Membership, Notice, PhoneMessage, Role, WorkItem
from practice.selectors import phone as found
from practice.services import people, phone
from tests.practice.letter_samples import make_patient

pytestmark = pytest.mark.django_db
ITEM = "practice.call_back"
FORM = {"caller": "Nell's sister", "phone": "9145550170", "text": "Please call"}
FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("America/New_York"))


def take(actor, **values):
    return phone.take(actor=actor, **FORM | values)


def member(name):
    return Membership.objects.select_related("user").get(user__name=name)


def test_five_fields_take_a_call_and_a_second_post_none(front_desk, acting):
    page = front_desk.at("phone-messages/new/").content.decode()
    assert [
        name for name in ("caller", "phone", "category", "text", "to") if f'name="{name}"' not in page
    ] == []
    assert 'name="urgency"' not in page
    for _ in range(2):
        answer = front_desk.send("phone-messages/new/", FORM | {"idempotency_key": "twice"})
        assert answer.status_code == 302
    assert front_desk.send("phone-messages/new/", FORM | {"phone": ""}).status_code == 422
    with acting("manager"):
        made = PhoneMessage.objects.get()
        assert (made.role.code, made.urgency, made.state) == ("front_desk", "routine", "new")


def test_it_is_two_keys_away(physician):
    found_there = {hit["label"]: hit["url"] for hit in physician.at("palette/", q="take a").json()}
    assert found_there["Take a phone message"] == "/p/harbor/phone-messages/new/"


def test_the_clock_counts_as_the_urgency_says(acting):
    with acting("front_desk") as actor, clock.at(FRIDAY):
        urgent = take(actor, category="urgent", urgency="routine")
        assert (urgent.urgency, urgent.call_back_by - FRIDAY) == ("now", timedelta(minutes=30))
        assert urgent.role.code == "physician"
        local = take(actor, category="results").call_back_by.astimezone(FRIDAY.tzinfo)
        assert (local.date().isoformat(), local.hour, local.minute) == ("2026-11-23", 10, 30)


def test_it_is_work_of_whom_it_is_for_and_they_are_told_once(acting):
    with acting("front_desk") as actor:
        made = take(actor, to=member("Percy Park"))
        item = WorkItem.objects.get(kind=ITEM)
        assert item.owner == member("Percy Park")
        assert "sister" not in item.title
        assert Notice.objects.get(kind="practice.message").member == item.owner
        phone.route(made, to=Role.objects.get(code="biller"), actor=actor)
        item.refresh_from_db()
        assert (item.owner, item.role.code) == (None, "biller")
    with acting("biller") as actor:
        assert list(found.of_my_roles(found.visible_to(actor), actor=actor)) == [made]
        assert list(found.mine(found.visible_to(actor), actor=actor)) == []


def test_each_try_is_kept_and_the_outcome_closes_it(front_desk, acting):
    with acting("front_desk") as actor:
        made = take(actor)
    here = f"phone-messages/{made.pk}/do/call/"
    assert front_desk.send(here, {"result": "voicemail"}).status_code == 302
    assert front_desk.send(here, {"result": "no_answer", "outcome": "Done"}).status_code == 422
    with acting("front_desk") as actor:
        made.refresh_from_db()
        assert (made.state, made.reached_at, CallAttempt.objects.count()) == ("voicemail", None, 1)
        with clock.at(made.call_back_by + timedelta(minutes=1)):
            assert list(found.overdue(found.visible_to(actor), actor=actor)) == [made]
            phone.call_back(made, result="reached", actor=actor)
            assert list(found.overdue(found.visible_to(actor), actor=actor)) == []
    assert front_desk.send(here, {"result": "reached", "outcome": "New visit booked"}).status_code == 302
    with acting("front_desk") as actor:
        made.refresh_from_db()
        assert (made.state, made.outcome) == ("closed", "New visit booked")
        assert WorkItem.objects.get(kind=ITEM).state == "done"
        with pytest.raises(Conflict):
            phone.call_back(made, result="reached", actor=actor)
        assert CallAttempt.objects.count() == 3


def test_it_hides_with_a_restricted_patient(front_desk, manager, stranger, acting):
    with acting("manager") as actor:
        about = make_patient(actor, last_name="Famous")
    form = FORM | {"about": f"patients.patient:{about.pk}"}
    assert front_desk.send("phone-messages/new/", form).status_code == 302
    assert "Phone message 1" in front_desk.at(f"patients/{about.pk}/").content.decode()
    with acting("manager") as actor:
        made = PhoneMessage.objects.get()
        assert made.patient_id == about.pk
        patients.restrict(about, reason="In the public eye", actor=actor)
        with pytest.raises(DomainError):
            phone.route(made, to=member("Fay Flores"), actor=actor)
        made.refresh_from_db()
        assert made.role.code == "front_desk"
    assert front_desk.at(f"phone-messages/{made.pk}/").status_code == 404
    assert "sister" not in front_desk.at("phone-messages/").content.decode()
    assert front_desk.send("phone-messages/new/", form).status_code == 422
    assert manager.at(f"phone-messages/{made.pk}/").status_code == 200
    for address in (f"/p/harbor/phone-messages/{made.pk}/", f"/p/summit/phone-messages/{made.pk}/"):
        assert stranger.get(address).status_code == 404


def test_who_left_or_may_not_answer_gets_none(acting):
    with acting("manager") as actor:
        gone = member("Percy Park")
        people.end_membership(gone, reason="Left", actor=actor)
        for to in (gone, Role.objects.get(code="auditor")):
            with pytest.raises(DomainError) as refused:
                take(actor, to=to)
            assert refused.value.field == "to"
        bare = actor.__class__(kind="user", practice_id=actor.practice_id)
        with pytest.raises(Forbidden):
            take(bare)
        assert not PhoneMessage.objects.exists()
