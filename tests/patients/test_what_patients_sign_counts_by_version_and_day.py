import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import ConsentForm, ConsentRevocation, ConsentVersion, PatientConsent
from patients.rules.consents import Given, State, names, state_on
from patients.selectors.consents import missing_consents, releases, standings
from patients.services import consent_starters, consents, coverages, merges, representatives
from practice.models import Attachment, JobRun, Payer
from practice.selectors.files import of_record
from tests.cast import actor_named, in_practice
from tests.patients.consent_samples import consent_form, person, publish, signed

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


def on(day):
    return clock.at(datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC))


@pytest.fixture
def scene(acting):
    with on(DAY), acting("manager") as actor:
        yield actor


def words(patient, *, actor, day=DAY, **more):
    return [each.words for each in missing_consents(patient, day=day, actor=actor, **more)]


def test_the_rule_counts_what_holds_else_says_what_happened_last():
    def given(**more):
        return Given(**{"number": 1, "signed": True, "on": DAY, **more})

    def state(*facts, day=DAY, **more):
        return state_on(facts, day=day, **more)

    later = DAY + timedelta(days=1)
    assert state() == State.MISSING
    assert state(given()) == State.HOLDS
    assert state(given(on=later)) == State.MISSING
    assert state(given(expires_on=DAY)) == State.HOLDS
    assert state(given(expires_on=DAY), day=later) == State.EXPIRED
    assert state(given(revoked_on=DAY)) == State.REVOKED
    assert state(given(revoked_on=later)) == State.HOLDS
    assert state(given(), since=2) == State.OUTDATED
    assert state(given(number=2), since=2) == State.HOLDS
    assert state(given(signed=False)) == State.REFUSED
    assert state(given(signed=False), refusal_is_enough=True) == State.TRIED
    assert state(given(), given(signed=False, on=later), day=later) == State.HOLDS


def test_a_typed_name_is_the_signers_in_any_order_and_case():
    assert names("smith, JANE", person="Jane Smith")
    assert names("Jane Q. Smith", person="Jane Smith")
    assert not names("Jane", person="Jane Smith")
    assert not names("", person="Jane Smith")


def test_what_is_asked_of_everyone_is_missing_until_it_is_signed(scene):
    version, patient = consent_form(scene), person(scene)
    assert words(patient, actor=scene) == [f"{version.form}: not signed yet"]
    made = signed(patient, version, actor=scene, signed_by=f"{patient.last_name}, {patient.first_name}")
    assert words(patient, actor=scene) == []
    assert (made.signed_on, made.how, str(made.standing.word)) == (DAY, "typed", "Signed")
    assert JobRun.objects.filter(kind="patients.consent_copy").count() == 1


def test_who_is_asked_is_data_of_the_form(scene):
    patient = person(scene)
    for asked in ("insured", "telehealth", "request"):
        consent_form(scene, asked_of=asked)
    assert words(patient, actor=scene) == []
    assert len(words(patient, actor=scene, telehealth=True)) == 1
    payer = Payer.objects.create(practice_id=scene.practice_id, name="Northway")
    coverages.add(patient, payer=payer, member_id="N1", starts_on=DAY, actor=scene)
    assert len(words(patient, actor=scene)) == 1
    assert words(patient, actor=scene, day=DAY - timedelta(days=1)) == []


def test_a_yearly_form_expires_and_a_new_version_asks_again_only_when_it_says_so(scene):
    version, patient = consent_form(scene, valid_months=12), person(scene)
    made = signed(patient, version, actor=scene)
    assert made.expires_on == date(2027, 3, 2)
    assert words(patient, actor=scene, day=date(2027, 3, 2)) == []
    assert words(patient, actor=scene, day=date(2027, 3, 3)) == [f"{version.form}: expired"]
    publish(version.form, actor=scene)
    assert words(patient, actor=scene) == []
    newest = publish(version.form, actor=scene, asks_again=True)
    assert words(patient, actor=scene) == [f"{version.form}: a new version asks again"]
    [standing] = standings(patient, day=DAY, actor=scene)
    assert standing.version == newest


def test_the_version_in_the_patients_language_is_offered_else_the_english_one(scene):
    english = consent_form(scene)
    spanish = publish(english.form, actor=scene, language="es")
    for language, expected in (("es", spanish), ("en", english), ("ko", english)):
        [found] = missing_consents(person(scene, language=language), day=DAY, actor=scene)
        assert found.version == expected


def test_a_refused_notice_is_enough_and_any_other_refusal_is_not(scene):
    notice, policy = consent_form(scene, kind="privacy"), consent_form(scene)
    patient = person(scene)
    for version in (notice, policy):
        with pytest.raises(DomainError) as refused:
            consents.sign(patient=patient, version=version, answer="refused", reason=" ", actor=scene)
        assert refused.value.field == "reason"
    assert not PatientConsent.objects.exists()
    for version in (notice, policy):
        consents.sign(
            patient=patient, version=version, answer="refused", reason="Would not; was explained", actor=scene
        )
    assert words(patient, actor=scene) == [f"{policy.form}: declined"]
    assert not JobRun.objects.filter(kind="patients.consent_copy").exists()


def test_a_minor_signs_by_a_parent_who_may_or_by_what_the_minor_decides_alone(scene):
    version, child = consent_form(scene), person(scene, born=date(2012, 5, 6))
    with pytest.raises(DomainError) as refused:
        signed(child, version, actor=scene)
    assert refused.value.field == "representative"
    common = {"kind": "parent", "relationship": "parent", "starts_on": DAY, "actor": scene, "patient": child}
    mother = representatives.name_one(name="Mary Signer", may_sign=True, **common)
    other = representatives.name_one(name="Otto Signer", may_sign=False, **common)
    with pytest.raises(DomainError, match="Otto Signer may not sign"):
        signed(child, version, representative=other, signed_by="Otto Signer", actor=scene)
    with pytest.raises(DomainError, match="Type the full name of who signs: Mary Signer"):
        signed(child, version, representative=mother, actor=scene)
    assert not PatientConsent.objects.exists()
    made = signed(child, version, representative=mother, signed_by="mary signer", actor=scene)
    assert (made.signed_by, made.representative) == ("mary signer", mother)
    teen = person(scene, born=date(2010, 5, 6))
    representatives.decide_alone(patient=teen, area="sti", basis="NY PHL 2305", starts_on=DAY, actor=scene)
    assert signed(teen, version, actor=scene).representative is None


def test_a_release_names_to_whom_what_and_until_when(scene):
    version, patient = consent_form(scene, kind="release", asked_of="request"), person(scene)
    whole = {"recipient": "Dr. Rhea", "covers": "Notes of 2026", "expires_on": date(2026, 6, 1)}
    for left_out in whole:
        given = {name: value for name, value in whole.items() if name != left_out}
        with pytest.raises(DomainError) as refused:
            signed(patient, version, actor=scene, **given)
        assert refused.value.field == left_out
    assert not PatientConsent.objects.exists()
    made = signed(patient, version, actor=scene, **whole)
    assert releases(patient, day=date(2026, 6, 1)) == [made]
    assert releases(patient, day=date(2026, 6, 2)) == []


def test_taken_back_it_counts_no_more_from_that_day_and_only_once(scene):
    version, patient = consent_form(scene), person(scene)
    made = signed(patient, version, actor=scene)
    with pytest.raises(DomainError) as refused:
        consents.revoke(made, reason="No", revoked_on=DAY + timedelta(days=1), actor=scene)
    assert refused.value.field == "revoked_on"
    assert not ConsentRevocation.objects.exists()
    gone = consents.revoke(made, reason="Changed my mind", actor=scene)
    assert (gone.revoked_on, gone.revoked_why) == (DAY, f"{patient}: Changed my mind")
    assert words(patient, actor=scene) == [f"{version.form}: taken back"]
    with pytest.raises(Conflict):
        consents.revoke(made, reason="Again", actor=scene)
    assert ConsentRevocation.objects.count() == 1


def test_published_words_and_signatures_are_never_changed_by_the_database_itself(scene):
    version, patient = consent_form(scene), person(scene)
    signed(patient, version, actor=scene)
    for model in (ConsentVersion, PatientConsent):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(created_at=clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
    assert ConsentVersion.objects.get().body == version.body


def test_words_that_cannot_be_merged_or_are_the_present_ones_are_not_published(scene):
    version = consent_form(scene)
    for body, field in (("{{ patient.shoe }}", "body"), ("{{ letter.words }}", "body"), ("", "body")):
        with pytest.raises(DomainError) as refused:
            publish(version.form, actor=scene, body=body)
        assert refused.value.field == field
    with pytest.raises(DomainError) as refused:
        publish(version.form, actor=scene, effective_from=DAY - timedelta(days=1))
    assert refused.value.field == "effective_from"
    with pytest.raises(Conflict):
        publish(version.form, actor=scene, title=version.title, body=version.body)
    assert ConsentVersion.objects.count() == 1


def test_our_own_forms_are_added_once_and_can_all_be_merged(scene):
    made = consent_starters.install(actor=scene)
    assert made == ConsentVersion.objects.count() > 7
    assert consent_starters.install(actor=scene) == 0
    patient = person(scene)
    missing = missing_consents(patient, day=DAY, actor=scene)
    assert {each.form.kind for each in missing} == {"privacy", "treatment", "financial"}
    assert ConsentForm.objects.filter(kind="release", asked_of="request").count() == 1


def test_a_merge_keeps_what_was_signed_under_both_records(scene):
    version, kept, gone = consent_form(scene), person(scene), person(scene)
    signed(gone, version, actor=scene)
    assert words(kept, actor=scene) != []
    merges.merge(kept=kept, gone=gone, reason="Same person", actor=scene)
    assert words(kept, actor=scene) == []


def test_who_may_not_change_patients_signs_nothing_for_them(scene):
    version, patient = consent_form(scene), person(scene)
    with in_practice(actor_named("physician")) as doctor:
        with pytest.raises(Forbidden):
            signed(patient, version, actor=doctor)
        with pytest.raises(Forbidden):
            consent_form(doctor)
    with in_practice(actor_named("manager")):
        assert not PatientConsent.objects.exists()
        assert ConsentForm.objects.get() == version.form


@pytest.fixture
def desk(acting):
    with on(DAY):
        with acting("manager") as actor:
            first = consent_form(actor, kind="privacy", title="Notice for you")
            second = consent_form(actor, title="Money matters")
            patient = person(actor)
        yield actor, patient, first, second


def test_the_sign_page_shows_the_text_and_leads_from_one_form_to_the_next(desk, front_desk):
    actor, patient, first, second = desk
    address = f"patients/{patient.pk}/sign/"
    page = front_desk.at(address).content.decode()
    assert f"I agree, {patient}" in page
    assert "2 forms to sign" in page
    form = {"patient": patient.mrn, "version": str(first.pk), "answer": "signed", "how": "typed"}
    refused = front_desk.send(address, form)
    assert refused.status_code == 422
    assert f"Type the full name of who signs: {patient}" in refused.content.decode()
    with in_practice(actor):
        assert not PatientConsent.objects.exists()
    assert front_desk.send(address, form | {"signed_by": str(patient)}).status_code == 302
    page = front_desk.at(address).content.decode()
    assert "1 form to sign" in page
    assert "Money matters" in page
    scan = SimpleUploadedFile("scan.pdf", PDF, content_type="application/pdf")
    paper = {**form, "version": str(second.pk), "how": "paper", "file": scan}
    assert front_desk.send(address, paper).status_code == 302
    assert "Nothing is missing" in front_desk.at(address).content.decode()
    with in_practice(actor):
        kept = PatientConsent.objects.get(how="paper")
        assert [each.note for each in of_record(kept)] == ["Signed paper"]


def test_pages_of_patient_and_visit_name_what_is_missing(desk, front_desk, physician):
    _, patient, first, _ = desk
    page = front_desk.at(f"patients/{patient.pk}/").content.decode()
    assert "To sign: 2" in page
    assert f"sign/?version={first.pk}" in page
    page = physician.at(f"patients/{patient.pk}/").content.decode()
    assert "To sign: 2" in page
    assert "sign/?version=" not in page


def test_rest_says_what_is_missing_signs_and_takes_back(desk, front_desk):
    _, patient, first, second = desk
    api = "/p/harbor/api/v1/"
    missing = front_desk.get(f"{api}patients/{patient.pk}/missing-consents/").json()
    assert {each["version"] for each in missing} == {str(first.pk), str(second.pk)}
    assert {each["state"] for each in missing} == {"missing"}
    body = {
        "patient": str(patient.pk),
        "version": str(first.pk),
        "answer": "signed",
        "signed_by": str(patient),
    }
    made = front_desk.post(f"{api}patients/consents/", json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    back = front_desk.post(
        f"{api}patients/consents/{made.json()['id']}/revoke/",
        json.dumps({"reason": "Changed my mind"}),
        content_type="application/json",
    )
    assert back.status_code == 200, back.content
    assert back.json()["revoked_on"] == "2026-03-02"
    missing = front_desk.get(f"{api}patients/{patient.pk}/missing-consents/").json()
    assert {each["state"] for each in missing} == {"missing", "revoked"}
    asked = front_desk.get(f"{api}patients/{patient.pk}/missing-consents/?day=2020-01-01")
    assert asked.json() == []


def test_the_signed_copy_is_made_once_and_kept_with_the_consent(desk):
    actor, patient, first, _ = desk
    with in_practice(actor):
        made = signed(patient, first, actor=actor)
        one = consents.keep_copy(made.pk, content=PDF, actor=actor)
        two = consents.keep_copy(made.pk, content=PDF + b"\n", actor=actor)
        assert one == two
        assert Attachment.objects.count() == 1
