"""Hostile files at every door that takes one: nothing under a client's name, nothing active, nothing half-kept."""

import contextlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kit.errors import DomainError
from practice.intake import clean_name, judge
from practice.models import Attachment, Location
from practice.services import attachments
from tests.security.hostile_files import BASH, FILES, HTML, picture

pytestmark = pytest.mark.django_db
DOORS = {
    "remittance": ("biller", "billing/remittances/files/new/", "file", {}),
    "import": ("manager", "interop/imports/new/", "upload", {"is_dry_run": "on"}),
    "budget": ("manager", "imports/new/", "file", {"target": "finance.budget", "year": "2026"}),
    "patients": ("manager", "imports/new/", "file", {"target": "patients.patient"}),
}


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def stored(media):
    return [path for path in media.rglob("*") if path.is_file()] if media.is_dir() else []


def test_there_are_sixty():
    assert len(FILES) >= 60


@pytest.mark.parametrize("number", range(len(FILES)))
def test_a_record_keeps_it_harmless_or_not_at_all(acting, media, number):
    name, content = FILES[number]
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        kept = None
        with contextlib.suppress(DomainError):
            kept = attachments.store(content, name=name, record=place, actor=actor)
        if kept is None:
            assert not Attachment.objects.exists()
            assert stored(media) == []
            return
        assert kept.content_type in (
            "application/pdf",
            "image/png",
            "image/jpeg",
            "application/zip",
            "text/plain",
        )
        assert not {"/", "\\", "\x00", "\r", "\n", "<", '"'} & set(kept.name)
        assert len(kept.name) <= 200
        assert kept.scan == "not_scanned"
        (path,) = stored(media)
        assert path.name == kept.storage_name
        assert content[:24] not in path.read_bytes() or len(content) < 8
        plain = attachments.content_of(kept)
        for active in (b"<script", b"<svg", b"<?php", b"#!/bin/sh\ncurl", b"PHPSHELL"):
            assert (
                active not in plain or plain == BASH
            )  # a script called .txt is text; it is never served inline


def test_a_picture_loses_what_was_glued_to_it():
    for form, name in (("PNG", "x.png"), ("JPEG", "x.jpg")):
        judged = judge(picture(form, tail=HTML, exif=form == "JPEG"), name=name)
        assert b"script" not in judged.content
        assert b"PHPSHELL" not in judged.content
        with Image.open(io.BytesIO(judged.content)) as drawn:
            assert drawn.size == (8, 8)


def test_a_name_is_only_ever_shown():
    assert clean_name("../../x.txt") == "x.txt"
    assert clean_name("C:\\a\\b.txt") == "b.txt"
    assert clean_name('x".txt\r\nSet-Cookie: a') == "x.txtSet-Cookie a"
    assert clean_name("") == "file"


@pytest.mark.parametrize("door", DOORS)
def test_every_door_answers_in_words(door, request, media, settings, tmp_path, acting):
    person, address, field, more = DOORS[door]
    visitor = request.getfixturevalue(person)
    settings.IMPORT_FOLDERS = [tmp_path]
    assert visitor.at(address).status_code == 200, "the door is where this test thinks it is"
    for name, content in FILES:
        upload = SimpleUploadedFile(name or "x", content)
        answer = visitor.send(address, {field: upload, **more})
        assert answer.status_code in (200, 302, 303, 400, 409, 422), (name[:40], answer.status_code)
        for path in stored(media):
            assert len(path.name) == 48, path
    with acting(person):
        for kept in Attachment.objects.all():
            assert kept.content_type in ("application/zip", "text/plain", "application/pdf")


def test_a_file_is_served_as_a_download_that_nothing_runs_in(owner, acting, media):
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        kept = attachments.store(b"plain words", name="a.txt", record=place, actor=actor)
    answer = owner.at(f"files/{kept.pk}/download/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def found_something(content):
    return "Test-Virus" if b"EICAR" in content else ""


def away(content):
    raise ConnectionRefusedError


def test_a_scanner_refuses_and_its_absence_is_never_called_clean(acting, media, settings):
    with acting("owner") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main")
        settings.UPLOAD_SCANNER = f"{__name__}.found_something"
        with pytest.raises(DomainError, match="Test-Virus"):
            attachments.store(b"EICAR", name="a.txt", record=place, actor=actor)
        assert not Attachment.objects.exists()
        assert attachments.store(b"words", name="a.txt", record=place, actor=actor).scan == "clean"
        settings.UPLOAD_SCANNER = f"{__name__}.away"
        assert attachments.store(b"words", name="b.txt", record=place, actor=actor).scan == "not_scanned"
