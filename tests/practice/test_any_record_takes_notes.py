"""Notes of any record: kept as written, corrected by a newer one, told to whom they mention and may see the record."""

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from patients.services import patients
from practice.models import Location, Membership, Note, NotePin, Notice, Role, User
from practice.services import notes, people
from tests.practice.letter_samples import make_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(acting):
    with acting("manager") as actor:
        return Location.objects.create(
            practice_id=actor.practice_id, name="Pier", timezone="America/New_York"
        )


@pytest.fixture
def patient(acting):
    with acting("manager") as actor:
        return make_patient(actor)


def sent(visitor, record, text, **more):
    kind = record._meta.label_lower
    return visitor.send(f"records/{kind}/{record.pk}/notes/", {"text": text, **more})


def kept(acting):
    with acting("manager"):
        return list(Note.objects.order_by("id"))


def told(acting):
    with acting("manager"):
        return sorted(Notice.objects.values_list("member__user__name", flat=True))


def member(name):
    return Membership.objects.select_related("user").get(user__name=name)


def test_a_note_stands_on_the_records_page_escaped_with_its_lines(front_desk, patient, acting):
    answer = sent(front_desk, patient, "Prefers <b>mornings</b>\nCall the sister")
    assert (answer.status_code, answer.url) == (302, f"/p/harbor/patients/{patient.pk}/")
    page = front_desk.get(answer.url).content.decode()
    assert "Prefers &lt;b&gt;mornings&lt;/b&gt;<br>Call the sister" in page
    assert "Fay Flores" in page
    assert sent(front_desk, patient, "  ").status_code == 422
    assert len(kept(acting)) == 1


def test_the_same_form_sent_twice_is_one_note_and_one_notice(manager, patient, acting):
    for _ in range(2):
        assert sent(manager, patient, "@fay flores please call", idempotency_key="twice").status_code == 302
    assert len(kept(acting)) == 1
    assert told(acting) == ["Fay Flores"]


def test_who_does_not_see_the_record_neither_reads_nor_writes(manager, front_desk, stranger, site, acting):
    sent(manager, site, "The pier is slippery")
    note = kept(acting)[0]
    for visitor in (front_desk, stranger):
        assert sent(visitor, site, "x").status_code == 404
        assert visitor.at(f"records/practice.location/{site.pk}/notes/").status_code == 404
        assert visitor.send(f"notes/{note.pk}/correct/", {"text": "x"}).status_code == 404
        assert visitor.send(f"notes/{note.pk}/pin/").status_code == 404
    assert stranger.get(f"/p/harbor/records/practice.location/{site.pk}/notes/").status_code == 404
    assert len(kept(acting)) == 1


def test_notes_hide_with_a_restricted_patient(manager, front_desk, patient, acting):
    sent(front_desk, patient, "An autograph was asked for")
    with acting("manager") as actor:
        patients.restrict(patient, reason="In the public eye", actor=actor)
    here = f"records/patients.patient/{patient.pk}/notes/"
    assert front_desk.at(here).status_code == 404
    assert "autograph" in manager.at(here).content.decode()
    refused = sent(manager, patient, "@Fay please ask")
    assert refused.status_code == 422
    assert "Fay Flores may not see this record and will not be told" in refused.content.decode()
    assert sent(manager, patient, "@Fay please ask", anyway="on").status_code == 302
    assert told(acting) == []
    assert len(kept(acting)) == 2


def test_a_name_that_could_be_two_people_is_asked_back(manager, patient, acting):
    with acting("manager") as actor:
        for email, name in (("a@x.example", "Dana Reyes"), ("b@x.example", "Dana Holt")):
            role = Role.objects.get(code="front_desk")
            people.join(User.objects.create_user(email, name=name), roles=[role], actor=actor)
        holt = member("Dana Holt")
    asked = sent(manager, patient, "@Dana will know")
    assert asked.status_code == 422
    assert "Who is @Dana?" in asked.content.decode()
    assert kept(acting) == []
    assert sent(manager, patient, "@Dana will know", who_0=str(holt.pk)).status_code == 302
    assert sent(manager, patient, "@Dana is a fine name", who_0="nobody").status_code == 302
    assert sent(manager, patient, "@dana.reyes will know").status_code == 302
    assert told(acting) == ["Dana Holt", "Dana Reyes"]


def test_a_member_who_has_left_is_nobody(manager, patient, acting):
    with acting("manager") as actor:
        people.end_membership(member("Fay Flores"), reason="Left", actor=actor)
    assert sent(manager, patient, "@Fay Flores knew").status_code == 302
    assert told(acting) == []


def test_a_correction_replaces_and_the_old_note_stays_readable(manager, owner, patient, acting):
    sent(manager, patient, "@Fay: allergic to nuts")
    first = kept(acting)[0]
    assert owner.send(f"notes/{first.pk}/correct/", {"text": "mine"}).status_code == 404
    with acting("manager") as actor:
        notes.pin(first, actor=actor)
    assert manager.send(f"notes/{first.pk}/correct/", {"text": "@Fay: allergic to eggs"}).status_code == 302
    shown = manager.at(f"patients/{patient.pk}/").content.decode()
    assert "eggs" in shown
    assert "nuts" not in shown
    assert "nuts" in manager.at(f"records/patients.patient/{patient.pk}/notes/").content.decode()
    assert told(acting) == ["Fay Flores"]
    with acting("manager") as actor:
        assert NotePin.objects.get().note.text.endswith("eggs")
        with pytest.raises(Conflict):
            notes.correct(first, text="again", actor=actor)
        with pytest.raises(Conflict):
            notes.pin(first, actor=actor)
    with acting("owner") as actor, pytest.raises(DomainError):
        notes.correct(kept(acting)[-1], text="not mine", actor=actor)
    assert len(kept(acting)) == 2


def test_a_pinned_note_stands_first(manager, front_desk, patient, acting):
    for text in ("First words", "Second words"):
        sent(manager, patient, text)
    first = kept(acting)[0]
    assert front_desk.send(f"notes/{first.pk}/pin/").status_code == 403
    assert manager.send(f"notes/{first.pk}/pin/").status_code == 302
    page = manager.at(f"patients/{patient.pk}/").content.decode()
    assert page.index("First words") < page.index("Second words")
    manager.send(f"notes/{first.pk}/pin/", {"off": "1"})
    page = manager.at(f"patients/{patient.pk}/").content.decode()
    assert page.index("Second words") < page.index("First words")


def test_writing_takes_the_permission(patient, acting):
    with acting("manager") as actor:
        bare = actor.__class__(kind="user", practice_id=actor.practice_id)
        with pytest.raises(Forbidden):
            notes.write(patient, text="x", actor=bare)
    assert kept(acting) == []
