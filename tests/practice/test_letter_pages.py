"""The pages of letters: written beside a preview, from the record's own page; templates edited beside their fields."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from billing.services import adjustment_catalogue
from patients.services import complaints
from practice.models import Letter, LetterTemplate
from practice.services import letter_starters
from tests.billing.remittance_world import build
from tests.billing.test_denial_work import denied
from tests.practice.letter_samples import make_letter, make_patient, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def complain(actor):
    return complaints.receive(
        actor=actor,
        channel="phone",
        category="access",
        summary="Waited too long",
        patient=make_patient(actor),
    )


def test_a_complaint_offers_its_letter_prefilled(front_desk, acting):
    with acting("owner") as actor:
        letter_starters.install(actor=actor)
        about = complain(actor)
    page = front_desk.at(f"patients/complaints/{about.pk}/").content.decode()
    assert f"letters/new/?about=patients.complaint%3A{about.pk}" in page
    page = front_desk.at("letters/new/", about=f"patients.complaint:{about.pk}").content.decode()
    assert "Thank you for telling us what went wrong" in page
    with acting("owner"):
        template = LetterTemplate.objects.get(code="complaint-acknowledgement", language="en")
    form = {"about": f"patients.complaint:{about.pk}", "template": str(template.pk), "words": ""}
    answer = front_desk.send("letters/new/", form)
    assert answer.status_code == 302
    assert "The letter" in front_desk.get(answer.url).content.decode()
    assert (
        "Letter 1: Complaint: acknowledgement"
        in front_desk.at(f"patients/complaints/{about.pk}/").content.decode()
    )
    assert (
        "Letter 1: Complaint: acknowledgement"
        in front_desk.at(f"patients/{about.patient_id}/").content.decode()
    )


def test_an_answered_complaint_offers_the_closure(owner, acting):
    with acting("owner") as actor:
        letter_starters.install(actor=actor)
        about = complaints.close(complain(actor), resolution="A second person at noon", actor=actor)
    page = owner.at("letters/new/", about=f"patients.complaint:{about.pk}").content.decode()
    assert "A second person at noon" in page


def test_a_denial_offers_its_appeal(biller, acting):
    with acting("owner") as actor:
        adjustment_catalogue.install(actor=actor)
        letter_starters.install(actor=actor)
        case = denied(build(actor))
    assert "Write a letter" in biller.at(f"billing/denials/{case.pk}/").content.decode()
    page = biller.at("letters/new/", about=f"billing.denialcase:{case.pk}").content.decode()
    assert "To the appeals department of" in page
    assert "Missing: Your own words" in page


def test_a_preview_follows_what_is_typed_and_writes_nothing(front_desk, acting):
    with acting("owner") as actor:
        about, template = make_patient(actor), make_template(actor)
    form = {
        "about": f"patients.patient:{about.pk}",
        "template": str(template.pk),
        "words": "<b>Come</b> at 9",
    }
    page = front_desk.send("letters/preview/", form).content.decode()
    assert "&lt;b&gt;Come&lt;/b&gt; at 9" in page
    assert front_desk.send("letters/preview/", form | {"template": "x"}).status_code == 200
    assert front_desk.send("letters/preview/", form | {"about": "x"}).status_code == 404
    with acting("owner"):
        assert not Letter.objects.exists()


def test_a_letter_that_lacks_something_is_refused_with_its_name(front_desk, acting):
    with acting("owner") as actor:
        about, template = make_patient(actor), make_template(actor)
    form = {"about": f"patients.patient:{about.pk}", "template": str(template.pk), "words": ""}
    answer = front_desk.send("letters/new/", form)
    assert answer.status_code == 422
    assert "Missing: Your own words." in answer.content.decode()
    with acting("owner"):
        assert not Letter.objects.exists()


def test_the_editor_shows_fields_and_the_word_that_is_wrong(owner, front_desk, acting):
    form = {"name": "Note", "kind": "patients.patient", "language": "en", "subject": "Hi"}
    form["body"] = "Hi {{ patient.nmae }}"
    answer = owner.send("settings/letter-templates/new/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 1, “patient.nmae”: this letter knows no such field. Did you mean patient.name?" in page
    assert "{{ patient.birth_date }}" in page
    bold = form | {"body": "Hi **{{ patient.name }}**"}
    look = owner.send("settings/letter-templates/preview/", bold).content.decode()
    assert "<b>Patient’s name</b>" in look
    assert (
        owner.send("settings/letter-templates/new/", form | {"body": "Hi {{ patient.name }}"}).status_code
        == 302
    )
    assert front_desk.send("settings/letter-templates/new/", form).status_code == 403
    with acting("owner"):
        assert LetterTemplate.objects.get().standing.word == "Draft"


def test_a_stale_editor_does_not_overwrite(owner, acting):
    with acting("owner") as actor:
        template = make_template(actor)
    form = {
        "name": "N",
        "kind": template.kind,
        "language": "en",
        "subject": "S",
        "body": "B",
        "_version": '"old"',
    }
    assert owner.send(f"settings/letter-templates/{template.pk}/edit/", form).status_code == 409
    assert owner.at(f"settings/letter-templates/{template.pk}/edit/").status_code == 200


def test_a_version_and_a_letter_show_themselves_as_a_sheet(owner, acting):
    with acting("owner") as actor:
        letter = make_letter(actor, words="See you soon")
    assert "See you soon" in owner.at(f"letters/{letter.pk}/").content.decode()
    assert "Your own words" in owner.at(f"settings/letter-versions/{letter.version_id}/").content.decode()


def test_the_letterhead_takes_a_picture_and_refuses_a_paper(owner, front_desk):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(drawn, "PNG")
    page = "settings/letterhead/"
    assert owner.send(page, {"logo": SimpleUploadedFile("x.pdf", b"%PDF-1.7")}).status_code == 422
    done = owner.send(
        page, {"logo": SimpleUploadedFile("logo.png", drawn.getvalue()), "foot": "Open Saturdays"}
    )
    assert done.status_code == 302
    shown = owner.at(page).content.decode()
    assert "data:image/png;base64," in shown
    assert "Open Saturdays" in shown
    assert front_desk.at(page).status_code == 403


def test_without_a_record_the_page_says_where_to_find_one(front_desk):
    page = front_desk.at("letters/new/").content.decode()
    assert "A patient" in page
    assert "A denial" not in page
