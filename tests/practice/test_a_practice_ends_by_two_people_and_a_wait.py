"""The request, the second approval, the wait; the destruction of all and only one practice, killed and resumed."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.actor import system_actor
from practice.models import DestroyRequest, Location, Membership, Practice, RuleValue, User
from practice.services import attachments, closing, destruction
from practice.services.people import admit, issue_token
from practice.transactions import acting_in
from tests.cast import Visitor, actor_named, in_practice, owner_cursor
from tests.security.two_practices import fingerprint
from tests.tiers import DEEP

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "destroy harbor"


def second_owner():
    """Another owner of harbor; returns the person's actor."""
    from practice.selectors.people import user_actor

    practice = Practice.objects.get(slug="harbor")
    user = User.objects.create_user("second@harbor.example", name="Sam Second")
    system = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=system):
        admit(user, roles=["owner"], actor=system)
    with in_practice(system):
        return user_actor(user=user, practice=practice, request_id="test-second")


def ask(actor):
    with in_practice(actor):
        return closing.ask(reason="We retire", phrase=PHRASE, actor=actor)


def approved():
    """A request of Olive's that Sam approved; returns it."""
    request, second = ask(actor_named("owner")), second_owner()
    with in_practice(second):
        return closing.approve(request, phrase=PHRASE, actor=second)


@pytest.mark.parametrize("who", ["manager", "physician", "front_desk", "biller"])
def test_only_owners_ask(who):
    with pytest.raises(Forbidden):
        ask(actor_named(who))
    with in_practice(actor_named("owner")):
        assert not DestroyRequest.objects.exists()


def test_the_phrase_must_be_typed_and_a_reason_given():
    owner = actor_named("owner")
    for reason, phrase in (("We retire", "destroy summit"), ("We retire", ""), (" ", PHRASE)):
        with in_practice(owner), pytest.raises(DomainError):
            closing.ask(reason=reason, phrase=phrase, actor=owner)
    with in_practice(owner):
        assert not DestroyRequest.objects.exists()


def test_one_person_is_not_two():
    owner = actor_named("owner")
    request = ask(owner)
    with in_practice(owner), pytest.raises(DomainError, match="another owner"):
        closing.approve(request, phrase=PHRASE, actor=owner)
    with in_practice(owner), pytest.raises(Conflict):
        closing.ask(reason="Again", phrase=PHRASE, actor=owner)
    with in_practice(owner):
        assert DestroyRequest.objects.get().state == "waiting"
        with pytest.raises(IntegrityError), transaction.atomic():  # nor by raw SQL
            DestroyRequest.objects.update(approved_by=owner.membership_id)


def test_the_wait_may_be_longer_than_shipped_but_not_shorter():
    owner = actor_named("owner")
    for value, days in (("1", 30), ("45", 45)):
        with in_practice(owner):
            RuleValue.objects.all().delete()
            RuleValue.objects.create(
                practice_id=owner.practice_id, code=closing.WAIT, value=value, effective_from="2020-01-01"
            )
            assert closing.wait_days(owner) == days


def test_nothing_is_destroyed_without_approval_or_before_the_wait_is_over():
    request = ask(actor_named("owner"))
    before = fingerprint("harbor")
    with pytest.raises(CommandError, match="no approved request"):
        call_command("destroy_practice", "harbor", phrase=PHRASE)
    second = second_owner()
    with in_practice(second):
        request = closing.approve(request, phrase=PHRASE, actor=second)
    before = fingerprint("harbor")
    with clock.at(request.not_before - timedelta(minutes=1)), pytest.raises(CommandError, match="waiting"):
        call_command("destroy_practice", "harbor", phrase=PHRASE)
    with clock.at(request.not_before), pytest.raises(CommandError, match="word for word"):
        call_command("destroy_practice", "harbor", phrase="destroy summit")
    assert fingerprint("harbor") == before
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practice_destroyedpractice")
        assert cursor.fetchone() == (0,)


def test_a_request_that_was_called_off_destroys_nothing():
    request, owner = approved(), actor_named("owner")
    with in_practice(owner):
        closing.withdraw(request, actor=owner)
    with clock.at(request.not_before), pytest.raises(CommandError, match="no approved request"):
        call_command("destroy_practice", "harbor", phrase=PHRASE)
    with in_practice(owner), pytest.raises(Conflict):
        closing.withdraw(request, actor=owner)
    assert Practice.objects.filter(slug="harbor").exists()


def test_the_operator_can_be_the_second_person_by_name(capsys):
    ask(actor_named("owner"))
    for operator, phrase in (("", PHRASE), ("Ola Operator", "yes")):
        with pytest.raises(CommandError):
            call_command("destroy_practice", "harbor", approve=True, operator=operator, phrase=phrase)
    call_command("destroy_practice", "harbor", approve=True, operator="Ola Operator", phrase=PHRASE)
    assert "Approved by Ola Operator" in capsys.readouterr().out
    with in_practice(actor_named("owner")):
        found = DestroyRequest.objects.get()
        assert (found.operator, found.state, found.approved_by_id) == ("Ola Operator", "approved", None)


@pytest.fixture
def furnished(settings, tmp_path):
    """Both practices with rows, files, tokens, sessions; harbor also with what points at itself."""
    settings.STATE, settings.MEDIA_ROOT = tmp_path / "state", tmp_path / "media"
    settings.OUTGOING, settings.INCOMING = tmp_path / "out", tmp_path / "in"
    for slug, who in (("harbor", "owner"), ("summit", "stranger")):
        (settings.OUTGOING / slug).mkdir(parents=True)
        (settings.OUTGOING / slug / "claims.837").write_text("ISA*")
        anchors = settings.STATE / "anchors"
        anchors.mkdir(parents=True, exist_ok=True)
        (anchors / f"{slug}.jsonl").write_text("{}\n")
        actor = actor_named(who)
        with in_practice(actor):
            for number in range(5):
                place = Location.objects.create(practice_id=actor.practice_id, name=f"Site {number}")
                attachments.store(f"{slug} {number}".encode(), name="a.txt", record=place, actor=actor)
            role = Membership.objects.get(pk=actor.membership_id).role_links.get().role
            issue_token("EHR", role=role, actor=actor)
    return settings


def signed_in(key):
    visitor = Visitor(slug="harbor")
    visitor.force_login(User.objects.get(email=key))
    return visitor


def left_of(practice_id):
    with owner_cursor() as cursor:
        chart = destruction.plan(cursor)
        found = {}
        for table in chart.tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE practice_id = %s', [str(practice_id)])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


@pytest.mark.deep
def test_all_and_only_that_practice_is_destroyed_also_when_killed_on_the_way(
    furnished, tmp_path, monkeypatch, evidence
):
    monkeypatch.setattr(destruction, "STEP", 3)
    request = approved()
    olive, stan = signed_in("owner@harbor.example"), signed_in("stranger@summit.example")
    both = User.objects.get(email="manager@harbor.example")
    summit = Practice.objects.get(slug="summit")
    system = system_actor(practice_id=summit.id)
    with acting_in(summit.id, actor=system):
        admit(both, roles=["manager"], actor=system)
    mara = signed_in("manager@harbor.example")
    other, harbor = fingerprint("summit"), request.practice_id
    expected = left_of(harbor)
    count, told = destruction._count, []
    kills = range(2, 62, 3) if DEEP else (3, 11)

    def dies(cursor, *, table, gone, practice_id):
        count(cursor, table=table, gone=gone, practice_id=practice_id)
        told.append(table)
        if len(told) in kills:
            raise KeyboardInterrupt

    monkeypatch.setattr(destruction, "_count", dies)
    with clock.at(request.not_before + timedelta(seconds=1)):
        for _ in kills:
            with pytest.raises(KeyboardInterrupt):
                destruction.destroy("harbor")
            assert Practice.objects.filter(slug="harbor").exists()
        call_command("destroy_practice", "harbor", phrase=PHRASE, to=str(tmp_path / "certificates"))
    assert left_of(harbor) == {}
    assert not Practice.objects.filter(slug="harbor").exists()
    assert fingerprint("summit") == other
    evidence(kills=len(kills), tables=len(expected), rows=sum(expected.values()), left=0, others_changed=0)
    files = [path.read_bytes() for path in furnished.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(files) == 5
    assert not (furnished.OUTGOING / "harbor").exists()
    assert (furnished.OUTGOING / "summit" / "claims.837").exists()
    assert (furnished.STATE / "anchors" / "summit.jsonl").exists()
    assert not (furnished.STATE / "anchors" / "harbor.jsonl").exists()
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert olive.session.session_key not in keys
    assert {stan.session.session_key, mara.session.session_key} <= keys

    paths = sorted((tmp_path / "certificates").iterdir())
    assert [path.suffix for path in paths] in ([".json", ".pdf"], [".json"])
    said = json.loads(paths[0].read_text())
    assert said["requested_by"] == "Olive Owens <owner@harbor.example>"
    assert said["approved_by"] == "Sam Second <second@harbor.example>"
    # What was there when it began, row by row; jobs went first, and the trail grew by what was deleted.
    moving = {"practice_auditchange", "practice_jobrun", "practice_tokenlookup"}
    assert {k: v for k, v in said["row_counts"].items() if k not in moving} == {
        k: v for k, v in expected.items() if k not in moving
    }
    with owner_cursor() as cursor:
        cursor.execute("SELECT sha256, finished_at IS NOT NULL FROM practice_destroyedpractice")
        assert cursor.fetchall() == [(hashlib.sha256(paths[0].read_bytes()).hexdigest(), True)]
    call_command("destroy_practice", "harbor", to=str(tmp_path / "again"))  # the same certificate again
    assert Path(tmp_path / "again" / paths[0].name).read_bytes() == paths[0].read_bytes()


def test_the_app_cannot_touch_the_register():
    for statement in ("SELECT 1 FROM practice_destroyedpractice", "DELETE FROM practice_destroyedpractice"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_owners_do_it_all_on_the_pages_and_nobody_else_sees_them(furnished):
    olive = signed_in("owner@harbor.example")
    assert "Make an export" in olive.at("settings/data/").content.decode()
    page = olive.at("settings/data/close/").content.decode()
    assert "It cannot be undone" in page
    refused = olive.send("settings/data/close/", {"reason": "We retire", "phrase": "no"})
    assert (refused.status_code, "word for word" in refused.content.decode()) == (422, True)
    assert olive.send("settings/data/close/", {"reason": "We retire", "phrase": PHRASE}).status_code == 302
    assert olive.send("settings/data/close/approve/", {"phrase": PHRASE}).status_code == 422
    second_owner()
    sam = signed_in("second@harbor.example")
    assert "Approve the destruction" in sam.at("settings/data/close/").content.decode()
    assert sam.send("settings/data/close/approve/", {"phrase": PHRASE}).status_code == 302
    assert "Approved by Sam Second" in olive.at("settings/data/close/").content.decode()
    assert olive.send("settings/data/close/withdraw/").status_code == 302
    with in_practice(actor_named("owner")):
        assert DestroyRequest.objects.get().state == "withdrawn"
    mara = signed_in("manager@harbor.example")
    for path in ("settings/data/", "settings/data/close/"):
        assert mara.at(path).status_code == 403
    assert mara.send("settings/data/close/withdraw/").status_code == 403


def test_an_export_is_ordered_and_fetched_on_the_page(furnished):
    from practice.worker import run_waiting

    olive = signed_in("owner@harbor.example")
    answer = olive.send("settings/data/exports/new/", {"sealed_values": "on"})
    assert (answer.status_code, "/exports/" in answer["Location"]) == (302, True)
    assert "See progress" in olive.get(answer["Location"]).content.decode()
    assert olive.send("settings/data/exports/new/", {"x": "1"}).status_code == 409  # one at a time
    run_waiting(practice_id=actor_named("owner").practice_id)
    with in_practice(actor_named("owner")):
        from practice.models import PracticeExport

        made = PracticeExport.objects.get()
    assert f"exports/{made.pk}/file/" in olive.at(f"settings/data/exports/{made.pk}/").content.decode()
    file = olive.at(f"settings/data/exports/{made.pk}/file/")
    content = b"".join(file.streaming_content)
    assert hashlib.sha256(content).hexdigest() == made.sha256
    assert int(file["Content-Length"]) == len(content)
    assert "attachment" in file["Content-Disposition"]
    mara = signed_in("manager@harbor.example")
    assert mara.at(f"settings/data/exports/{made.pk}/file/").status_code == 404
