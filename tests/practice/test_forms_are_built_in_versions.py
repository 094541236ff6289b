"""The builder: a draft is edited and published, a published version never changes, the next one starts from it."""

import pytest
from django.db import IntegrityError, transaction

from kit.errors import Conflict, DomainError
from practice.models import FormChoice, FormField, FormSection, FormVersion, PublicForm, PublicLink
from practice.selectors.forms import current_version, draft_of
from practice.services import forms
from tests.practice.form_world import make_form

pytestmark = pytest.mark.django_db


def keys(version):
    return [field.key for section in version.sections.all() for field in section.fields.all()]


def test_a_new_form_asks_what_its_purpose_needs(acting):
    with acting("manager") as actor:
        form = forms.add_form(name="Complaint", purpose="patients.complaint", actor=actor)
        draft = draft_of(form)
        assert keys(draft)[:2] == ["what", "category"]
        assert FormField.objects.get(key="what").is_sensitive
        what = FormField.objects.get(key="what")
        forms.remove_question(what, actor=actor)
        with pytest.raises(DomainError, match="short name “what”"), transaction.atomic():
            forms.publish(draft, actor=actor)
        assert current_version(form.pk) is None


def test_a_published_version_is_fixed_by_the_database_too(acting):
    with acting("manager") as actor:
        form = make_form(actor, extra=(("site", "choice", {"choices": ["A", "B"]}),))
        version = current_version(form.pk)
        field = FormField.objects.get(key="site")
        with pytest.raises(Conflict, match="never changes"), transaction.atomic():
            forms.change_words(version, title="x", intro="", thanks="", actor=actor)
        with pytest.raises(Conflict, match="never changes"), transaction.atomic():
            forms.remove_question(field, actor=actor)
        for change in (
            lambda: FormField.objects.filter(pk=field.pk).update(label="Other words"),
            lambda: FormSection.objects.filter(version=version).delete(),
            lambda: FormChoice.objects.filter(field=field).update(label="C"),
            lambda: FormVersion.objects.filter(pk=version.pk).update(published_at=None),
            lambda: FormSection.objects.create(practice_id=actor.practice_id, version=version, position=9),
        ):
            with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
                change()
        assert FormField.objects.get(pk=field.pk).label == "Site"


def test_the_next_version_starts_from_the_last_and_moves_nothing_of_it(acting):
    with acting("manager") as actor:
        form = make_form(actor, extra=(("site", "choice", {"choices": ["A", "B"]}),))
        first = current_version(form.pk)
        draft = forms.start_draft(form, actor=actor)
        assert forms.start_draft(form, actor=actor) == draft
        assert keys(draft_of(form)) == keys(first)
        added = FormField.objects.get(version=draft, key="site")
        assert [choice.label for choice in added.choices.all()] == ["A", "B"]
        forms.move_question(added, up=True, actor=actor)
        forms.move_question(FormField.objects.get(version=draft, key="message"), up=True, actor=actor)
        assert keys(draft_of(form)) == ["message", "name", "site", "email"]
        forms.publish(draft, actor=actor)
        assert current_version(form.pk).number == 2
        assert keys(current_version(form.pk)) != keys(first)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "choice", "choices": ["One"]}, "2 to 30 answers"),
        ({"kind": "choice", "choices": ["One", " One "]}, "2 to 30 answers"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(acting, values, words):
    with acting("manager") as actor:
        form = forms.add_form(name="F", purpose="practice.feedback", actor=actor)
        draft = draft_of(form)
        section = FormSection.objects.get(version=draft)
        with pytest.raises(DomainError, match=words), transaction.atomic():
            forms.save_question(
                draft, actor=actor, section=section, key="x", label="X", help_text="", is_required=True,
                is_sensitive=False, **values,
            )  # fmt: skip
        assert not FormField.objects.filter(key="x").exists()


def test_a_manager_builds_publishes_and_links_a_form_by_its_pages(manager, acting):
    made = manager.send(
        "settings/forms/new/", {"name": "Desk", "purpose": "practice.feedback", "idempotency_key": "a"}
    )
    assert made.status_code == 302
    with acting("manager"):
        form = PublicForm.objects.get()
        section = FormSection.objects.get()
    base = f"settings/forms/{form.pk}/"
    assert "Edit draft" in manager.at(base).content.decode()
    assert manager.send(base, {"label": "x", "days": "3"}).status_code == 409
    page = manager.at(f"{base}draft/").content.decode()
    assert "What would you like to tell us?" in page
    question = {
        "section": str(section.pk), "kind": "choice", "label": "Which site?", "key": "site",
        "choices": "Main Street\nRiverside", "is_required": "on",
    }  # fmt: skip
    refused = manager.send(f"{base}draft/questions/", {**question, "key": "Not this"})
    assert refused.status_code == 422
    assert manager.send(f"{base}draft/questions/", question).status_code == 302
    twice = manager.send(f"{base}draft/questions/", question)
    assert twice.status_code == 422
    assert "Another question has this short name" in twice.content.decode()
    with acting("manager"):
        field = FormField.objects.get(key="site")
    edit = f"{base}draft/questions/{field.pk}/"
    assert "Main Street\nRiverside" in manager.at(edit).content.decode()
    assert manager.send(edit, {**question, "label": "Where?"}).status_code == 302
    assert manager.send(f"{edit}up/").status_code == 302
    words = {"title": "How was it?", "intro": "", "thanks": "Bye"}
    assert manager.send(f"{base}draft/", words).status_code == 302
    assert manager.send(f"{base}draft/sections/", {"title": "About you"}).status_code == 302
    with acting("manager"):
        empty = FormSection.objects.get(title="About you")
    assert manager.send(f"{base}draft/sections/{empty.pk}/remove/").status_code == 302
    preview = manager.at(f"{base}versions/1/").content.decode()
    assert "How was it?" in preview
    assert "nothing you type here is kept" in preview
    assert manager.send(f"{base}draft/publish/").status_code == 302
    linked = manager.send(base, {"label": "Poster", "days": "30", "most_uses": ""})
    address = linked.content.decode().split('id="new-link">')[1].split("<")[0]
    assert "How was it?" in manager.get("/f/" + address.split("/f/")[1]).content.decode()
    assert address not in manager.at(base).content.decode()
    with acting("manager"):
        link = PublicLink.objects.get()
    assert manager.send(f"{base}links/{link.pk}/revoke/").status_code == 302
    assert manager.get("/f/" + address.split("/f/")[1]).status_code == 404


def test_others_find_no_form_to_build(manager, front_desk, stranger, acting):
    with acting("manager") as actor:
        form = make_form(actor)
    for path in (f"settings/forms/{form.pk}/", f"settings/forms/{form.pk}/draft/"):
        assert front_desk.at(path).status_code == 403
        assert stranger.at(path).status_code == 404
    assert front_desk.send(f"settings/forms/{form.pk}/draft/").status_code == 403
    with acting("manager"):
        assert not FormVersion.objects.filter(published_at=None).exists()
