"""Files that come with a public form: encrypted, shown to nobody, judged when a member takes them, else destroyed."""

import contextlib
from datetime import timedelta

import pytest

from kit import clock
from kit.errors import Conflict, DomainError
from practice.models import Attachment, FormSubmission, QuarantinedFile
from practice.services import quarantine, submissions
from tests.practice.form_world import Outsider, make_form, make_link
from tests.security.hostile_files import FILES, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def visitor(acting, media):
    with acting("manager") as actor:
        form = make_form(actor, extra=(("one", "file", {}), ("two", "file", {}), ("three", "file", {})))
        return Outsider(make_link(actor, form)[1])


def stored(media):
    return [path for path in media.rglob("*") if path.is_file()] if media.is_dir() else []


def test_sixty_hostile_files_are_kept_as_ciphertext_and_come_out_harmless_or_not_at_all(
    visitor, acting, media
):
    for number in range(0, len(FILES), 3):
        some = dict(zip(("one", "two", "three"), FILES[number : number + 3], strict=False))
        some = {key: (name or "x", content) for key, (name, content) in some.items()}
        answer = visitor.send(message="Look", files=some)
        assert answer.status_code in (302, 400, 413, 422), number
    assert stored(media) == []
    with acting("manager") as actor:
        kept = list(QuarantinedFile.objects.all())
        assert len(kept) > 40
        for row in kept:
            assert not {"/", "\\", "\x00", "\r", "\n", "<", '"'} & set(row.name)
            assert "script" not in row.sealed
        for submission in FormSubmission.objects.all():
            submissions.accept(submission, actor=actor)
        assert not QuarantinedFile.objects.filter(state="waiting").exists()
        assert not QuarantinedFile.objects.exclude(sealed="").exists()
        for taken in Attachment.objects.all():
            assert taken.ref.kind == "practice.formsubmission"
            assert taken.content_type in (
                "application/pdf", "image/png", "image/jpeg", "application/zip", "text/plain",
            )  # fmt: skip
        refused = QuarantinedFile.objects.filter(state="refused")
        assert refused.exists()
        assert not refused.filter(note="").exists()


def test_nobody_gets_a_file_that_nobody_has_taken(visitor, acting, owner):
    visitor.send(message="Look", files={"one": ("a.png", picture("PNG"))})
    with acting("owner"):
        submission, file = FormSubmission.objects.get(), QuarantinedFile.objects.get()
    page = owner.at(f"submissions/{submission.pk}/").content.decode()
    assert "a.png" in page
    assert "/files/" not in page
    assert owner.at(f"files/{file.pk}/").status_code == 404
    api = owner.at(f"api/v1/submissions/{submission.pk}/").json()
    assert not [key for key in api if "file" in key or "answer" in key]


def test_who_takes_it_chooses_and_what_is_left_is_destroyed(visitor, acting, media, owner):
    visitor.send(message="Look", files={"one": ("a.txt", b"keep"), "two": ("b.txt", b"drop")})
    with acting("manager") as actor:
        submission = FormSubmission.objects.get()
        drop = QuarantinedFile.objects.get(name="b.txt")
        submissions.accept(submission, discard=[str(drop.pk)], actor=actor)
        states = dict(QuarantinedFile.objects.values_list("name", "state"))
        assert states == {"a.txt": "accepted", "b.txt": "destroyed"}
        kept = Attachment.objects.get()
    answer = owner.at(f"files/{kept.pk}/download/")
    assert b"".join(answer.streaming_content) == b"keep"
    assert answer["Content-Disposition"].startswith("attachment")


def test_rejected_takes_the_bytes_and_keeps_that_they_were_there(visitor, acting, media):
    visitor.send(message="Look", files={"one": ("a.txt", b"words")})
    with acting("manager") as actor:
        submissions.reject(FormSubmission.objects.get(), reason="Spam", actor=actor)
        row = QuarantinedFile.objects.get()
        assert (row.state, row.sealed, row.size) == ("destroyed", "", 5)
        assert row.settled_at is not None
        assert stored(media) == []
        with pytest.raises(Conflict, match="rejected already"):
            submissions.accept(FormSubmission.objects.get(), actor=actor)


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"x" * (quarantine.MAX_BYTES + 1), "larger than 5 MB")]
)
def test_what_is_empty_or_too_large_is_refused_in_words(visitor, acting, content, words):
    answer = visitor.send(message="Look", files={"one": ("a.txt", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Choose your files again" in answer.content.decode()
    with acting("manager"):
        assert not FormSubmission.objects.exists()
        assert not QuarantinedFile.objects.exists()


def test_a_form_has_at_most_three_of_them(acting):
    more = tuple((f"f{number}", "file", {}) for number in range(4))
    with acting("manager") as actor, pytest.raises(DomainError, match="at most 3 files"):
        make_form(actor, extra=more)


def test_what_nobody_looked_at_in_a_month_is_destroyed(visitor, acting):
    visitor.send(message="Look", files={"one": ("a.txt", b"words")})
    with acting("manager") as actor:
        assert quarantine.destroy_old(actor=actor) == 0
        with clock.at(clock.now() + timedelta(days=31)):
            assert quarantine.destroy_old(actor=actor) == 1
        assert QuarantinedFile.objects.get().state == "destroyed"


def test_a_rollback_leaves_nothing_of_an_upload(visitor, acting, monkeypatch, media):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(submissions, "_put_on_the_list", fail)
    with contextlib.suppress(ZeroDivisionError):
        assert visitor.send(message="Look", files={"one": ("a.txt", b"words")}).status_code == 500
    with acting("manager"):
        assert not QuarantinedFile.objects.exists()
    assert stored(media) == []
