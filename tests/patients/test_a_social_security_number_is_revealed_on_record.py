from datetime import date

import pytest

from kit.errors import DomainError, Forbidden
from patients.models import Patient
from patients.services import patients, ssn
from practice.models import AuditAccess, AuditAccessPatient
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
WHOLE = "123-45-6789"


@pytest.fixture
def jane(acting):
    with acting("manager") as actor:
        made = patients.register(
            actor=actor, first_name="Jane", last_name="Smith", birth_date=date(1980, 3, 4)
        )
        return ssn.keep(made, ssn="123 45 6789", actor=actor)


def test_it_is_kept_as_ciphertext_with_the_last_four_and_a_blind_index(jane):
    with in_practice(actor_named("manager")):
        row = Patient.objects.get(pk=jane.pk)
        assert "6789" not in row.ssn
        assert (row.ssn_last4, row.ssn_shown, len(row.ssn_index)) == ("6789", "•••-••-6789", 64)


def test_the_same_number_has_another_index_in_another_practice(jane, acting):
    with acting("stranger") as other:
        made = patients.register(
            actor=other, first_name="Jane", last_name="Smith", birth_date=date(1980, 3, 4), ssn="123456789"
        )
        assert made.ssn_index != jane.ssn_index


@pytest.mark.parametrize("wrong", ["12345678", "1234567890", "12345678a", "words"])
def test_anything_but_nine_digits_is_refused_and_the_number_on_file_stays(jane, wrong):
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(DomainError) as refused:
            ssn.keep(jane, ssn=wrong, actor=desk)
        assert refused.value.field == "ssn"
        assert Patient.objects.get(pk=jane.pk).ssn_last4 == "6789"


def test_an_empty_one_takes_it_off_the_record(jane):
    with in_practice(actor_named("front_desk")) as desk:
        gone = ssn.keep(jane, ssn=" ", actor=desk)
        assert (gone.ssn, gone.ssn_last4, gone.ssn_index, gone.ssn_shown) == ("", "", "", "")


def test_the_desk_keeps_it_and_does_not_see_it_again(jane, front_desk):
    text = front_desk.at(f"patients/{jane.pk}/").content.decode()
    assert "•••-••-6789" in text
    assert WHOLE not in text
    assert front_desk.at(f"patients/{jane.pk}/ssn/").status_code == 403
    assert front_desk.send(f"patients/{jane.pk}/ssn/").status_code == 403
    with in_practice(actor_named("front_desk")) as desk, pytest.raises(Forbidden):
        ssn.reveal(jane, actor=desk)


def test_whoever_may_sees_it_once_asked_for_and_the_look_is_in_the_read_log(jane, manager):
    before = manager.at(f"patients/{jane.pk}/ssn/").content.decode()
    assert WHOLE not in before
    with in_practice(actor_named("manager")):
        assert not AuditAccess.objects.filter(what="Social security number").exists()
    assert WHOLE in manager.send(f"patients/{jane.pk}/ssn/").content.decode()
    with in_practice(actor_named("manager")):
        look = AuditAccess.objects.get(what="Social security number")
        assert AuditAccessPatient.objects.get(access=look).patient_id == jane.pk


def test_rest_reveals_it_on_record_and_never_lists_it(jane, biller, stranger):
    one = f"/p/harbor/api/v1/patients/{jane.pk}/"
    assert WHOLE.replace("-", "") not in biller.get(one).content.decode()
    assert biller.post(f"{one}ssn/", {}, content_type="application/json").json() == {"ssn": WHOLE}
    with in_practice(actor_named("manager")):
        assert AuditAccess.objects.filter(what="Social security number").count() == 1
    foreign = stranger.post(f"/p/summit/api/v1/patients/{jane.pk}/ssn/", {}, content_type="application/json")
    assert foreign.status_code == 404
