"""The way of a complaint: every step is kept, a skipped one is refused, and the desk may not close."""

from datetime import date

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from patients.complaint_rules import STEPS
from patients.models import Complaint, ComplaintEvent
from patients.services import complaints, patients
from practice.models import WorkItem

SAID = {
    "acknowledged": (complaints.acknowledge, {"note": "Called"}),
    "investigating": (complaints.investigate, {"note": "Asked the desk"}),
    "responded": (complaints.respond, {"note": "Letter sent"}),
    "closed": (complaints.close, {"resolution": "A second person at noon"}),
    "reopened": (complaints.reopen, {"reason": "It happened again"}),
}
WAY = {
    "received": (),
    "acknowledged": ("acknowledged",),
    "investigating": ("investigating",),
    "responded": ("investigating", "responded"),
    "closed": ("closed",),
    "reopened": ("closed", "reopened"),
}


def take(actor, **details):
    given = {"channel": "phone", "category": "access", "summary": "Waited too long"} | details
    return complaints.receive(actor=actor, **given)


def go(complaint, *stages, actor):
    for stage in stages:
        service, said = SAID[stage]
        complaint = service(complaint, actor=actor, **said)
    return complaint


def kept(complaint):
    return list(complaint.events.order_by("id").values_list("stage", "note"))


def test_every_stage_is_reached_and_left():
    assert set(STEPS) == set(Complaint.Stage.values)
    assert {stage for following in STEPS.values() for stage in following} == set(STEPS) - {"received"}


def test_a_grievance_goes_all_the_way_and_every_step_is_kept(acting):
    with acting("owner") as actor:
        made = take(actor, is_grievance=True)
        done = go(made, "acknowledged", "investigating", "responded", "closed", actor=actor)
        assert (done.stage, done.resolution, done.closed_on is not None) == (
            "closed", "A second person at noon", True,
        )  # fmt: skip
        assert kept(made) == [
            ("received", "Waited too long"),
            ("acknowledged", "Called"),
            ("investigating", "Asked the desk"),
            ("responded", "Letter sent"),
            ("closed", "A second person at noon"),
        ]
        assert WorkItem.objects.get(kind=complaints.ITEM).state == "done"


@pytest.mark.parametrize("given", sorted(WAY))
def test_only_the_steps_of_the_table_are_possible(acting, given):
    for wanted in sorted(SAID):
        with acting("owner") as actor:
            made = go(take(actor), *WAY[given], actor=actor)
            before = kept(made)
            service, said = SAID[wanted]
            if wanted in STEPS[given]:
                assert service(made, actor=actor, **said).stage == wanted
                assert len(kept(made)) == len(before) + 1
                continue
            with pytest.raises(Conflict):
                service(made, actor=actor, **said)
            made.refresh_from_db()
            assert (made.stage, kept(made)) == (given, before)


@pytest.mark.parametrize("details", [{"is_grievance": True}, {"channel": "letter"}, {"channel": "email"}])
def test_a_grievance_is_answered_before_it_is_closed(acting, details):
    with acting("owner") as actor:
        made = go(take(actor, **details), "investigating", actor=actor)
        assert made.is_grievance
        assert not made.can_close
        with pytest.raises(Conflict, match="respond first"):
            complaints.close(made, actor=actor, resolution="Nothing")
        made.refresh_from_db()
        assert (made.stage, made.closed_on) == ("investigating", None)


@pytest.mark.parametrize("wanted", ["acknowledged", "investigating", "closed"])
def test_a_step_without_words_is_refused(acting, wanted):
    with acting("owner") as actor:
        made = take(actor)
        service, said = SAID[wanted]
        with pytest.raises(DomainError) as refused:
            service(made, actor=actor, **dict.fromkeys(said, "  "))
        assert refused.value.field == next(iter(said))
        made.refresh_from_db()
        assert (made.stage, len(kept(made))) == ("received", 1)


def test_reopening_starts_the_clock_again_and_keeps_the_old_resolution_in_the_steps(acting):
    with acting("owner") as actor:
        made = go(take(actor), "closed", actor=actor)
        Complaint.objects.filter(pk=made.pk).update(resolve_by=date(2020, 1, 1))
        again = go(made, "reopened", actor=actor)
        assert (again.resolution, again.closed_on) == ("", None)
        assert again.resolve_by > date(2020, 1, 1)
        assert ("closed", "A second person at noon") in kept(made)
        assert WorkItem.objects.filter(kind=complaints.ITEM, state="open").count() == 1


def test_a_closed_one_is_not_rewritten(acting):
    with acting("owner") as actor:
        made = go(take(actor), "closed", actor=actor)
        with pytest.raises(Conflict):
            complaints.change(made, actor=actor, summary="All was well")
        made.refresh_from_db()
        assert made.summary == "Waited too long"


def test_numbers_rise_by_one(acting):
    with acting("owner") as actor:
        assert [take(actor).number for _ in range(3)] == [1, 2, 3]


def test_the_front_desk_files_and_looks_into_it_but_neither_answers_nor_closes(front_desk, acting):
    answer = front_desk.send(
        "patients/complaints/new/",
        {"channel": "phone", "category": "billing", "summary": "Billed twice", "severity": "low"},
    )
    assert answer.status_code == 302
    with acting("front_desk") as actor:
        made = Complaint.objects.get()
        complaints.acknowledge(made, actor=actor, note="Called")
        for act, said in (
            (complaints.respond, {"note": "x"}),
            (complaints.close, {"resolution": "x"}),
            (complaints.reopen, {"reason": "x"}),
        ):
            with pytest.raises(Forbidden):
                act(made, actor=actor, **said)
    page = f"patients/complaints/{made.pk}/"
    assert front_desk.send(f"{page}do/close/", {"resolution": "x"}).status_code == 403
    assert "do/close/" not in front_desk.at(page).content.decode()
    with acting("owner"):
        assert Complaint.objects.get().stage == "acknowledged"
        assert ComplaintEvent.objects.count() == 2


def test_a_patient_is_named_by_mrn_and_an_unknown_one_is_refused(front_desk, acting):
    with acting("owner") as actor:
        person = patients.register(
            actor=actor, first_name="Nell", last_name="Waiter", birth_date=date(1980, 3, 4)
        )
    given = {"channel": "phone", "category": "access", "summary": "Waited", "severity": "low"}
    refused = front_desk.send("patients/complaints/new/", {**given, "patient": "000000"})
    assert refused.status_code == 422
    assert "No patient has this MRN" in refused.content.decode()
    assert (
        f'value="{person.mrn}"'
        in front_desk.at("patients/complaints/new/", patient=person.pk).content.decode()
    )
    assert front_desk.send("patients/complaints/new/", {**given, "patient": person.mrn}).status_code == 302
    with acting("owner"):
        assert Complaint.objects.get().patient == person


def test_a_complaint_of_a_restricted_patient_is_hidden_from_the_desk(front_desk, owner, acting):
    with acting("owner") as actor:
        person = patients.register(
            actor=actor, first_name="Vip", last_name="Known", birth_date=date(1980, 3, 4)
        )
        person = patients.restrict(person, reason="In the public eye", actor=actor)
        made = take(actor, patient=person)
    assert front_desk.at(f"patients/complaints/{made.pk}/").status_code == 404
    assert owner.at(f"patients/complaints/{made.pk}/").status_code == 200


def test_another_practice_finds_none(stranger, acting):
    with acting("owner") as actor:
        made = take(actor)
    assert stranger.at(f"patients/complaints/{made.pk}/").status_code == 404


def test_a_physician_does_not_see_them(physician, acting):
    with acting("owner") as actor:
        made = take(actor)
    assert physician.at(f"patients/complaints/{made.pk}/").status_code == 403
    with acting("physician") as actor, pytest.raises(Forbidden):
        take(actor)
    with acting("owner"):
        assert Complaint.objects.count() == 1
