"""Who may not see a record sees none of its letters and messages: not in lists, pages, files, boxes or print runs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from patients.services import patients
from practice.models import AuditAccess, AuditAccessPatient
from practice.selectors import changes
from practice.selectors import correspondence as messages
from practice.selectors import letters as found
from practice.selectors.days import practice_today
from practice.services import correspondence, letters, print_queue
from tests.practice.letter_samples import make_letter, make_patient, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def famous(acting):
    """A restricted patient with a queued letter and a message, written by the manager."""
    with acting("manager") as actor:
        about = make_patient(actor, last_name="Famous")
        letter = letters.send_by_post(make_letter(actor, about=about), actor=actor)
        message = correspondence.log(
            party="A reporter", subject="Asks questions", about=about,
            reply_by=practice_today(actor) + timedelta(days=2), actor=actor,
        )  # fmt: skip
        patients.restrict(about, reason="In the public eye", actor=actor)
    return about, letter, message


def test_lists_pages_and_the_api_show_nothing(famous, front_desk, manager, stranger):
    about, letter, message = famous
    for path in (
        "letters/",
        "letters/queue/",
        "correspondence/",
        "api/v1/letters/",
        "letters/steps/?view=all",
    ):
        shown = front_desk.at(path).content.decode()
        assert "Famous" not in shown, path
        assert str(letter.pk) not in shown, path
        assert "Asks questions" not in shown, path
    for path in (f"letters/{letter.pk}/", f"correspondence/{message.pk}/", f"api/v1/letters/{letter.pk}/"):
        assert front_desk.at(path).status_code == 404, path
        assert stranger.at(path).status_code == 404, path
        assert manager.at(path).status_code == 200, path
    for path in (f"letters/{letter.pk}/do/reprint/", f"letters/{letter.pk}/do/cancel/"):
        assert front_desk.send(path, {"reason": "x"}).status_code == 404, path
    assert front_desk.at("letters/new/", about=f"patients.patient:{about.pk}").status_code == 404
    assert stranger.at("letters/new/", about=f"patients.patient:{about.pk}").status_code == 404


def test_a_print_run_of_the_desk_leaves_them_and_one_with_them_is_hidden(famous, acting):
    with acting("manager") as actor:
        template = make_template(actor)
    with acting("front_desk") as actor:
        own = letters.send_by_post(make_letter(actor, template=template), actor=actor)
        batch = print_queue.print_all(actor=actor)
        assert [letter.pk for letter in batch.letters.all()] == [own.pk]
    with acting("manager") as actor:
        hidden = print_queue.print_all(actor=actor)
        assert set(found.batches(actor)) == {batch, hidden}
    with acting("front_desk") as actor:
        assert list(found.batches(actor)) == [batch]


def test_the_work_list_names_nobody(famous, manager, front_desk):
    page = manager.at("work/", view="mine").content.decode()
    assert "Message 1 (phone): answer" in page
    for shown in (page, front_desk.at("work/").content.decode()):
        assert "reporter" not in shown
        assert "Famous" not in shown


def test_the_audit_trail_says_that_they_changed_and_not_what(famous, acting):
    _, _, message = famous
    with acting("manager") as actor:
        correspondence.change(message, subject="Asks about a test result", actor=actor)
        without = replace(actor, permissions=actor.permissions - {"patients.view_restricted"})
        told = " ".join(change.text for change in changes.page(without)[0])
        assert "subject" in told
        assert "test result" not in told
        assert "test result" in " ".join(change.text for change in changes.page(actor)[0])


def test_messages_about_nothing_are_everybodys(famous, acting):
    with acting("front_desk") as actor:
        free = correspondence.log(party="Alder Mutual", subject="New fax number", actor=actor)
        assert list(messages.visible_to(actor)) == [free]
    with acting("manager") as actor:
        assert messages.visible_to(actor).count() == 2


def test_who_looks_at_a_letter_is_on_record_with_the_patient(famous, manager, acting):
    about, letter, _ = famous
    manager.at(f"letters/{letter.pk}/")
    with acting("owner"):
        seen = AuditAccess.objects.filter(what="Letter").latest("id")
        assert AuditAccessPatient.objects.get(access_id=seen.pk).patient_id == about.pk
