"""A published version stays as it is: for services, for raw SQL, and for letters written with it."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import LetterTemplate, LetterVersion
from practice.selectors import letter_compose, letter_templates
from practice.selectors.days import practice_today
from practice.services import letter_templates as service
from tests.practice.letter_samples import make_letter, make_patient, make_template

pytestmark = pytest.mark.django_db


CHANGES = ("UPDATE practice_letterversion SET body = 'x'", "DELETE FROM practice_letterversion")


def first_words(letter):
    return letter_compose.opened(letter).pieces[0].lines[0][0].text


@pytest.mark.parametrize("statement", CHANGES)
def test_raw_sql_is_refused(acting, statement):
    with acting("owner") as actor:
        made = make_template(actor).versions.get()
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert LetterVersion.objects.get() == made


def test_a_change_is_a_draft_until_it_is_published(acting):
    with acting("owner") as actor:
        about, template = make_patient(actor), make_template(actor, body="Old {{ patient.name }}")
        before = make_letter(actor, about=about, template=template)
        template = service.change(template, body="New {{ patient.name }}", actor=actor)
        assert template.standing.word == "Draft changed"
        assert "Old" in first_words(make_letter(actor, about=about, template=template))
        template = service.publish(template, actor=actor)
        assert (template.version, template.standing.word) == (2, "Published")
        assert "New" in first_words(make_letter(actor, about=about, template=template))
        assert "Old" in first_words(before)
        assert not service.change(template, body="New {{ patient.name }}", actor=actor).is_changed


def test_a_version_waits_for_its_day(acting):
    with acting("owner") as actor:
        template, today = make_template(actor), practice_today(actor)
        service.publish(
            service.change(template, body="Later", actor=actor),
            effective_from=today + timedelta(days=3),
            actor=actor,
        )
        assert letter_templates.version_on(template, day=today).number == 1
        assert letter_templates.version_on(template, day=today + timedelta(days=3)).number == 2
        assert letter_templates.version_on(template, day=today - timedelta(days=1)) is None


def test_nothing_is_published_into_the_past_twice_or_broken(acting):
    with acting("owner") as actor:
        template = make_template(actor)
        with pytest.raises(Conflict):
            service.publish(template, actor=actor)
        draft = make_template(actor, published=False)
        with pytest.raises(DomainError) as refused:
            service.publish(draft, effective_from=clock.now().date() - timedelta(days=3), actor=actor)
        assert refused.value.field == "effective_from"
        assert draft.versions.count() == 0


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"body": "a\nDear {{ patient.nmae }}"}, "body", "Line 2, “patient.nmae”"),
        ({"subject": "{{ visit.date }}"}, "subject", "Line 1, “visit.date”"),
        ({"body": "  \n "}, "body", "Write the letter"),
        ({"without_phi": True}, "without_phi", "something about a person"),
        ({"kind": "patients.coverage"}, "kind", "what the letter is about"),
    ],
)
def test_a_text_that_cannot_be_merged_is_not_kept(acting, values, field, said):
    with acting("owner") as actor:
        with pytest.raises(DomainError, match=said) as refused:
            make_template(actor, published=False, **values)
        assert refused.value.field == field
        assert not LetterTemplate.objects.exists()


def test_a_retired_template_is_offered_no_more_and_can_come_back(acting):
    with acting("owner") as actor:
        template, about = make_template(actor), make_patient(actor)
        template = service.retire(template, actor=actor)
        with pytest.raises(DomainError):
            make_letter(actor, about=about, template=template)
        make_letter(actor, about=about, template=service.reuse(template, actor=actor))


def test_the_desk_writes_letters_and_changes_no_template(acting):
    with acting("owner") as actor:
        template = make_template(actor)
    with acting("front_desk") as actor:
        for act in (service.retire, service.publish):
            with pytest.raises(Forbidden):
                act(template, actor=actor)
        assert make_letter(actor, template=template).number == 1
