"""Files of any record: attached by whoever sees it, shown harmlessly, withdrawn with a reason, never deleted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kit.errors import DomainError, Forbidden
from practice.models import Attachment, Location
from practice.services import attachments
from tests.cast import actor_named, in_practice
from tests.security.hostile_files import HTML, picture

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def site():
    with in_practice(actor_named("manager")) as actor:
        return Location.objects.create(
            practice_id=actor.practice_id, name="Pier", timezone="America/New_York"
        )


def sent(
    visitor, site, *, content=PDF, name="lease.pdf", note="Signed lease", kind="practice.location", **more
):
    data = {"file": SimpleUploadedFile(name, content), "note": note, **more}
    return visitor.send(f"records/{kind}/{site.pk}/files/", data)


def kept():
    with in_practice(actor_named("manager")):
        return list(Attachment.objects.order_by("id"))


def test_a_file_is_attached_and_stands_on_the_records_page(manager, site):
    answer = sent(manager, site)
    assert (answer.status_code, answer.url) == (302, f"/p/harbor/settings/locations/{site.pk}/")
    page = manager.get(answer.url).content.decode()
    assert "lease.pdf" in page
    assert "Signed lease" in page
    shown = manager.at(f"files/{kept()[0].pk}/").content.decode()
    assert "<iframe" in shown
    assert "Mara Mendez" in shown


def test_the_same_form_sent_twice_attaches_once(manager, site):
    for _ in range(2):
        assert sent(manager, site, idempotency_key="twice-1").status_code == 302
    assert len(kept()) == 1


def test_what_is_refused_is_said_at_the_field_and_nothing_is_kept(manager, site):
    answer = sent(manager, site, content=HTML, name="page.html")
    assert answer.status_code == 422
    assert "Attach a PDF, PNG, JPEG, ZIP or plain text file." in answer.content.decode()
    assert manager.send(f"records/practice.location/{site.pk}/files/", {"note": "x"}).status_code == 422
    assert kept() == []


def test_who_does_not_see_the_record_neither_attaches_nor_opens(manager, front_desk, stranger, site):
    sent(manager, site)
    file = kept()[0]
    for path in (f"files/{file.pk}/", f"files/{file.pk}/download/", f"files/{file.pk}/preview/"):
        assert front_desk.at(path).status_code == 404  # the front desk does not see locations' settings
        assert stranger.at(path).status_code == 404
        assert stranger.get(f"/p/harbor/{path}").status_code == 404
    for visitor in (front_desk, stranger):
        assert sent(visitor, site).status_code == 404
    for kind in ("practice.user", "practice.nothing", "nonsense", "auth.permission"):
        assert sent(manager, site, kind=kind).status_code == 404
    assert len(kept()) == 1


def test_an_auditor_reads_but_attaches_nothing(site):
    with in_practice(actor_named("manager")) as actor:
        reader = type(actor)(
            **{**{f: getattr(actor, f) for f in actor.__slots__}, "permissions": frozenset()}
        )
        with pytest.raises(Forbidden):
            attachments.attach(PDF, name="a.pdf", record=site, actor=reader)
    assert kept() == []


def test_only_pictures_and_pdfs_are_ever_shown_and_never_with_scripts(manager, site):
    sent(manager, site, content=picture("PNG"), name="x.png")
    sent(manager, site, content=b"plain words", name="x.txt")
    image, text = kept()
    answer = manager.at(f"files/{image.pk}/preview/")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Content-Disposition"].startswith("inline")
    assert manager.at(f"files/{text.pk}/preview/").status_code == 404
    assert manager.at(f"files/{text.pk}/download/")["Content-Disposition"].startswith("attachment")


def test_a_withdrawn_file_is_kept_readable_and_no_longer_listed(manager, site):
    sent(manager, site)
    file = kept()[0]
    assert manager.send(f"files/{file.pk}/", {"reason": ""}).status_code == 422
    assert kept()[0].withdrawn_at is None
    assert manager.send(f"files/{file.pk}/", {"reason": "Other site's lease"}).status_code == 302
    page = manager.at(f"files/{file.pk}/").content.decode()
    assert "lease.pdf" not in manager.at(f"settings/locations/{site.pk}/").content.decode()
    assert "Other site&#x27;s lease" in page
    assert manager.at(f"files/{file.pk}/download/").status_code == 200
    with in_practice(actor_named("manager")) as actor, pytest.raises(DomainError):
        attachments.withdraw(file, reason="again", actor=actor)


def test_nobody_withdraws_the_file_of_another_without_the_right(site):
    with in_practice(actor_named("manager")) as actor:
        file = attachments.attach(PDF, name="a.pdf", record=site, actor=actor)
    with in_practice(actor_named("biller")) as actor, pytest.raises(Forbidden):
        attachments.withdraw(file, reason="mine now", actor=actor)
    assert kept()[0].withdrawn_at is None
