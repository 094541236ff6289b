"""Sealed files: chunked streams, key rotation that can be killed and run again."""

import io
import uuid

import pytest
from cryptography.fernet import Fernet

from practice.models import Attachment, Location, Practice
from practice.sealing import CHUNK, CannotOpen, SealedReader, SealedWriter, key_bytes, seal, unseal
from practice.services import attachments
from practice.services.filekeys import rotate
from tests.cast import actor_named, in_practice


def key():
    return Fernet.generate_key().decode()


def stream(content, *, using, bound="b"):
    out = io.BytesIO()
    writer = SealedWriter(out, key=using, bound=bound)
    for start in range(0, len(content), 70_000):
        writer.write(content[start : start + 70_000])
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_a_stream_comes_back_whole_whatever_its_length(size):
    content, using = bytes(range(256)) * (size // 256) + b"x" * (size % 256), key()
    sealed = stream(content, using=using)
    assert SealedReader(io.BytesIO(sealed), keys=[key(), using], bound="b").read() == content


def test_a_stream_that_was_cut_swapped_changed_or_moved_does_not_open():
    using = key()
    sealed = stream(bytes(3 * CHUNK), using=using)
    head, size = 24, CHUNK + 16
    swapped = sealed[:head] + sealed[head + size : head + 2 * size] + sealed[head : head + size]
    changed = sealed[:500] + bytes([sealed[500] ^ 1]) + sealed[501:]
    broken = [
        sealed[:-1],
        sealed[: head + size],
        sealed[:10],
        b"",
        swapped + sealed[head + 2 * size :],
        changed,
    ]
    for bad in broken:
        with pytest.raises(CannotOpen):
            SealedReader(io.BytesIO(bad), keys=[using], bound="b").read()
    for keys, bound in (([key()], "b"), ([using], "c")):
        with pytest.raises(CannotOpen):
            SealedReader(io.BytesIO(sealed), keys=keys, bound=bound).read()


def test_a_key_that_is_none_is_refused_without_showing_it():
    for wrong in ("", "secret-but-short", "é" * 44):
        with pytest.raises(ValueError, match="32 random bytes") as caught:
            key_bytes(wrong)
        assert not wrong or wrong not in str(caught.value)


def test_a_small_file_says_which_key_fitted():
    old, new = key(), key()
    sealed = seal(b"words", key=old, bound="x")
    assert unseal(sealed, keys=[new, old], bound="x") == (b"words", 1)
    with pytest.raises(CannotOpen):
        unseal(sealed, keys=[new], bound="x")


@pytest.fixture
def kept(transactional_db, settings, tmp_path):
    """Five files of harbor under the old key; the settings then have a new key in front."""
    settings.MEDIA_ROOT = tmp_path
    settings.FILE_KEYS = [key()]
    actor = actor_named("owner")
    with in_practice(actor):
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        made = [
            attachments.store(b"words %d" % n, name=f"{n}.txt", record=place, actor=actor) for n in range(5)
        ]
    settings.FILE_KEYS = [key(), *settings.FILE_KEYS]
    return made


@pytest.mark.django_db(transaction=True)
def test_after_a_rotation_the_old_key_can_go_and_a_killed_one_goes_on(kept, settings, monkeypatch):
    from practice.actor import system_actor
    from practice.services import filekeys

    monkeypatch.setattr(filekeys, "STEP", 2)
    actor = system_actor(practice_id=Practice.objects.get(slug="harbor").id)
    next(rotate(actor=actor))  # and is killed after its first step
    tally = list(rotate(actor=actor))[-1]
    assert (tally.kept, tally.renewed, tally.lost) == (2, 3, [])
    settings.FILE_KEYS = settings.FILE_KEYS[:1]
    with in_practice(actor):
        contents = {attachments.content_of(one) for one in Attachment.objects.all()}
    assert contents == {b"words %d" % n for n in range(5)}


@pytest.mark.django_db(transaction=True)
def test_a_file_no_key_opens_is_named_and_the_command_fails(kept, settings, capsys):
    from django.core.management import call_command

    attachments.path_of(kept[2].storage_name).write_bytes(b"rubbish")
    attachments.path_of(kept[3].storage_name).unlink()
    with pytest.raises(SystemExit) as caught:
        call_command("rotate_file_keys")
    assert caught.value.code == 1
    told = capsys.readouterr().out
    assert f"attachment {kept[2].pk}" in told
    assert f"attachment {kept[3].pk}" in told
    assert "3 files sealed anew" in told
    assert isinstance(kept[0].pk, uuid.UUID)
