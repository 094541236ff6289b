"""A message that needs an answer is somebody's work until its answer is on record."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Attachment, Correspondence, WorkItem
from practice.selectors.days import practice_today
from practice.services import correspondence
from tests.practice.letter_samples import make_patient

pytestmark = pytest.mark.django_db
ITEM = "practice.message"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def take(actor, **values):
    return correspondence.log(actor=actor, **{"party": "Alder Mutual", "subject": "A claim"} | values)


def test_two_answers_are_enough(owner, acting):
    assert (
        owner.send("correspondence/new/", {"party": "Alder Mutual", "subject": "A claim"}).status_code == 302
    )
    with acting("owner") as actor:
        made = Correspondence.objects.get()
        assert (made.medium, made.direction, made.state, made.number) == ("phone", "in", "logged", 1)
        assert made.owner_id == actor.membership_id
        assert not WorkItem.objects.exists()


def test_it_is_two_keys_away_from_any_page(physician):
    found = {hit["label"]: hit["url"] for hit in physician.at("palette/", q="log a").json()}
    assert found == {"Log a message": "/p/harbor/correspondence/new/"}


def test_from_a_records_page_it_is_joined_to_the_record(front_desk, acting):
    with acting("front_desk") as actor:
        about = make_patient(actor)
    here = f"patients/{about.pk}/"
    assert f"correspondence/new/?about=patients.patient%3A{about.pk}" in front_desk.at(here).content.decode()
    form = {"party": "Her sister", "subject": "Is it open?", "about": f"patients.patient:{about.pk}"}
    assert front_desk.send("correspondence/new/", form).status_code == 302
    assert "Phone: Is it open?" in front_desk.at(here).content.decode()
    with acting("owner"):
        assert Correspondence.objects.get().patient_id == about.pk


def test_it_waits_on_the_list_and_leaves_it_with_its_outcome(acting):
    with acting("owner") as actor:
        due = practice_today(actor) + timedelta(days=2)
        message = take(actor, medium="fax", reply_by=due)
        item = WorkItem.objects.get(kind=ITEM)
        assert (item.title, item.due_on, item.state) == ("Message 1 (fax): answer", due, "open")
        correspondence.change(message, reply_by=due + timedelta(days=1), actor=actor)
        assert WorkItem.objects.get(kind=ITEM).due_on == due + timedelta(days=1)
        correspondence.answer(message, outcome="Faxed the notes", actor=actor)
        item.refresh_from_db()
        assert (item.state, item.outcome) == ("done", "Faxed the notes")
        with pytest.raises(Conflict):
            correspondence.answer(message, outcome="Again", actor=actor)
        correspondence.ask(message, reply_by=due, actor=actor)
        assert WorkItem.objects.filter(kind=ITEM, state="open").count() == 1


def test_empty_words_and_times_to_come_are_refused(acting):
    with acting("owner") as actor:
        for values, field in (
            ({"party": " "}, "party"),
            ({"subject": " "}, "subject"),
            ({"happened_at": clock.now() + timedelta(hours=1)}, "happened_at"),
        ):
            with pytest.raises(DomainError) as refused:
                take(actor, **values)
            assert refused.value.field == field
        assert not Correspondence.objects.exists()


def test_a_scan_is_kept_with_it_and_opens_for_who_sees_it(owner, stranger, acting):
    with acting("owner") as actor:
        message = take(actor)
    here = reverse(
        "practice:attach", kwargs={"practice": "harbor", "kind": "practice.correspondence", "pk": message.pk}
    )
    assert owner.post(here, {"file": SimpleUploadedFile("fax.pdf", b"%PDF-1.7 fax")}).status_code == 302
    with acting("owner"):
        file = Attachment.objects.get()
    assert b"".join(owner.at(f"files/{file.pk}/download/").streaming_content) == b"%PDF-1.7 fax"
    assert stranger.at(f"files/{file.pk}/download/").status_code == 404


def test_another_record_is_not_named_by_guessing(front_desk, stranger, acting):
    with acting("owner") as actor:
        about = make_patient(actor)
    form = {"party": "X", "subject": "Y", "about": f"patients.patient:{about.pk}"}
    assert stranger.send("correspondence/new/", form).status_code == 422
    for name in ("patients.patient:x", "nothing.here:" + str(about.pk), "practice.user:" + str(about.pk)):
        assert front_desk.send("correspondence/new/", form | {"about": name}).status_code == 422
    with acting("owner"):
        assert not Correspondence.objects.exists()


def test_it_takes_the_permission(acting):
    with acting("owner") as actor:
        message = take(actor)
    with acting("front_desk") as actor:
        bare = actor.__class__(kind="user", practice_id=actor.practice_id)
        with pytest.raises(Forbidden):
            take(bare)
        with pytest.raises(Forbidden):
            correspondence.answer(message, outcome="x", actor=bare)
