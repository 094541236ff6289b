"""Bulk on the real database: what was selected at once, all that match by a job, as the person who asked."""

import pytest

from practice.models import AuditChange, BulkItem, BulkRun, JobRun, Membership
from practice.services import bulk
from practice.services.people import end_membership
from practice.worker import run_waiting
from staff.models import Employee
from tests.cast import actor_named, in_practice
from tests.staff.samples import make_employees

pytestmark = pytest.mark.django_db(transaction=True)
LEAVE = "staff/employees/bulk/leave/"


@pytest.fixture
def people():
    with in_practice(actor_named("manager")) as actor:
        return make_employees(actor, 3)


def states(people):
    ids = [person.pk for person in people]
    with in_practice(actor_named("owner")):
        return list(Employee.objects.filter(pk__in=ids).order_by("pk").values_list("status", flat=True))


def test_selected_rows_are_done_at_once_and_the_page_tells_and_offers_the_way_back(manager, people, stranger):
    answer = manager.send(LEAVE, {"pk": [str(p.pk) for p in people]})
    assert states(people) == ["leave"] * 3
    page = manager.get(answer["Location"]).content.decode()
    assert "3 done" in page
    assert 'action="/p/harbor/staff/employees/bulk/return/"' in page
    assert stranger.get(answer["Location"].replace("harbor", "summit")).status_code == 404
    again = manager.get(manager.send(LEAVE, {"pk": [str(p.pk) for p in people]})["Location"]).content.decode()
    assert "0 done, 3 refused" in again
    assert again.count("has changed meanwhile") == 3


def test_all_that_match_are_done_by_a_job_as_whoever_asked(manager, people):
    asked = manager.send(LEAVE, {"all": "1", "query": "?view=all", "sure": "1"})
    assert "/jobs/" in asked["Location"]
    assert states(people) == ["active"] * 3
    me = actor_named("manager")
    run_waiting(practice_id=me.practice_id)
    assert states(people) == ["leave"] * 3
    with in_practice(me):
        run = BulkRun.objects.get()
        assert set(run.items.values_list("state", flat=True)) == {"done"}
        assert run.finished_at is not None
        told = AuditChange.objects.filter(table_name="staff_employee", action="U").values_list(
            "actor", flat=True
        )
        assert set(told) == {str(me)}
    assert "3 done" in manager.at(f"bulk/{run.pk}/").content.decode()


def test_a_job_that_starts_again_goes_on_where_it_stood(people, monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 1)
    me, done = actor_named("manager"), []
    real = bulk.do_some

    def stumbles(run, *, items, actor):
        if len(done) == 2 and "fell" not in done:
            done.append("fell")
            raise RuntimeError("the worker fell")
        done.append(real(run, items=items, actor=actor))

    monkeypatch.setattr(bulk, "do_some", stumbles)
    with in_practice(me):
        ids = [p.pk for p in people]
        run = bulk.begin("staff.employee", action="leave", ids=ids, answers="", later=True, actor=me)
    run_waiting(practice_id=me.practice_id)
    with in_practice(me):
        JobRun.objects.update(run_after="2020-01-01T00:00Z")
    run_waiting(practice_id=me.practice_id)
    with in_practice(me):
        assert not run.items.exclude(state=BulkItem.State.DONE).exists()
        changes = AuditChange.objects.filter(table_name="staff_employee", action="U", row_id__in=ids)
        assert changes.count() == 3


def test_a_job_of_somebody_who_left_touches_nothing(people):
    me, owner = actor_named("manager"), actor_named("owner")
    with in_practice(me):
        bulk.begin(
            "staff.employee", action="leave", ids=[p.pk for p in people], answers="", later=True, actor=me
        )
    with in_practice(owner):
        end_membership(Membership.objects.get(pk=me.membership_id), reason="left", actor=owner)
    run_waiting(practice_id=me.practice_id)
    assert states(people) == ["active"] * 3


def test_the_wrong_role_and_another_practice_change_nothing(front_desk, stranger, people):
    body = {"pk": [str(p.pk) for p in people], "sure": "1"}
    assert front_desk.send(LEAVE, body).status_code == 403
    assert stranger.post(f"/p/harbor/{LEAVE}", body).status_code == 404
    assert stranger.send(LEAVE, body).status_code == 302  # in their own practice these ids are nobody's
    assert states(people) == ["active"] * 3


def test_an_act_is_taken_back_by_its_inverse_and_both_are_on_record(manager, people):
    one = people[0]
    done = manager.send(f"staff/employees/{one.pk}/do/leave/")["Location"]
    assert f"{one.pk}/do/return/" in manager.get(done).content.decode()
    manager.send(f"staff/employees/{one.pk}/do/return/")
    assert states([one]) == ["active"]
    with in_practice(actor_named("manager")):
        assert AuditChange.objects.filter(row_id=one.pk, action="U").count() == 2
