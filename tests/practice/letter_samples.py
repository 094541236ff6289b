"""Letters, templates and messages for the cases every Resource has (taken up by tests/practice/samples.py)."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.services import patients
from practice.models import LetterStep, LetterVersion, Location
from practice.services import correspondence, letter_templates, letters

NUMBERS = itertools.count(1)
BODY = "Dear {{ patient.name }},\n\n{{ letter.words }}\n\n{{ sender.name }}\n"


def make_patient(actor, **values):
    given = {
        "first_name": "Nell", "last_name": f"Reader{next(NUMBERS)}", "birth_date": date(1980, 3, 4),
        "address_line": "1 Mill Road", "city": "Harborview", "state": "NY", "postal_code": "10562",
    }  # fmt: skip
    return patients.register(actor=actor, **given | values)


def make_template(actor, *, published=True, **values):
    given = {
        "name": f"Note {next(NUMBERS)}", "kind": "patients.patient", "language": "en",
        "subject": "A note for {{ patient.name }}", "body": BODY,
    }  # fmt: skip
    template = letter_templates.add(actor=actor, **given | values)
    return letter_templates.publish(template, actor=actor) if published else template


def make_letter(actor, *, about=None, template=None, words="All is well."):
    return letters.write(
        template=template or make_template(actor),
        about=about or make_patient(actor),
        words=words,
        actor=actor,
    )


def _letters(actor, count):
    template, about = make_template(actor), make_patient(actor)
    return [make_letter(actor, about=about, template=template) for _ in range(count)]


def _steps(actor, count):
    return list(LetterStep.objects.filter(letter__in=_letters(actor, count)))


def _templates(actor, count):
    return [make_template(actor, published=False) for _ in range(count)]


def _versions(actor, count):
    made = [make_template(actor) for _ in range(count)]
    return list(LetterVersion.objects.filter(template__in=made))


def _messages(actor, count):
    return [
        correspondence.log(party="Alder Mutual", subject=f"Call {next(NUMBERS)}", actor=actor)
        for _ in range(count)
    ]


def _letter_form(actor):
    template, about = make_template(actor), make_patient(actor)
    return {"template": str(template.pk), "about": f"patients.patient:{about.pk}", "words": "Soon."}


def _template_form(actor):
    return {
        "name": f"Form {next(NUMBERS)}", "kind": "patients.patient", "language": "en",
        "subject": "Hello", "body": "Dear {{ patient.name }}",
    }  # fmt: skip


def _message_form(actor):
    return {"party": "Alder Mutual", "subject": "A claim"}


def make_site(actor):
    return Location.objects.create(
        practice_id=actor.practice_id, name=f"Main Street {next(NUMBERS)}", phone="9145550100",
        address_line="120 Main Street", city="Harborview", state="NY", postal_code="10562",
    )  # fmt: skip


LETTER_SAMPLES = {
    "practice.letter": Sample(make=_letters, form=_letter_form),
    "practice.letter_step": Sample(make=_steps),
    "practice.letter_template": Sample(make=_templates, form=_template_form),
    "practice.letter_version": Sample(make=_versions),
    "practice.message": Sample(make=_messages, form=_message_form),
}
