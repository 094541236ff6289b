"""Settings, Audit trail: changes in sentences, reads, sign-ins and the seal, for those who watch over them."""

import re
from uuid import uuid4

import pytest

from patients.models import Patient
from practice.models import Location, Payer
from practice.selectors import changes, reads
from practice.selectors.history import sentences
from practice.services import places
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
PAGES = ("settings/audit/", "settings/audit/reads/", "settings/audit/sign-ins/", "settings/audit/seal/")


def a_patient(**fields):
    with in_practice(actor_named("manager")) as actor:
        values = {
            "mrn": f"M{uuid4().hex[:6]}",
            "last_name": "Lopez",
            "first_name": "Maria",
            "birth_date": "1980-01-02",
        }
        return Patient.objects.create(practice_id=actor.practice_id, **(values | fields))


@pytest.mark.parametrize("path", PAGES)
def test_only_who_may_see_the_trail_sees_it(owner, front_desk, path):
    assert owner.at(path).status_code == 200
    assert front_desk.at(path).status_code == 403
    with in_practice(actor_named("owner")) as actor:
        (refusal,) = reads.page(actor, action="refused")[0]
    assert (refusal.who, refusal.what) == ("Fay Flores", "practice.view_audit")


def test_a_change_is_a_sentence_with_a_link_to_its_record(owner):
    with in_practice(actor_named("manager")) as actor:
        site = places.add_location(actor=actor, name="Old Mill")
        places.change_location(site, actor=actor, name="New Mill")
    page = owner.at("settings/audit/").content.decode()
    assert "Mara Mendez changed name from Old Mill to New Mill" in page
    assert f"/settings/locations/{site.pk}/" in page


def test_a_changed_key_says_from_what_to_what(owner):
    with in_practice(actor_named("manager")) as actor:
        one, other = (places.add_location(actor=actor, name=name) for name in ("North", "South"))
        room = places.add_room(actor=actor, location=one, name="Room 1")
        places.change_room(room, actor=actor, location=other, name="Room 1")
    assert "changed location from North to South" in owner.at("settings/audit/").content.decode()


def test_dates_and_answers_are_written_as_people_write_them(owner):
    patient = a_patient()
    with in_practice(actor_named("manager")):
        Patient.objects.filter(pk=patient.pk).update(birth_date="1980-02-03", entered_in_error=True)
        Patient.objects.filter(pk=patient.pk).update(entered_in_error=False)
        Patient.objects.filter(pk=patient.pk).update(deceased_on="2026-02-03")
        said = [line.text for line in sentences(patient)]
    assert said[0].endswith(" deceased on 02/03/2026")
    assert said[1].endswith("changed entered in error from yes to no")
    assert "birth date from 01/02/1980 to 02/03/1980" in said[2]


def test_a_yes_or_no_is_told_as_what_the_record_became(owner):
    with in_practice(actor_named("manager")) as actor:
        site = places.add_location(actor=actor, name="Old Mill")
        Location.objects.filter(pk=site.pk).update(is_active=False)
        Location.objects.filter(pk=site.pk).update(is_active=True)
        said = [line.text for line in sentences(site)]
    assert said[0].endswith(" marked it active")
    assert said[1].endswith(" marked it not active")


def test_values_of_what_a_reader_may_not_see_stay_unsaid(owner):
    """The compliance officer sees that a restricted record was changed, not what stands in it."""
    patient = a_patient(is_restricted=True)
    with in_practice(actor_named("manager")):
        Patient.objects.filter(pk=patient.pk).update(last_name="Sanchez")
    with in_practice(actor_named("biller")) as actor:
        watcher = type(actor)(
            kind="user", practice_id=actor.practice_id, id=actor.id, user_id=actor.user_id,
            permissions=frozenset({"practice.view_audit", "patients.view_patient"}),
        )  # fmt: skip
        texts = [each.text for each in changes.page(watcher, table="patients_patient")[0]]
    assert any("changed last name" in text for text in texts)
    assert not any("Sanchez" in text or "Lopez" in text for text in texts)


def test_changes_are_filtered_by_person_kind_and_day(owner):
    with in_practice(actor_named("manager")) as actor:
        places.add_location(actor=actor, name="By Mara")
    mara = f"user:{actor_named('manager').user_id}"
    with in_practice(actor_named("owner")) as actor:
        places.add_payer(actor=actor, name="By Olive")
        assert {each.noun for each in changes.page(actor, who=mara)[0]} == {"location"}
        assert {each.noun for each in changes.page(actor, table=Payer._meta.db_table)[0]} == {"payer"}
    assert (
        "By Mara" not in owner.at("settings/audit/", first="2001-01-01", last="2001-01-02").content.decode()
    )
    assert owner.at("settings/audit/", who="x'y", kind="z", first="31.31.31", after="?").status_code == 200


def test_pages_of_changes_have_no_gap_and_no_repeat(acting):
    with acting("manager") as actor:
        for number in range(7):
            places.add_location(actor=actor, name=f"Site {number}")
    with acting("owner") as actor:
        table, seen, after = Location._meta.db_table, [], None
        while True:
            rows, after = changes.page(actor, table=table, after=after, size=3)
            seen += [row.id for row in rows]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 7
        assert seen == sorted(seen, reverse=True)


def test_reads_say_who_saw_whom_and_lead_to_the_patients_own_report(owner, front_desk):
    patient = a_patient()
    front_desk.at(f"patients/{patient.pk}/")
    page = owner.at("settings/audit/reads/").content.decode()
    assert "Fay Flores" in page
    assert "Maria Lopez" in page or "Lopez, Maria" in page
    assert f"?patient={patient.pk}" in page
    with in_practice(actor_named("owner")) as actor:
        found, _ = reads.page(actor, patient=patient.pk)
        assert [(row.who, row.action) for row in found][-1] == ("Fay Flores", "view")
        assert reads.page(actor, patient=uuid4())[0] == []


def test_pages_of_reads_have_no_gap_and_no_repeat(owner, front_desk):
    a_patient()
    for _ in range(5):
        front_desk.at("patients/")
    with in_practice(actor_named("owner")) as actor:
        seen, after = [], None
        while True:
            rows, after = reads.page(actor, after=after, size=2)
            seen += [row.id for row in rows]
            if after is None:
                break
        assert len(seen) == len(set(seen)) >= 5


def test_the_access_report_is_for_watchers_and_leaves_as_a_sheet(owner, front_desk):
    patient = a_patient()
    front_desk.at(f"patients/{patient.pk}/")
    assert front_desk.at(f"patients/{patient.pk}/access/").status_code == 403
    assert "Who saw this record" in owner.at(f"patients/{patient.pk}/").content.decode()
    assert "Who saw this record" not in front_desk.at(f"patients/{patient.pk}/").content.decode()
    assert "Fay Flores" in owner.at(f"patients/{patient.pk}/access/").content.decode()
    sheet = owner.at(f"patients/{patient.pk}/access/csv/")
    assert sheet.status_code == 200
    assert '"Fay Flores","viewed","Patient"' in sheet.content.decode("utf-8-sig")


def test_the_seal_page_shows_the_head_to_copy_and_asks_for_a_check(owner):
    assert "No batches yet" in owner.at("settings/audit/seal/").content.decode()
    assert owner.send("settings/audit/seal/verify/").status_code == 302
    from practice.models import JobRun

    with in_practice(actor_named("owner")):
        assert JobRun.objects.filter(kind="practice.verify_audit").count() == 1


def test_the_people_of_another_practice_are_on_no_list(owner, stranger):
    page = "".join(owner.at(path).content.decode() for path in PAGES)
    assert "Stan Stone" not in page
    assert re.search(r"Olive Owens", page)
