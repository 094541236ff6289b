"""A process whose keys do not fit the database says which, before anybody's record is touched."""

import secrets

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection

from patients.models import Patient
from practice import keyring
from practice.encrypted import encrypt
from practice.models import KeyWord
from tests.cast import owner_cursor

pytestmark = pytest.mark.django_db
KEYS = {
    "PHI_KEYS": lambda: [Fernet.generate_key().decode()],
    "FILE_KEYS": lambda: [Fernet.generate_key().decode()],
    "INDEX_KEY": lambda: secrets.token_hex(32),
}


def test_the_first_process_leaves_the_words_and_the_next_ones_fit():
    KeyWord.objects.all().delete()
    assert keyring.refusals() == []
    assert set(KeyWord.objects.values_list("kind", flat=True)) == {"phi", "files", "index"}
    assert keyring.refusals() == []


@pytest.mark.parametrize("name", KEYS)
def test_another_key_is_named_and_the_word_stays(name, settings):
    KeyWord.objects.all().delete()
    keyring.refusals()
    before = dict(KeyWord.objects.values_list("kind", "sealed"))
    setattr(settings, name, KEYS[name]())
    (said,) = keyring.refusals()
    assert said.startswith(f"{name} does not fit this database")
    assert dict(KeyWord.objects.values_list("kind", "sealed")) == before


def test_a_new_key_in_front_of_the_old_one_fits_and_rotation_lets_the_old_one_go(settings):
    KeyWord.objects.all().delete()
    keyring.refusals()
    new = Fernet.generate_key().decode()
    settings.PHI_KEYS = [new, *settings.PHI_KEYS]
    assert keyring.refusals() == []
    keyring.renew("phi")
    settings.PHI_KEYS = [new]
    assert keyring.refusals() == []


@pytest.mark.django_db(transaction=True)
def test_the_rotation_command_renews_the_word(settings):
    keyring.refusals()
    new = Fernet.generate_key().decode()
    settings.PHI_KEYS = [new, *settings.PHI_KEYS]
    call_command("rotate_phi_keys", stdout=open("/dev/null", "w"))  # noqa: SIM115
    settings.PHI_KEYS = [new]
    assert keyring.refusals() == []


def test_no_protected_value_stands_anywhere_in_the_clear(acting):
    """Every column of every row, as a dump would show it."""
    canary = "987605432"
    with acting("manager") as actor:
        kept = Patient.objects.create(
            practice_id=actor.practice_id, mrn="K9", first_name="A", last_name="B", birth_date="1980-01-01", ssn=canary
        )  # fmt: skip
        kept.ssn = "987605433"
        kept.save()
        assert encrypt(canary, practice_id=actor.practice_id, column="x").startswith("gAAAA")
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [name for (name,) in cursor.fetchall()]
            readable = []
            for table in tables:
                cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [f'public."{table}"'])
                readable += [table] if cursor.fetchone()[0] else []
            assert len(readable) > 60
            for table in readable:
                cursor.execute(f"SELECT count(*) FROM \"{table}\" t WHERE t::text LIKE '%98760543%'")
                assert cursor.fetchone()[0] == 0, table
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practice_auditglobal t WHERE t::text LIKE '%98760543%'")
        assert cursor.fetchone()[0] == 0
