"""Notes over REST: the same door, permission, mentions and corrections as on the pages."""

import pytest

from practice.models import Membership, Note, Notice, Role
from practice.services.people import issue_token
from tests.cast import Visitor
from tests.practice.letter_samples import make_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(acting):
    with acting("manager") as actor:
        return make_patient(actor)


def machine(acting, who="owner"):
    """A program that acts for whoever made its token."""
    with acting(who) as actor:
        _, raw = issue_token("notes", role=Role.objects.get(code="owner"), actor=actor)
    return Visitor(slug="harbor", headers={"Authorization": f"Bearer {raw}"})


def post(client, path, body=None):
    return client.send(f"api/v1/{path}", body or {}, content_type="application/json")


def test_notes_are_written_read_corrected_and_pinned(patient, acting):
    client = machine(acting)
    here = f"records/patients.patient/{patient.pk}/notes/"
    with acting("manager"):
        fay = Membership.objects.get(user__name="Fay Flores")
    made = post(client, here, {"text": "Call first", "mentions": [str(fay.pk)]})
    assert made.status_code == 201
    note = made.json()["id"]
    assert post(client, f"notes/{note}/pin/").json()["pinned"]
    newer = post(client, f"notes/{note}/correct/", {"text": "Call her sister first"}).json()
    assert (newer["replaces"], newer["pinned"]) == (note, True)
    assert post(client, f"notes/{note}/correct/", {"text": "again"}).status_code == 409
    assert not post(client, f"notes/{newer['id']}/unpin/").json()["pinned"]
    page = client.at(f"api/v1/{here}", page_size=1).json()
    assert (page["results"][0]["id"], page["results"][0]["replaced"]) == (note, True)
    assert page["next"]
    with acting("manager"):
        assert Notice.objects.get().member_id == fay.pk


def test_what_is_refused_keeps_nothing(patient, stranger, acting):
    client, foreign = machine(acting), machine(acting, who="stranger")
    here = f"records/patients.patient/{patient.pk}/notes/"
    with acting("stranger") as actor:
        theirs = str(actor.membership_id)
    for body in ({"text": " "}, {}, {"text": "x", "mentions": [theirs]}, {"text": "x", "colour": "red"}):
        assert post(client, here, body).status_code == 422, body
    for kind in ("practice.callattempt", "auth.group", "nonsense"):
        assert post(client, f"records/{kind}/{patient.pk}/notes/", {"text": "x"}).status_code == 404
    assert post(foreign, here, {"text": "x"}).status_code == 404
    foreign.slug = "summit"
    assert post(foreign, here, {"text": "x"}).status_code == 404
    with acting("manager"):
        assert not Note.objects.exists()
