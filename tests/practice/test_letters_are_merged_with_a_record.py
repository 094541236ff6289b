"""Each kind of record gives a letter exactly the fields it declares, and the shipped letters read as they should."""

import re
from pathlib import Path

import pytest

from billing.services import adjustment_catalogue
from kit import clock
from kit.errors import DomainError
from patients.services import complaints
from practice.encrypted import reveal
from practice.letter_subjects import COMMON, fields_of, subjects, written_about
from practice.models import LetterTemplate
from practice.rules.letter_merge import TYPES, as_text
from practice.selectors import letter_compose
from practice.services import letter_starters, letters
from tests.billing.remittance_world import build
from tests.billing.test_denial_work import denied
from tests.patients.records_samples import request as records_request
from tests.practice.letter_samples import make_letter, make_patient, make_site, make_template
from tests.scheduling.clinic import SEVEN, make_clinic
from tests.scheduling.outreach_samples import make_recalls

pytestmark = pytest.mark.django_db
GOLDEN = """Dear Nell Waiter,

Thank you for telling us what went wrong. We received your complaint on March 2, 2026. Its number is 1.

This is how we understood it:

- Waited <b>too</b> long

If we have that wrong, or you want to add something, please call or write to us and name the number above.

We are looking into it now and will answer you by April 1, 2026. Whatever the answer is, your care here does not \
change because you complained.

You can reach us at (914) 555-0100.

Sincerely,
Olive Owens
Harbor Family Medicine"""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def complain(actor, **values):
    given = {"channel": "phone", "category": "access", "summary": "Waited <b>too</b> long"}
    return complaints.receive(actor=actor, **given | values)


def every_record(actor):
    """One record of each kind that letters are about."""
    adjustment_catalogue.install(actor=actor)
    world = build(actor)
    case = denied(world)
    with clock.at(SEVEN):
        visit = make_clinic(actor).book()
        (recall,) = make_recalls(actor, 1)
    asked = records_request(actor, make_patient(actor))
    return [
        make_patient(actor),
        complain(actor, patient=make_patient(actor)),
        asked,
        visit,
        recall,
        case,
        case.payer,
    ]


def test_every_kind_gives_the_fields_it_declares_in_their_kinds(acting):
    with acting("owner") as actor:
        found = {record._meta.label_lower: record for record in every_record(actor)}
        assert set(found) == set(written_about())
        for kind, subject in written_about().items():
            facts = subject.read(found[kind], actor=actor)
            assert set(facts.values) == {field.name for field in subject.fields}, kind
            for field in subject.fields:
                value = facts.values[field.name]
                assert value is None or isinstance(value, TYPES[field.kind]), field.name


def test_the_shipped_letters_can_be_published_and_twice_is_once(acting):
    with acting("owner") as actor:
        assert letter_starters.install(actor=actor) == len(list(letter_starters.starters())) >= 9
        assert letter_starters.install(actor=actor) == 0
        assert {template.version for template in LetterTemplate.objects.all()} == {1}


def test_an_acknowledgement_reads_like_this(acting):
    with acting("owner") as actor, clock.at(SEVEN):
        letter_starters.install(actor=actor)
        make_site(actor)
        about = complain(actor, patient=make_patient(actor, last_name="Waiter"))
        template = LetterTemplate.objects.get(code="complaint-acknowledgement", language="en")
        letter = letters.write(template=template, about=about, actor=actor)
        sheet = letter_compose.opened(letter)
        assert as_text(sheet.pieces) == GOLDEN
        assert sheet.subject == "We have received your complaint of March 2, 2026"
        assert sheet.to == ("Nell Waiter", "1 Mill Road", "Harborview, NY 10562")
        assert (sheet.site, sheet.phone) == (("120 Main Street", "Harborview, NY 10562"), "(914) 555-0100")
        assert letter.patient_id == about.patient_id


def test_an_appeal_names_the_claim_and_what_was_denied(acting):
    with acting("owner") as actor:
        adjustment_catalogue.install(actor=actor)
        letter_starters.install(actor=actor)
        case = denied(build(actor))
        letter = letters.write(
            template=LetterTemplate.objects.get(code="appeal-cover"),
            about=case,
            words="It was approved.",
            actor=actor,
        )
        text = as_text(letter_compose.opened(letter).pieces)
        assert f"- Our claim number: {case.claim.control_number}\n" in text
        assert "- Amount denied: $70.00\n" in text
        assert "CO-197)" in text
        assert "It was approved." in text
        assert letter.recipient == case.payer.name


def test_what_a_letter_lacks_is_named_and_nothing_is_written(acting):
    with acting("owner") as actor:
        about = make_patient(actor, address_line="")
        template = make_template(actor, body="To {{ patient.address|line }}, {{ letter.words }}")
        with pytest.raises(DomainError, match="Missing: Patient’s address, Your own words"):
            letters.write(template=template, about=about, actor=actor)
        assert template.versions.get().letters.count() == 0


def test_the_text_is_ciphertext_in_the_table(acting):
    with acting("owner") as actor:
        letter = make_letter(actor, words="Come on Tuesday")
        letter.refresh_from_db()
        assert "Tuesday" not in letter.content
        assert "Tuesday" in reveal(letter, "content")


def test_a_letter_of_somebody_else_does_not_go_to_the_patients_address(acting):
    with acting("owner") as actor:
        about = complain(actor, patient=make_patient(actor), complainant="Her brother")
        to = subjects()["patients.complaint"].read(about, actor=actor).addressee
        assert (to.name, to.lines, to.ways) == ("Her brother", (), frozenset({"post"}))


def test_the_page_about_letters_lists_every_field():
    page = (Path(__file__).parents[2] / "docs" / "letters.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (\w+) \|", page, flags=re.MULTILINE))
    known = {field.name: str(field.kind) for field in COMMON}
    for kind in subjects():
        known |= {field.name: str(field.kind) for field in fields_of(kind).values()}
    assert rows == known
