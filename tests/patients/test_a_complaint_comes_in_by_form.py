"""A complaint sent through a public form: opened when a member accepts it, its clocks from the day it was sent."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from kit import clock
from kit.errors import DomainError, Forbidden
from patients.models import Complaint
from practice.models import Attachment, FormSubmission, WorkItem
from practice.selectors import forms as found
from practice.selectors.days import practice_today
from practice.services import submissions
from tests.practice.form_world import Outsider, make_form, make_link

pytestmark = pytest.mark.django_db
SAID = {
    "what": "I waited an hour. " * 20,
    "category": "Access and waiting",
    "name": "Alma Reed",
    "phone": "(914) 555-0133",
    "happened_on": "11/02/2026",
}


@pytest.fixture
def sent(acting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with acting("manager") as actor:
        _, path = make_link(actor, make_form(actor, purpose="patients.complaint", name="Complaint"))
    answer = Outsider(path).send(files={"papers": ("letter.txt", b"Dear clinic")}, **SAID)
    assert answer.status_code == 302
    with acting("manager"):
        assert not Complaint.objects.exists()
        return FormSubmission.objects.get()


def test_accepting_opens_the_complaint_with_what_was_said_and_its_file(sent, acting):
    with acting("front_desk") as actor, clock.at(clock.now() + timedelta(days=2)):
        day = practice_today(actor)
        submissions.accept(sent, actor=actor)
        complaint = Complaint.objects.get()
        assert complaint.received_on == day - timedelta(days=2)
        assert complaint.acknowledge_by > complaint.received_on
        assert complaint.category == "access"
        assert complaint.is_grievance
        assert complaint.complainant == "Alma Reed"
        assert len(complaint.summary) <= 160
        assert "9145550133" in complaint.details
        assert "2026-11-02" in complaint.details
        kept = Attachment.objects.get()
        assert (kept.ref.kind, kept.ref.record_id) == ("patients.complaint", complaint.pk)
        assert FormSubmission.objects.get().result.record_id == complaint.pk
        assert WorkItem.objects.get(kind="practice.submission").state == "done"


def test_it_is_reviewed_and_accepted_on_its_page(sent, front_desk):
    page = front_desk.at(f"submissions/{sent.pk}/").content.decode()
    assert "Alma Reed" in page
    assert "kept encrypted" in page
    assert "letter.txt" in page
    asked = front_desk.at(f"submissions/{sent.pk}/do/accept/").content.decode()
    assert "letter.txt" in asked
    file = re.search(r'name="discard" value="([^"]+)"', asked)[1]
    answer = front_desk.send(f"submissions/{sent.pk}/do/accept/", {"idempotency_key": "k", "discard": file})
    assert answer.status_code == 302
    page = front_desk.at(f"submissions/{sent.pk}/").content.decode()
    assert "Complaint 1" in page
    assert "Not kept by whoever reviewed it" in page


def test_who_may_not_take_complaints_sees_and_accepts_none(sent, acting, physician, stranger):
    assert physician.at(f"submissions/{sent.pk}/").status_code == 403
    assert stranger.at(f"submissions/{sent.pk}/").status_code == 404
    with acting("biller") as actor:
        assert not found.submissions(actor).exists()
        with pytest.raises(Forbidden), transaction.atomic():
            submissions.accept(sent, actor=actor)
        assert FormSubmission.objects.get().state == "waiting"


def test_what_cannot_become_one_stays_to_be_reviewed(sent, acting, monkeypatch):
    def refuse(**kwargs):
        raise DomainError("Enter in one sentence what it is about.")

    monkeypatch.setattr("patients.services.complaints.receive", refuse)
    with acting("front_desk") as actor:
        with pytest.raises(DomainError), transaction.atomic():
            submissions.accept(sent, actor=actor)
        assert FormSubmission.objects.get().state == "waiting"
        assert not Attachment.objects.exists()


def test_rejecting_opens_nothing(sent, acting):
    with acting("front_desk") as actor:
        submissions.reject(sent, reason="A joke", actor=actor)
        assert not Complaint.objects.exists()
        assert not Attachment.objects.exists()
