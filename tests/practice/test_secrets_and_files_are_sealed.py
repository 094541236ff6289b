"""Encrypted columns and stored files."""

import uuid

import pytest
from django.db import connection
from django.http import Http404

from kit.errors import DomainError
from practice.encrypted import CannotDecrypt, blind_index, decrypt, encrypt, reveal
from practice.models import Attachment, AuditChange, BillingEntity, Location, SequenceCounter
from practice.selectors import files
from practice.services import attachments
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
ENTITY = {
    "legal_name": "Harbor PLLC",
    "npi": "1245319599",
    "address_line": "1 Main",
    "city": "Harbor",
    "state": "NY",
    "postal_code": "105620001",
    "contact_name": "Office",
    "phone": "9145550100",
    "submitter_id": "S",
    "receiver_id": "R",
    "receiver_name": "House",
}


def test_a_tax_id_is_ciphertext_in_the_table_and_in_the_trail(acting):
    with acting("owner") as actor:
        entity = BillingEntity.objects.create(practice_id=actor.practice_id, tax_id="123456789", **ENTITY)
        with connection.cursor() as cursor:
            cursor.execute("SELECT tax_id FROM practice_billingentity")
            stored = cursor.fetchone()[0]
        assert "123456789" not in stored
        assert reveal(BillingEntity.objects.get(pk=entity.pk), "tax_id") == "123456789"
        assert AuditChange.objects.get(row_id=entity.pk).new["tax_id"] == "changed"


def test_a_ciphertext_moved_elsewhere_cannot_be_read():
    ours, theirs = uuid.uuid4(), uuid.uuid4()
    sealed = encrypt("999-00-1111", practice_id=ours, column="patients_patient.ssn")
    assert decrypt(sealed, practice_id=ours, column="patients_patient.ssn") == "999-00-1111"
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, practice_id=theirs, column="patients_patient.ssn")
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, practice_id=ours, column="patients_patient.phone")


def test_the_same_value_has_another_index_in_every_practice():
    assert blind_index("x", practice_id=uuid.uuid4()) != blind_index("x", practice_id=uuid.uuid4())


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_file_lies_encrypted_and_comes_back_whole(acting, media):
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        kept = attachments.store(b"%PDF-1.7 secret plan", name="../../plan.pdf", record=place, actor=actor)
        on_disk = b"".join(path.read_bytes() for path in media.rglob("*") if path.is_file())
        assert b"secret plan" not in on_disk
        assert (kept.name, kept.content_type) == ("plan.pdf", "application/pdf")
        _, content = files.read(kept.pk, actor=actor)
        assert content.read() == b"%PDF-1.7 secret plan"


def test_a_tampered_file_is_not_given_out(acting, media):
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        kept = attachments.store(b"plain words", name="a.txt", record=place, actor=actor)
        path = next(path for path in media.rglob("*") if path.is_file())
        path.write_bytes(path.read_bytes()[:-1] + b"!")
        with pytest.raises(Http404):
            files.read(kept.pk, actor=actor)


def test_files_of_kinds_without_a_door_stay_shut(acting, media):
    with acting("owner") as actor:
        place = SequenceCounter.objects.create(practice_id=actor.practice_id, name="x")
        kept = attachments.store(b"plain words", name="a.txt", record=place, actor=actor)
        with pytest.raises(Http404):
            files.read(kept.pk, actor=actor)


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00binary\xff", b"<html><script>alert(1)</script>", b"a" * (10 * 2**20 + 1)]
)
def test_hostile_or_empty_files_are_refused_and_nothing_is_kept(acting, media, content):
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        with pytest.raises(DomainError):
            attachments.store(content, name="x.pdf", record=place, actor=actor)
        assert not Attachment.objects.exists()


def test_another_practice_cannot_fetch_a_file(acting, media):
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        kept = attachments.store(b"plain words", name="a.txt", record=place, actor=actor)
    stranger = actor_named("stranger")
    with in_practice(stranger), pytest.raises(Http404):
        files.read(kept.pk, actor=stranger)
