"""A signature may be drawn beside the typed name; a link has one person sign from outside, once, by date of birth."""

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from kit import clock, qr
from kit.errors import Conflict, DomainError, Forbidden
from patients import consent_jobs, consent_link_work
from patients.check_in import items
from patients.models import ConsentLink, PatientConsent
from patients.rules.consents import LONGEST, is_drawing
from patients.selectors.consents import missing_consents
from patients.services import consent_links, consents, contact, representatives
from practice import jobs, texting
from practice.actor import system_actor
from practice.models import JobRun, TokenLookup, WorkItem
from practice.services import letter_templates
from tests.cast import actor_named, in_practice
from tests.patients.consent_samples import consent_form, person, signed
from tests.scheduling.clinic import make_clinic

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # Monday, noon in New York
BORN = {"born": "03/04/1980"}
DRAWN = "M10,20L30,40L50,60M100,100L100,100"


class Here(jobs.Job):
    """A job whose steps run in the test's own transaction."""

    @contextmanager
    def step(self, *, read_only=False):
        yield self.actor


@pytest.fixture
def scene(acting, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    texting.SENT.clear()
    with clock.at(NOON), acting("manager") as actor:
        yield actor


@pytest.fixture
def sent(acting, settings):
    """A version, a patient, and the address of a link that was handed over; requests follow, so nothing is open."""
    with clock.at(NOON):
        with acting("manager") as actor:
            version, patient = consent_form(actor), person(actor)
            link, address = consent_links.make(patient, version=version, way="hand", actor=actor)
        yield link, address[address.index("/s/") :], actor


def work(actor):
    """What a worker does with links that wait to be sent."""
    ours = system_actor(practice_id=actor.practice_id, request_id="job")
    for row in JobRun.objects.filter(kind=consent_links.SEND, state="queued"):
        consent_link_work.send(
            Here(id=None, practice_id=actor.practice_id, key=row.key, args=row.args, actor=ours)
        )


def kept(link):
    return ConsentLink.objects.select_related("consent").get(pk=link.pk)


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        (DRAWN, True), ("M0,0L600,200", True), ("", False), ("M1,2", False), ("L1,2", False), ("M1,2L3,4Z", False),
        ('M1,2L3,4" onload="x', False), ("M1000,2L3,4", False), ("M١,٢L٣,٤", False),
        ("M1,2" + "L3,4" * (LONGEST // 4), False),
    ],
)  # fmt: skip
def test_a_drawing_is_strokes_and_nothing_else(path, holds):
    assert is_drawing(path) is holds


def test_a_drawing_stands_beside_the_typed_name_and_never_without_it(scene):
    version, patient = consent_form(scene), person(scene)
    with pytest.raises(DomainError) as unnamed:
        signed(patient, version, signed_by="", drawing=DRAWN, actor=scene)
    with pytest.raises(DomainError) as bad:
        signed(patient, version, drawing="M1,2<script>", actor=scene)
    with pytest.raises(DomainError):
        signed(patient, version, how="paper", drawing=DRAWN, actor=scene)
    assert (unnamed.value.field, bad.value.field) == ("signed_by", "drawing")
    assert not PatientConsent.objects.exists()
    assert signed(patient, version, drawing=DRAWN, actor=scene).drawing == DRAWN


def test_the_desk_keeps_what_was_drawn_and_shows_it(acting, front_desk):
    with acting("manager") as actor:
        version, patient = consent_form(actor), person(actor)
    given = {"answer": "signed", "how": "typed", "signed_by": str(patient), "patient": patient.mrn}
    given |= {"version": str(version.pk), "drawing": DRAWN, "idempotency_key": "d1"}
    assert front_desk.send(f"patients/{patient.pk}/sign/", given).status_code == 302
    with in_practice(actor):
        made = PatientConsent.objects.get()
    assert made.drawing == DRAWN
    assert f'd="{DRAWN}"' in front_desk.at(f"patients/consents/{made.pk}/").content.decode()
    refused = front_desk.send(
        f"patients/{patient.pk}/sign/", given | {"how": "link", "idempotency_key": "d2"}
    )
    assert refused.status_code == 422


def test_the_address_and_the_date_of_birth_open_the_form_and_a_name_signs_it_once(sent):
    link, address, actor = sent
    visitor = Client()
    asked = visitor.get(address).content.decode()
    assert "date of birth" in asked
    for secret in ("Nell", "Signer", "Please sign", "1980"):
        assert secret not in asked
    opened = visitor.post(address, BORN)
    assert "I agree, Nell" in unescape(opened.content.decode())
    assert (opened.status_code, bool(visitor.cookies)) == (200, False)
    unsigned = visitor.post(address, {**BORN, "signed_by": "Somebody Else", "signs": "1"})
    assert unsigned.status_code == 422
    with in_practice(actor):
        assert not PatientConsent.objects.exists()
        assert kept(link).opened_at == NOON
    given = {**BORN, "signed_by": str(link.patient), "drawing": DRAWN, "signs": "1"}
    for _ in range(2):
        assert "It is signed." in visitor.post(address, given).content.decode()
    with in_practice(actor):
        made = PatientConsent.objects.get()
        assert (made.how, made.drawing, made.signed_by) == ("link", DRAWN, str(link.patient))
        assert made.created_by == f"public_link:{link.pk}"
        assert "date of birth" in made.by_link
        assert (kept(link).state, kept(link).consent) == ("signed", made)
        assert missing_consents(link.patient, day=NOON.date(), actor=actor) == []
        assert JobRun.objects.filter(kind=consents.COPY).count() == 1
    with clock.at(NOON + timedelta(minutes=61)):
        assert visitor.get(address).status_code == 404


def test_whoever_declines_is_on_record_and_the_link_is_used_up(sent):
    link, address, actor = sent
    visitor, no = Client(), {**BORN, "reason": "I want to ask my lawyer.", "declines": "1"}
    assert "I decline to sign" in visitor.post(address, BORN).content.decode()
    assert visitor.post(address, no | {"born": "03/05/1980"}).status_code == 403
    assert visitor.post(address, no | {"reason": "x" * 151}).status_code == 422
    with in_practice(actor):
        assert not PatientConsent.objects.exists()
    for _ in range(2):
        assert "You declined to sign." in visitor.post(address, no).content.decode()
    sign = {**BORN, "signed_by": str(link.patient), "signs": "1"}
    assert "You declined to sign." in visitor.post(address, sign).content.decode()
    with in_practice(actor):
        made = PatientConsent.objects.get()
        assert (made.answer, made.signed_on, made.signed_by) == ("refused", NOON.date(), str(link.patient))
        assert made.reason == "From outside, by link: I want to ask my lawyer."
        assert (made.created_by, kept(link).standing.word) == (f"public_link:{link.pk}", "Declined")
        assert "date of birth" in made.by_link
        assert kept(link).consent == made
    with clock.at(NOON + timedelta(minutes=61)):
        assert visitor.get(address).status_code == 404


def test_check_in_says_who_declined_and_when_and_does_not_ask_as_if_nobody_had(sent):
    link, address, actor = sent
    with in_practice(actor):
        visit = make_clinic(actor).book(link.patient)

    def said():
        return [
            (each.title, each.state, each.detail, each.todo)
            for each in items(visit, actor=actor, slug="harbor")
            if each.code.startswith("sign")
        ]

    with in_practice(actor):
        title = str(link.version.form)
        assert said() == [(title, "warn", "Not signed yet.", "Have it signed")]
    assert Client().post(address, {**BORN, "declines": "1"}).status_code == 200
    with in_practice(actor):
        words = f"Declined on 03/02/2026 by {link.patient}: From outside, by link."
        assert said() == [(title, "warn", words, "")]
        signed(link.patient, link.version, actor=actor)
        assert said() == [("Signatures", "ok", "Everything that is asked is signed.", "")]


def test_the_message_has_the_words_the_practice_published(scene):
    version, patient = consent_form(scene), person(scene, email="nell@example.com")
    body = "Dear you, {{ practice.name }} needs a signature by {{ message.until }}: {{ message.link }}"
    given = {"kind": "message.consent_mail", "language": "en", "subject": "Please, a signature"}
    with pytest.raises(DomainError):
        letter_templates.add(actor=scene, name="No address", body="Please sign.", **given)
    made = letter_templates.add(actor=scene, name="Ours", body=body, **given)
    letter_templates.publish(made, actor=scene)
    consent_links.make(patient, version=version, way="email", actor=scene)
    work(scene)
    (message,) = mail.outbox
    assert message.subject == "Please, a signature"
    assert message.body.startswith("Dear you, Harbor Family Medicine needs a signature by 03/09/2026: http")


def test_the_signed_copy_shows_the_drawing_and_says_how_it_was_signed(sent, monkeypatch):
    link, address, actor = sent
    given = {**BORN, "signed_by": str(link.patient), "drawing": DRAWN, "signs": "1"}
    assert Client().post(address, given).status_code == 200
    pages = []

    def render(template, context, *, title):
        pages.append(unescape(render_to_string(template, context)))
        return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"

    monkeypatch.setattr(consent_jobs, "render_pdf", render)
    with in_practice(actor):
        args = {"consent_id": str(PatientConsent.objects.get().pk)}
        ours = system_actor(practice_id=actor.practice_id, request_id="job")
        consent_jobs.make_copy(Here(id=None, practice_id=actor.practice_id, key="", args=args, actor=ours))
    assert f'd="{DRAWN}"' in pages[0]
    assert "from outside as the signature. By address or code shown, opened with" in pages[0]


def test_wrong_dates_of_birth_sign_nothing_and_shut_it_for_good(sent):
    link, address, actor = sent
    wrong = {"born": "03/05/1980", "signed_by": str(link.patient), "signs": "1"}
    assert Client().post(address, {"born": "tomorrow"}).status_code == 422
    assert [Client().post(address, wrong).status_code for _ in range(5)] == [403] * 5
    assert Client().post(address, BORN).status_code == 404
    with in_practice(actor):
        assert not PatientConsent.objects.exists()
        assert (kept(link).state, kept(link).wrong) == ("shut", 5)
        assert WorkItem.objects.get(kind=consent_links.WORK).reason == "Somebody gave 5 wrong dates of birth."


def test_revoked_replaced_expired_and_unknown_addresses_answer_alike(sent):
    link, address, actor = sent
    with in_practice(actor):
        second, newer = consent_links.make(link.patient, version=link.version, way="hand", actor=actor)
        assert kept(link).state == "revoked"
        newer = newer[newer.index("/s/") :]
    pages = [Client().get(address), Client().get("/s/never-was-one/")]
    with clock.at(NOON + timedelta(days=7, minutes=1)):
        pages.append(Client().get(newer))
    assert Client().get(newer).status_code == 200
    with in_practice(actor):
        consent_links.revoke(second, reason="Wrong person", actor=actor)
        with pytest.raises(Conflict):
            consent_links.revoke(second, reason="Again", actor=actor)
        assert not TokenLookup.objects.filter(row_id=second.pk).exists()
    pages.append(Client().get(newer))
    assert {each.status_code for each in pages} == {404}
    assert len({each.content for each in pages}) == 1


def test_a_text_and_a_mail_name_neither_the_form_nor_the_patient(scene):
    version = consent_form(scene)
    patient = person(scene, phone="9145550148", email="nell@example.com")
    with pytest.raises(DomainError) as refused:
        consent_links.make(patient, version=version, way="text", actor=scene)
    assert refused.value.field == "way"
    contact.publish_wording(channel="text", text="We may text you.", actor=scene)
    contact.record_consent(patient=patient, channel="text", given=True, how="signed", actor=scene)
    link, shown = consent_links.make(patient, version=version, way="text", actor=scene)
    assert (shown, kept(link).state) == ("", "going")
    work(scene)
    ((to, words, _),) = texting.SENT
    assert (to, kept(link).state, kept(link).sent_at) == ("9145550148", "open", NOON)
    consent_links.make(patient, version=version, way="email", actor=scene)
    work(scene)
    assert kept(link).state == "revoked"
    (message,) = mail.outbox
    for said in (words, message.body, message.subject):
        for secret in ("Nell", "Signer", "1980", "Form ", "Please sign"):
            assert secret not in said
    assert re.search(r"/s/[\w-]{43}/", words)


def test_quiet_hours_put_a_text_off_and_a_word_taken_back_fails_it(scene):
    version, patient = consent_form(scene), person(scene, phone="9145550148")
    contact.publish_wording(channel="text", text="We may text you.", actor=scene)
    contact.record_consent(patient=patient, channel="text", given=True, how="signed", actor=scene)
    link, _ = consent_links.make(patient, version=version, way="text", actor=scene)
    with clock.at(NOON + timedelta(hours=12)):
        assert consent_links.take(link.pk, actor=scene) is None
    assert kept(link).state == "going"
    assert JobRun.objects.filter(kind=consent_links.SEND).count() == 2
    contact.record_consent(patient=patient, channel="text", given=False, how="phone", actor=scene)
    work(scene)
    assert kept(link).state == "failed"
    assert texting.SENT == []
    assert WorkItem.objects.get(kind=consent_links.WORK).state == "open"


def test_the_link_is_for_one_who_may_sign(scene):
    version, child = consent_form(scene), person(scene, born=date(2018, 1, 2))
    with pytest.raises(DomainError) as alone:
        consent_links.make(child, version=version, way="hand", actor=scene)
    common = {
        "kind": "parent",
        "relationship": "parent",
        "starts_on": NOON.date(),
        "actor": scene,
        "patient": child,
    }
    other = representatives.name_one(name="Otto Signer", may_sign=False, **common)
    with pytest.raises(DomainError) as unable:
        consent_links.make(child, version=version, way="hand", representative=other, actor=scene)
    assert alone.value.field == unable.value.field == "representative"
    assert not ConsentLink.objects.exists()
    mother = representatives.name_one(name="Mary Signer", may_sign=True, **common)
    link, _ = consent_links.make(child, version=version, way="hand", representative=mother, actor=scene)
    assert (link.signer, kept(link).state) == ("Mary Signer", "open")


def test_who_may_not_change_patients_makes_none(scene):
    version, patient = consent_form(scene), person(scene)
    with in_practice(actor_named("physician")) as reader:
        with pytest.raises(Forbidden):
            consent_links.make(patient, version=version, way="hand", actor=reader)
        assert not ConsentLink.objects.exists()


def test_the_desk_makes_a_link_on_its_page_and_rest_shows_no_address(acting, front_desk):
    with acting("manager") as actor:
        version, patient = consent_form(actor), person(actor, email="nell@example.com")
    page = front_desk.send(f"patients/{patient.pk}/sign/{version.pk}/send/", {"way": "hand"})
    body = page.content.decode()
    address = re.search(r"http[^<]*/s/[\w-]{43}/", body)[0]
    assert qr.code(address).path in body
    answer = front_desk.post(
        f"/p/harbor/api/v1/patients/{patient.pk}/consent-links/",
        {"version": str(version.pk), "way": "email"},
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"id", "patient", "version", "representative", "way", "state", "expires_at"}
    with in_practice(actor):
        assert sorted(ConsentLink.objects.values_list("state", flat=True)) == ["going", "revoked"]
