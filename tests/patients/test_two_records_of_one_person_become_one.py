from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models

from billing.models import LedgerEntry
from billing.selectors import ledger as accounts
from kit.errors import Conflict, DomainError, Forbidden
from patients.merging import references
from patients.models import FamilyLink, Guarantor, MergeMove, Patient, PatientMerge
from patients.rules.merging import COMPARED, differences, joined, members, taken
from patients.selectors import merges as found
from patients.selectors import patients as people
from patients.services import around, coverages, merges, patients, ssn
from practice.checks import is_tenant
from practice.models import Location, Note, Payer
from practice.selectors.notes import of_record
from practice.services.refs import ref_to
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acting):
    with acting("manager") as actor:
        kept = patients.register(
            actor=actor, first_name="Jane", last_name="Smith", birth_date=date(1980, 3, 4), phone="9145550101"
        )
        gone = patients.register(
            actor=actor,
            first_name="Jane",
            last_name="Smith-Jones",
            birth_date=date(1980, 3, 4),
            phone="9145550102",
            email="jane@example.com",
            ssn="123456789",
        )
        payer = Payer.objects.create(practice_id=actor.practice_id, name="Northway")
        coverages.add(gone, payer=payer, member_id="NWH1", starts_on=date(2026, 1, 1), actor=actor)
        around.raise_flag(patient=gone, words="Needs wheelchair", actor=actor)
        yield actor, kept, gone


def test_every_column_that_points_at_a_patient_says_what_a_merge_does_with_it():
    pointing = set()
    for model in apps.get_models():
        if not is_tenant(model):
            continue
        for field in model._meta.local_fields:
            if (field.is_relation and field.related_model is Patient) or (
                isinstance(field, models.UUIDField) and field.name == "patient_id"
            ):
                pointing.add((model._meta.label, field.name))
    registered = [(each.model, each.field) for each in references()]
    assert len(registered) == len(set(registered))
    assert set(registered) == pointing


def test_rows_that_stay_are_those_nobody_can_change_or_are_made_anew():
    for each in references():
        append_only = "update" in getattr(each.model_class, "revoked", "")
        if append_only:
            assert each.how == "stay", each
        elif each.how == "stay":
            assert each.model in ("patients.PatientWord", "patients.PatientMerge"), each


def test_everything_follows_and_what_was_missing_is_taken_over(scene):
    actor, kept, gone = scene
    merges.merge(kept=kept, gone=gone, reason="Same person", actor=actor)
    row = Patient.objects.get(pk=kept.pk)
    assert (row.last_name, row.phone, row.email, row.ssn_last4) == (
        "Smith",
        "9145550101",
        "jane@example.com",
        "6789",
    )
    assert ssn.reveal(row, actor=actor) == "123-45-6789"
    assert [each.member_id for each in row.coverages.all()] == ["NWH1"]
    assert [each.words for each in row.flags.all()] == ["Needs wheelchair"]
    assert Patient.objects.get(pk=gone.pk).merged_into_id == kept.pk


def test_what_was_chosen_wins_and_groups_stay_together(scene):
    actor, kept, gone = scene
    gone = patients.update(
        gone, actor=actor, address_line="1 Mill Road", city="Riverton", state="NY", postal_code="10566"
    )
    kept = patients.update(kept, actor=actor, address_line="9 Hill", city="Harborview", state="NY")
    merges.merge(kept=kept, gone=gone, reason="Same", take="last_name address_line", actor=actor)
    row = Patient.objects.get(pk=kept.pk)
    assert (row.last_name, row.city, row.postal_code, row.phone) == (
        "Smith-Jones",
        "Riverton",
        "10566",
        "9145550101",
    )


def test_the_kept_record_is_found_by_the_names_and_numbers_of_the_other_and_that_one_no_more(scene):
    actor, kept, gone = scene
    merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    for text in ("jones", gone.mrn, "nwh1"):
        assert people.find(text, actor=actor) == [kept]
    assert not people.visible_to(actor).filter(pk=gone.pk).exists()


def test_undone_everything_is_as_it_was_but_what_was_changed_since(scene):
    actor, kept, gone = scene
    made = merges.merge(kept=kept, gone=gone, reason="Same", take=["phone"], actor=actor)
    patients.update(Patient.objects.get(pk=kept.pk), actor=actor, email="new@example.com")
    around.raise_flag(patient=kept, words="Raised since", actor=actor)
    merges.undo(made, reason="Twins", actor=actor)
    one, two = Patient.objects.get(pk=kept.pk), Patient.objects.get(pk=gone.pk)
    assert (one.phone, one.email, one.ssn, one.other_names, one.other_numbers) == (
        "9145550101",
        "new@example.com",
        "",
        "",
        "",
    )
    assert two.merged_into_id is None
    assert [each.member_id for each in two.coverages.all()] == ["NWH1"]
    assert [each.words for each in one.flags.all()] == ["Raised since"]
    assert people.find(gone.mrn, actor=actor) == [two]
    with pytest.raises(Conflict, match="undone already"):
        merges.undo(made, reason="Again", actor=actor)


def test_a_chain_is_undone_from_its_end(scene):
    actor, kept, gone = scene
    third = patients.register(actor=actor, first_name="J", last_name="Smith", birth_date=date(1980, 3, 4))
    Note.objects.create(practice_id=actor.practice_id, ref=ref_to(gone, actor=actor), text="Called")
    first = merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    kept = Patient.objects.get(pk=kept.pk)
    second = merges.merge(kept=third, gone=kept, reason="Same", actor=actor)
    assert set(found.same_person(third)) == {third.pk, kept.pk, gone.pk}
    assert [note.text for note in of_record(third)] == ["Called"]
    with pytest.raises(Conflict, match="undo that merge first"):
        merges.undo(first, reason="Twins", actor=actor)
    merges.undo(second, reason="No", actor=actor)
    assert set(found.same_person(kept)) == {kept.pk, gone.pk}
    assert [note.text for note in of_record(kept)] == ["Called"]
    merges.undo(first, reason="No", actor=actor)
    assert [note.text for note in of_record(gone)] == ["Called"]
    assert list(of_record(kept)) == []


def test_notes_of_both_records_stand_on_the_kept_one(scene):
    actor, kept, gone = scene
    for patient in (kept, gone):
        Note.objects.create(
            practice_id=actor.practice_id,
            ref=ref_to(patient, actor=actor),
            text=f"About {patient.mrn}",
        )
    merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    assert {note.text for note in of_record(kept)} == {f"About {kept.mrn}", f"About {gone.mrn}"}


def test_the_account_of_both_is_one_without_touching_a_ledger_entry(scene):
    actor, kept, gone = scene
    site = Location.objects.create(practice_id=actor.practice_id, name="Main")
    LedgerEntry.objects.create(
        practice_id=actor.practice_id,
        kind="patient_payment",
        patient=gone,
        location=site,
        amount=Decimal("-25.00"),
        service_date=date(2026, 3, 2),
        posted_on=date(2026, 3, 2),
        source_kind="counter",
        source_key="t1",
    )
    merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    assert LedgerEntry.objects.get().patient_id == gone.pk
    assert accounts.unapplied_of(kept, actor=actor) == Decimal("-25.00")
    assert accounts.entries_of(kept, actor=actor).count() == 1


def test_a_second_guarantor_and_a_link_to_oneself_are_left_behind(scene):
    actor, kept, gone = scene
    for patient in (kept, gone):
        around.name_guarantor(patient=patient, last_name="Payer", starts_on=date(2026, 1, 1), actor=actor)
    around.link_family(patient=kept, relative=gone, relationship="sibling", actor=actor)
    shown = found.preview(kept, gone=gone)
    left = {line.words: line.left for line in shown.lines if line.left}
    assert left == {"guarantors": 1, "family links": 2}
    made = merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    assert Guarantor.objects.filter(patient=gone).count() == 1
    assert FamilyLink.objects.filter(patient=gone).count() == 1
    assert MergeMove.objects.filter(merge=made, outcome="left").count() == 3


def test_a_child_of_both_records_stays_one_child_of_the_kept_one(scene):
    actor, kept, gone = scene
    child = patients.register(actor=actor, first_name="Jo", last_name="Smith", birth_date=date(2015, 3, 4))
    for parent in (kept, gone):
        around.link_family(patient=parent, relative=child, relationship="child", actor=actor)
    made = merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    assert FamilyLink.objects.filter(patient=kept, relative=child).count() == 1
    assert MergeMove.objects.filter(merge=made, outcome="left").count() == 2


def test_the_preview_says_what_the_merge_then_does(scene):
    actor, kept, gone = scene
    shown = found.preview(kept, gone=gone)
    assert {each.field: each.fills for each in shown.differences} == {
        "last_name": False,
        "phone": False,
        "email": True,
        "ssn": True,
    }
    promised = {line.words: line.moved for line in shown.lines}
    assert promised == {"coverages": 1, "flags": 1}
    made = merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    assert MergeMove.objects.filter(merge=made, outcome="moved").count() == sum(promised.values())


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": " "}, "reason"), ({"take": "mrn"}, "take"), ({"same": True}, "gone")]
)
def test_a_merge_that_cannot_be_is_refused_and_nothing_moves(scene, given, field):
    actor, kept, gone = scene
    given = dict(given)
    other = kept if given.pop("same", False) else gone
    with pytest.raises(DomainError) as refused:
        merges.merge(**{"kept": kept, "gone": other, "reason": "Same", "actor": actor, **given})
    assert refused.value.field == field
    assert not PatientMerge.objects.exists()
    assert gone.coverages.count() == 1


def test_a_record_is_merged_once_and_only_by_whom_may(scene):
    _, kept, gone = scene
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(Forbidden):
            merges.merge(kept=kept, gone=gone, reason="Same", actor=desk)
        assert not PatientMerge.objects.exists()
    with in_practice(actor_named("manager")) as manager:
        merges.merge(kept=kept, gone=gone, reason="Same", actor=manager)
        with pytest.raises(Conflict, match="part of another"):
            merges.merge(kept=kept, gone=gone, reason="Same", actor=manager)
        assert PatientMerge.objects.count() == 1


def test_if_one_of_them_is_restricted_the_whole_is(scene):
    actor, kept, gone = scene
    gone = patients.restrict(gone, reason="Works here", actor=actor)
    made = merges.merge(kept=kept, gone=gone, reason="Same", actor=actor)
    assert Patient.objects.get(pk=kept.pk).is_restricted
    merges.undo(made, reason="No", actor=actor)
    assert not Patient.objects.get(pk=kept.pk).is_restricted


def test_values_are_compared_by_group_and_joined_as_far_as_they_fit():
    base = dict.fromkeys((name for field in COMPARED for name in members(field)), "")
    [one] = differences(base, {**base, "city": "Riverton", "address_line": "1 Mill Road"})
    assert (one.field, one.fills) == ("address_line", True)
    assert taken([one], chosen=()) == ["address_line", "city", "state", "postal_code"]
    assert joined("Ann Bo", "Bo Cy", limit=6) == "Ann Bo"


@pytest.fixture
def apart(acting):
    with acting("manager") as actor:
        kept = patients.register(
            actor=actor, first_name="Jane", last_name="Smith", birth_date=date(1980, 3, 4), phone="9145550101"
        )
        gone = patients.register(
            actor=actor, first_name="Jane", last_name="Smyth", birth_date=date(1980, 3, 4), phone="9145550102"
        )
        return actor, kept, gone


def test_the_page_previews_merges_redirects_and_undoes(apart, manager, front_desk):
    actor, kept, gone = apart
    asked = {"kept": kept.mrn, "gone": gone.mrn}
    text = manager.send("patients/merges/new/", {**asked, "look": "1"}).content.decode()
    assert "Smyth" in text
    assert "Take<" in text
    with in_practice(actor):
        assert not PatientMerge.objects.exists()
    done = manager.send("patients/merges/new/", {**asked, "reason": "Same", "take_last_name": "1"})
    assert done.status_code == 302, done.content.decode()
    moved = front_desk.at(f"patients/{gone.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/p/harbor/patients/{kept.pk}/")
    assert "Jane Smyth" in front_desk.at(f"patients/{kept.pk}/").content.decode()
    with in_practice(actor):
        made = PatientMerge.objects.get()
    assert manager.send(f"patients/merges/{made.pk}/do/undo/", {"reason": "Twins"}).status_code == 302
    assert front_desk.at(f"patients/{gone.pk}/").status_code == 200
    assert front_desk.at("patients/merges/new/").status_code == 403
