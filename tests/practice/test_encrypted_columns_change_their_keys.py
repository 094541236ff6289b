"""Key rotation of encrypted columns, and the door that no plain text gets through."""

import time

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection, transaction

from kit.ids import uuid7
from patients.models import Patient
from practice.encrypted import CannotDecrypt, encrypt, reveal
from practice.models import Practice, User
from practice.services import phikeys
from tests.cast import actor_named, in_practice, owner_cursor
from tests.tiers import DEEP

ROWS = 100_000 if DEEP else 2_500


def patient(actor, **more):
    return Patient.objects.create(
        practice_id=actor.practice_id, mrn="700001", first_name="Ida", last_name="Key", birth_date="1980-01-02", **more
    )  # fmt: skip


@pytest.mark.django_db
def test_plain_text_cannot_pass_by_the_encryption(acting):
    with acting("manager") as actor:
        kept = patient(actor, ssn="999001111")
        with pytest.raises(TypeError, match="encrypted"), transaction.atomic():
            Patient.objects.filter(pk=kept.pk).update(ssn="999002222")
        kept.ssn = "gAAAAnot-a-token"
        kept.save()
        fresh = Patient.objects.get(pk=kept.pk)
        assert reveal(fresh, "ssn") == "gAAAAnot-a-token"
        fresh.save()
        assert reveal(Patient.objects.get(pk=kept.pk), "ssn") == "gAAAAnot-a-token"


def many(actor, *, count):
    """Patients with an SSN, as the owner, without a trail for each."""
    column = "patients_patient.ssn"
    tokens = [
        encrypt(f"{number:09d}", practice_id=actor.practice_id, column=column) for number in range(count)
    ]
    with owner_cursor() as cursor:
        cursor.execute("ALTER TABLE patients_patient DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO patients_patient (id, practice_id, mrn, first_name, last_name, birth_date, sex, ssn, "
            "ssn_last4, phone, email, address_line, city, state, postal_code, is_restricted, "
            "restriction_reason, entered_in_error) "
            "SELECT id, %s, 'K' || n, 'A', 'B', '1980-01-01', 'U', ssn, '', '', '', '', '', '', '', false, '', false "
            "FROM unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS given (id, ssn, n)",
            [str(actor.practice_id), [str(uuid7()) for _ in tokens], tokens],
        )
        cursor.execute("ALTER TABLE patients_patient ENABLE TRIGGER USER")


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_a_stopped_rotation_goes_on_and_the_old_key_can_go(settings, evidence, monkeypatch):
    actor = actor_named("manager")
    many(actor, count=ROWS)
    old, new = settings.PHI_KEYS[0], Fernet.generate_key().decode()
    settings.PHI_KEYS = [new, old]
    monkeypatch.setattr(phikeys, "STEP", 1_000)
    first = next(
        tally for tally in phikeys.rotate(actor=actor) if tally.renewed
    )  # one step, then the process is gone
    assert 0 < first.renewed <= 1_000
    began = time.perf_counter()
    *_, second = phikeys.rotate(actor=actor)
    took = time.perf_counter() - began
    assert second.kept == first.renewed
    assert second.kept + second.renewed == ROWS
    assert second.lost == []
    settings.PHI_KEYS = [new]
    with in_practice(actor):
        shown = {reveal(row, "ssn") for row in Patient.objects.filter(mrn__in=["K1", f"K{ROWS}"])}
        assert shown == {"000000000", f"{ROWS - 1:09d}"}
    assert took < 60
    evidence(rows=ROWS, seconds=round(took, 2), limit_seconds=60)


@pytest.mark.django_db
def test_second_factors_change_their_key_too(settings):
    user = User.objects.get(email="owner@harbor.example")
    secret = encrypt("JBSWY3DPEHPK3PXP", practice_id="global", column="mfa")
    row = Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    settings.PHI_KEYS = [Fernet.generate_key().decode(), settings.PHI_KEYS[0]]
    assert phikeys.rotate_second_factors().renewed == 1
    row.refresh_from_db()
    assert row.data["secret"] != secret
    assert phikeys.is_newest(row.data["secret"])


@pytest.mark.django_db(transaction=True)
def test_the_command_says_what_no_key_opens_and_fails(settings, capsys):
    actor = actor_named("manager")
    with in_practice(actor):
        lost = patient(actor, ssn="999001111")
    settings.PHI_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(SystemExit) as refused:
        call_command("rotate_phi_keys")
    assert refused.value.code == 1
    assert f"patients_patient.ssn {lost.pk}: no key opens it" in capsys.readouterr().out
    with in_practice(actor), pytest.raises(CannotDecrypt):
        reveal(Patient.objects.get(pk=lost.pk), "ssn")


@pytest.mark.django_db
def test_every_encrypted_column_is_known_to_the_rotation():
    named = {f"{model._meta.db_table}.{column.column}" for model, column in phikeys.columns()}
    assert {
        "patients_patient.ssn",
        "practice_billingentity.tax_id",
        "billing_remittancefile.content",
    } <= named
    assert Practice.objects.count() == 2
    with connection.cursor() as cursor:
        for name in named:
            table, _, column = name.partition(".")
            cursor.execute(
                "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
                [table, column],
            )
            assert cursor.fetchone() == ("text",)
