"""Notices: told once, as chosen, only to those concerned; mail says that something waits and never what."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kit.errors import DomainError
from practice import jobs, notices, worker
from practice.actor import system_actor
from practice.models import JobRun, Location, Membership, Notice
from practice.selectors import notices as found
from practice.services import notices as service
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
SECRET = "Zebulon Quartz called about his bill"


def member(key):
    return Membership.objects.get(user__email=f"{key}@harbor.example")


def tell(*keys, text=SECRET, key="one", kind="practice.mentioned", by="manager", **more):
    with in_practice(actor_named(by)) as actor:
        people = [member(each) for each in keys]
        return service.notify(people, kind=kind, text=text, key=key, actor=actor, **more)


def test_a_member_is_told_once_however_often_it_is_said(biller):
    assert tell("biller") == 1
    assert tell("biller", text="Said again") == 0
    page = biller.at("notices/")
    assert SECRET in page.content.decode()
    assert "Said again" not in page.content.decode()
    assert 'aria-label="Notices, 1 unread"' in page.content.decode()


def test_nobody_is_told_of_what_they_did_themselves_nor_after_they_left():
    with in_practice(actor_named("manager")):
        Membership.objects.filter(pk=member("physician").pk).update(ended_at=timezone.now())
    assert tell("manager", "physician", "biller") == 1


def test_nobody_reads_or_opens_the_notice_of_another(biller, front_desk, stranger):
    tell("biller")
    with in_practice(actor_named("manager")):
        notice = Notice.objects.get()
    for other in (front_desk, stranger):
        assert SECRET not in other.at("notices/", view="all").content.decode()
        assert other.send(f"notices/{notice.pk}/open/").status_code == 404
    assert stranger.post(f"/p/harbor/notices/{notice.pk}/open/").status_code == 404
    with in_practice(actor_named("manager")):
        assert Notice.objects.get().read_at is None


def test_opening_one_reads_it_and_goes_where_it_leads(biller):
    tell("biller", link="billing/claims/?view=ready")
    with in_practice(actor_named("manager")):
        notice = Notice.objects.get()
    answer = biller.send(f"notices/{notice.pk}/open/")
    assert (answer.status_code, answer.url) == (302, "/p/harbor/billing/claims/?view=ready")
    assert "Nothing new" in biller.at("notices/").content.decode()
    assert SECRET in biller.at("notices/", view="all").content.decode()


def test_a_record_one_may_not_see_keeps_its_words(front_desk, manager):
    with in_practice(actor_named("manager")) as actor:
        site = Location.objects.create(
            practice_id=actor.practice_id, name="Pier", timezone="America/New_York"
        )
    tell("front_desk", "manager", by="owner", record=site)
    assert found.HIDDEN in front_desk.at("notices/").content.decode()  # the front desk does not see settings
    assert SECRET not in front_desk.at("notices/").content.decode()
    assert SECRET in manager.at("notices/").content.decode()


def test_choices_hold_and_unknown_kinds_are_refused(biller):
    answer = biller.send("notices/choices/", {"mail-practice.assigned": "on"})
    assert answer.status_code == 302
    assert tell("biller") == 0  # neither in the app nor by mail
    assert tell("biller", kind="practice.assigned", key="two") == 1
    assert SECRET not in biller.at("notices/", view="all").content.decode()  # by mail only
    with in_practice(actor_named("biller")) as actor, pytest.raises(DomainError):
        service.choose({"practice.nothing": (True, True)}, actor=actor)


def test_who_is_no_member_chooses_nothing():
    practice_id = actor_named("manager").practice_id
    with in_practice(system_actor(practice_id=practice_id)) as actor, pytest.raises(DomainError):
        service.choose({"practice.assigned": (True, True)}, actor=actor)


def test_what_is_urgent_cannot_be_silenced(monkeypatch):
    urgent = notices.NoticeKind(code="practice.fire", label="it burns", subject="Fire", urgent=True)
    monkeypatch.setattr(service, "kinds", lambda: {"practice.fire": urgent})
    with in_practice(actor_named("biller")) as actor:
        with pytest.raises(DomainError):
            service.choose({"practice.fire": (False, False)}, actor=actor)
        service.choose({"practice.fire": (True, False)}, actor=actor)
    assert tell("biller", kind="practice.fire") == 1


def test_all_are_marked_as_read_at_once_but_only_ones_own(biller):
    tell("biller", "front_desk")
    tell("biller", key="two")
    assert biller.send("notices/read/").status_code == 302
    with in_practice(actor_named("manager")):
        assert Notice.objects.filter(read_at=None).count() == 1
        assert Notice.objects.get(read_at=None).member == member("front_desk")


@pytest.mark.django_db(transaction=True)
def test_mail_comes_once_for_what_came_together_and_holds_no_words_of_it():
    tell("biller", key="one")
    tell("biller", key="two")
    with in_practice(actor_named("manager")):
        job = JobRun.objects.get(kind=service.MAIL)
        assert job.run_after <= timezone.now() + timedelta(seconds=service.MAIL_SLOT)
    worker.run(job_id=job.pk, practice_id=job.practice_id)
    worker.run(job_id=job.pk, practice_id=job.practice_id)
    assert len(mail.outbox) == 1
    sent = mail.outbox[0]
    text = sent.subject + sent.body + str(sent.alternatives)
    assert "You were mentioned" in sent.subject
    assert "/p/harbor/notices/" in sent.body
    assert "2 times" in sent.body
    assert "Zebulon" not in text


@pytest.mark.django_db(transaction=True)
def test_what_was_read_in_the_app_is_not_mailed(biller):
    tell("biller")
    biller.send("notices/read/")
    with in_practice(actor_named("manager")):
        job = JobRun.objects.get(kind=service.MAIL)
    worker.run(job_id=job.pk, practice_id=job.practice_id)
    assert mail.outbox == []
    assert jobs.label_of(service.MAIL) == "Mail about notices"


def test_a_long_list_is_paged(biller):
    with in_practice(actor_named("manager")):
        person = member("biller")
        Notice.objects.bulk_create(
            Notice(practice_id=person.practice_id, member=person, kind="x", text=f"Told {n}", key=str(n))
            for n in range(120)
        )
    page = biller.at("notices/").content.decode()
    assert page.count("Told ") == 50
    assert 'aria-label="Notices, 99+ unread"' in page
    older = page.split("before=")[1].split('"')[0]
    assert "Told 69" in biller.at("notices/", before=older).content.decode()
    assert biller.at("notices/", before="nonsense").status_code == 200
