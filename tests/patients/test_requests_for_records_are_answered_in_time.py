import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import RecordsRelease, RecordsRequest, RecordsStep
from patients.rules.records import BASES, fee, is_accounted, keep_until
from patients.selectors import records_desk as found
from patients.selectors.consents import given
from patients.selectors.records_desk import released_from, retention
from patients.services import consents, merges, patients, representatives
from patients.services import records_desk as desk
from practice.letter_subjects import subjects
from practice.models import LetterTemplate, Location, WorkItem
from practice.services import letter_starters, letters
from tests.cast import actor_named, in_practice
from tests.patients.consent_samples import consent_form, person, signed
from tests.patients.records_samples import ready, request

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
ADDRESS = {"address_line": "40 Court Street", "city": "Harborview", "state": "NY", "postal_code": "10562"}


def on(day):
    return clock.at(datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC))


@pytest.fixture
def scene(acting):
    with on(MONDAY), acting("manager") as actor:
        yield actor


def release_paper(actor, patient, **more):
    version = consent_form(actor, kind="release", asked_of="request")
    whole = {"recipient": "Lyle Brandt", "covers": "Everything", "expires_on": date(2026, 3, 20), **more}
    return signed(patient, version, actor=actor, **whole)


def test_fees_follow_the_authority():
    told = {"flat": Decimal("6.50"), "per_page": Decimal("0.75")}
    for basis, medium, pages, expected in (
        ("own", "paper", 200, "6.50"),
        ("representative", "electronic", 1, "6.50"),
        ("own", "inspect", 200, "0.00"),
        ("treatment", "paper", 200, "0.00"),
        ("payment", "paper", 3, "0.00"),
        ("authorization", "paper", 40, "30.00"),
        ("law", "electronic", 4, "3.00"),
    ):
        assert fee(basis, medium=medium, pages=pages, **told) == Decimal(expected), basis


def test_only_what_the_law_demands_stands_in_the_accounting():
    every = {basis for bases in BASES.values() for basis in bases}
    assert {basis for basis in every if is_accounted(basis)} == {"law"}


def test_a_record_is_kept_for_years_and_a_minors_until_after_majority():
    kept = {"years": 6, "minor_years": 1}
    adult = keep_until(last=date(2026, 3, 2), of_age=date(1998, 1, 1), **kept)
    assert (adult.until, adult.minor) == (date(2032, 3, 2), False)
    child = keep_until(last=date(2026, 3, 2), of_age=date(2040, 2, 29), **kept)
    assert (child.until, child.minor) == (date(2041, 3, 1), True)
    teen = keep_until(last=date(2026, 3, 2), of_age=date(2027, 1, 1), **kept)
    assert (teen.until, teen.minor) == (date(2032, 3, 2), False)


def test_it_is_answered_within_thirty_days_and_is_work_until_then(scene):
    made = request(scene, received_on=date(2026, 2, 27))
    assert (made.number, made.status, made.due_on) == (1, "received", date(2026, 3, 29))
    assert made.requester == str(made.patient)
    item = WorkItem.objects.get(kind="patients.records")
    assert (item.title, item.due_on) == ("Records request 1: received", date(2026, 3, 29))
    made = desk.verify(made, shown="photo", basis="own", actor=scene)
    made = desk.start(made, actor=scene)
    made = desk.prepare(made, pages=12, actor=scene)
    assert (made.status, made.fee) == ("ready", Decimal("6.50"))
    assert "164.524(c)(4)" in made.fee_rule
    done = desk.release(made, purpose="Own copy", actor=scene)
    assert (done.status, done.due_on, done.closed_on) == ("released", None, MONDAY)
    item.refresh_from_db()
    assert (item.state, item.outcome) == ("done", "Released")
    kept = RecordsRelease.objects.get()
    assert (kept.recipient, kept.basis, kept.pages, kept.is_accounted) == (made.requester, "own", 12, False)
    stages = [step.stage for step in RecordsStep.objects.order_by("id")]
    assert stages == ["received", "verified", "working", "ready", "released"]


def test_one_extension_of_thirty_days_is_said_before_the_first_limit_is_over(scene):
    made = request(scene)
    with pytest.raises(DomainError) as refused:
        desk.extend(made, reason=" ", actor=scene)
    assert refused.value.field == "reason"
    more = desk.extend(made, reason="In the archive", actor=scene)
    assert (more.due_on, more.extended_on) == (date(2026, 5, 1), MONDAY)
    assert WorkItem.objects.get(kind="patients.records").due_on == date(2026, 5, 1)
    with pytest.raises(Conflict):
        desk.extend(more, reason="Still there", actor=scene)
    late = request(scene)
    with on(date(2026, 4, 2)), pytest.raises(Conflict, match="The first limit is over"):
        desk.extend(late, reason="In the archive", actor=scene)
    late.refresh_from_db()
    assert (late.due_on, late.extended_on) == (date(2026, 4, 1), None)


def test_california_wants_an_answer_in_fifteen_days(scene):
    Location.objects.create(practice_id=scene.practice_id, name="Bay", state="CA", address_line="1 Bay")
    Location.objects.exclude(state="CA").update(is_active=False)
    assert request(scene).due_on == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"what": " "}, "what"),
        ({"asker": "attorney"}, "requester"),
        ({"received_on": MONDAY + timedelta(days=1)}, "received_on"),
        ({"period_from": date(2026, 2, 1), "period_to": date(2026, 1, 1)}, "period_to"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(scene, given, field):
    with pytest.raises(DomainError) as refused:
        request(scene, **given)
    assert refused.value.field == field
    assert not RecordsRequest.objects.exists()


def test_without_authority_nobody_gets_records(scene):
    patient = person(scene)
    other = release_paper(scene, person(scene))
    lawyer = request(scene, patient, asker="attorney", requester="Lyle Brandt")
    for seen, field in (
        ({"basis": "own"}, "basis"),
        ({"basis": "treatment"}, "basis"),
        ({"basis": "authorization"}, "consent"),
        ({"basis": "authorization", "consent": other}, "consent"),
        ({"basis": "law"}, "authority"),
    ):
        with pytest.raises(DomainError) as refused:
            desk.verify(lawyer, shown="letterhead", actor=scene, **seen)
        assert refused.value.field == field
    lawyer.refresh_from_db()
    assert (lawyer.status, lawyer.basis) == ("received", "")
    with pytest.raises(Conflict):
        desk.prepare(lawyer, pages=1, actor=scene)


def test_a_representative_gets_what_they_may_see(scene):
    child = person(scene, born=date(2015, 5, 6))
    common = {
        "patient": child,
        "relationship": "parent",
        "kind": "parent",
        "starts_on": MONDAY,
        "actor": scene,
    }
    may_not = representatives.name_one(name="Otto", **common)
    may = representatives.name_one(name="Mary", may_see_record=True, **common)
    made = request(scene, child, asker="representative", requester="Mary")
    for one in (None, may_not):
        with pytest.raises(DomainError) as refused:
            desk.verify(made, shown="photo", basis="representative", representative=one, actor=scene)
        assert refused.value.field == "representative"
    assert desk.verify(made, shown="photo", basis="representative", representative=may, actor=scene).can_start


def test_what_a_parent_with_a_restricted_record_asked_for_or_signed_is_hidden_with_them(scene):
    child, parent = person(scene, born=date(2015, 5, 6)), person(scene)
    mary = representatives.name_one(
        patient=child, person=parent, name=str(parent), relationship="parent", kind="parent", starts_on=MONDAY,
        may_see_record=True, may_sign=True, actor=scene,
    )  # fmt: skip
    made = request(scene, child, asker="representative", requester=str(parent))
    made = ready(made, actor=scene, basis="representative", representative=mary)
    desk.release(made, actor=scene)
    signed(child, consent_form(scene), actor=scene, representative=mary, signed_by=str(parent))
    theirs = (found.visible_to, found.steps, found.releases, given)
    asked = ({"pk": made.pk}, {"records_request": made}, {"patient": child}, {"patient": child})

    def seen_by(actor):
        with in_practice(actor):
            return [rows(actor).filter(**about).exists() for rows, about in zip(theirs, asked, strict=True)]

    desk_worker = actor_named("front_desk")
    assert seen_by(desk_worker) == [True] * 4
    with in_practice(scene):
        patients.restrict(parent, reason="Works here", actor=scene)
    assert seen_by(desk_worker) == [False] * 4
    assert seen_by(scene) == [True] * 4


def test_a_release_of_information_is_asked_again_on_the_day_the_records_go_out(scene):
    patient = person(scene)
    paper = release_paper(scene, patient)
    lawyer = request(scene, patient, asker="attorney", requester="Lyle Brandt", **ADDRESS)
    made = ready(lawyer, actor=scene, basis="authorization", consent=paper, pages=40)
    assert made.fee == Decimal("30.00")
    with on(date(2026, 3, 21)), pytest.raises(Conflict, match="holds today"):
        desk.release(made, actor=scene)
    consents.revoke(paper, reason="Changed lawyers", actor=scene)
    with pytest.raises(Conflict, match="holds today"):
        desk.release(made, actor=scene)
    assert not RecordsRelease.objects.exists()
    made.refresh_from_db()
    assert made.status == "ready"


def test_a_fee_can_be_less_than_the_rule_says_and_never_more(scene):
    made = desk.verify(request(scene), shown="photo", basis="own", actor=scene)
    with pytest.raises(DomainError) as refused:
        desk.prepare(made, pages=3, fee=Decimal("7.00"), actor=scene)
    assert refused.value.field == "fee"
    assert desk.prepare(made, pages=3, fee=Decimal("0.00"), actor=scene).fee == 0


def test_a_denial_says_why_and_whether_it_can_be_reviewed_and_can_be_reopened(scene):
    made = request(scene)
    with pytest.raises(DomainError) as refused:
        desk.deny(made, ground="danger", reason=" ", actor=scene)
    assert refused.value.field == "reason"
    gone = desk.deny(made, ground="danger", reason="Would endanger the patient", actor=scene)
    assert (gone.status, gone.review_right, gone.due_on) == ("denied", "Can be reviewed", None)
    assert not WorkItem.objects.filter(kind="patients.records", state="open").exists()
    with on(date(2026, 3, 9)):
        back = desk.reopen(gone, reason="The reviewer judged otherwise", actor=scene)
    assert (back.status, back.due_on, back.ground) == ("received", date(2026, 4, 8), "")
    assert WorkItem.objects.filter(kind="patients.records", state="open").count() == 1
    other = desk.deny(request(scene), ground="psychotherapy", reason="Kept apart", actor=scene)
    assert other.review_right == "Cannot be reviewed"
    assert desk.withdraw(back, reason="Got them elsewhere", actor=scene).status == "withdrawn"


def test_the_desk_may_not_deny_and_a_physician_not_even_take(scene):
    made = request(scene)
    with in_practice(actor_named("front_desk")) as fay, pytest.raises(Forbidden):
        desk.deny(made, ground="danger", reason="No", actor=fay)
    with in_practice(actor_named("physician")) as doctor, pytest.raises(Forbidden):
        request(doctor, made.patient)
    with in_practice(actor_named("manager")):
        assert [each.status for each in RecordsRequest.objects.all()] == ["received"]


def test_a_merge_takes_requests_along_and_reads_the_releases_of_both(scene):
    kept, gone = person(scene), person(scene)
    agency = request(scene, gone, asker="agency", requester="County", **ADDRESS)
    seen = {"shown": "letterhead", "basis": "law", "authority": "Docket 12"}
    desk.release(ready(agency, actor=scene, **seen), actor=scene)
    merges.merge(kept=kept, gone=gone, reason="Same person", actor=scene)
    assert RecordsRequest.objects.get().patient == kept
    [entry] = released_from(kept, actor=scene)
    assert (entry.is_accounted, entry.recipient) == (True, "County")
    assert entry.recipient_address == "40 Court Street, Harborview, NY 10562"


def test_retention_counts_from_the_last_care_by_the_law_of_the_state(scene, settings):
    Location.objects.update(is_active=False)
    Location.objects.create(practice_id=scene.practice_id, name="NY", state="NY", address_line="1 Main")
    patient = person(scene)
    told = retention(patient, actor=scene)
    assert (
        told.until
        == keep_until(last=patient.created_at.date(), years=6, of_age=date(1998, 3, 4), minor_years=1).until
    )
    assert told.words == "N.Y. Educ. Law 6530(32)"
    settings.CONTRIBUTIONS = {**settings.CONTRIBUTIONS, "last_care": ["patients.nothing_here"]}
    assert retention(patient, actor=scene).until is None


def test_letters_acknowledge_extend_and_deny(scene):
    letter_starters.install(actor=scene)
    Location.objects.filter(address_line="").update(address_line="120 Main Street", city="Harborview")
    patient = patients.register(
        actor=scene, first_name="Ann", last_name="Asker", birth_date=date(1980, 1, 1), **ADDRESS
    )
    made = request(scene, patient)
    kind = subjects()["patients.recordsrequest"]
    for act, code in (
        (lambda: made, "records-acknowledgement"),
        (lambda: desk.extend(made, reason="In the archive", actor=scene), "records-extension"),
        (lambda: desk.deny(made, ground="danger", reason="Not safe", actor=scene), "records-denial"),
    ):
        about = act()
        assert kind.suggest(about) == code
        letter = letters.write(template=LetterTemplate.objects.get(code=code), about=about, actor=scene)
        assert letter.recipient == "Ann Asker"
    lawyer = request(scene, patient, asker="attorney", requester="Lyle Brandt", **ADDRESS)
    to = kind.read(lawyer, actor=scene).addressee
    assert (to.name, to.lines[0], to.ways) == ("Lyle Brandt", "40 Court Street", frozenset({"post"}))


@pytest.fixture
def stage(acting):
    with on(MONDAY):
        with acting("manager") as actor:
            patient = person(actor)
            agency = request(actor, patient, asker="agency", requester="County Health", **ADDRESS)
            seen = {"shown": "letterhead", "basis": "law", "authority": "Docket 12"}
            desk.release(ready(agency, actor=actor, **seen), what="Immunization record", actor=actor)
        yield actor, patient


def test_the_access_report_says_to_whom_a_record_was_given_out(stage, owner):
    _, patient = stage
    page = owner.at(f"patients/{patient.pk}/access/").content.decode()
    assert "Given out" in page
    assert "County Health" in page
    assert "Counts" in page
    sheet = owner.at(f"patients/{patient.pk}/access/csv/").content.decode()
    assert '"2026-03-02","County Health","disclosed","Immunization record (Required' in sheet


def test_pages_take_verify_and_release(stage, front_desk):
    actor, patient = stage
    form = {"patient": patient.mrn, "asker": "patient", "what": "Notes", "medium": "paper", "way": "pick_up"}
    assert front_desk.send("patients/records-requests/new/", form).status_code == 302
    with in_practice(actor):
        made = RecordsRequest.objects.get(asker="patient")
    page = front_desk.at(f"patients/{patient.pk}/").content.decode()
    assert f"{made}</a>" in page
    assert "answer by" in page
    do = f"patients/records-requests/{made.pk}/do/"
    page = front_desk.at(f"{do}verify/").content.decode()
    assert "own right of access" in page
    assert "Treatment by another provider" not in page
    assert front_desk.send(f"{do}verify/", {"shown": "photo", "basis": "own"}).status_code == 302
    assert front_desk.send(f"{do}prepare/", {"pages": "4"}).status_code == 302
    assert front_desk.send(f"{do}release/", {"purpose": "Own copy"}).status_code == 302
    with in_practice(actor):
        assert RecordsRequest.objects.get(pk=made.pk).status == "released"
        assert RecordsRelease.objects.get(records_request=made).medium == "paper"


def test_rest_takes_verifies_and_releases(stage, front_desk):
    _, patient = stage
    api = "/p/harbor/api/v1/patients/records-requests/"

    def post(path, body):
        return front_desk.post(f"{api}{path}", json.dumps(body), content_type="application/json")

    made = post("", {"patient": str(patient.pk), "asker": "patient", "what": "Notes"})
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made.json()["due_on"] == "2026-04-01"
    assert post(f"{key}/release/", {}).status_code in (409, 422)
    for name, body in (
        ("verify", {"shown": "photo", "basis": "own"}),
        ("prepare", {"pages": 3}),
        ("release", {}),
    ):
        done = post(f"{key}/{name}/", body)
        assert done.status_code == 200, done.content
    assert done.json()["status"] == "released"
