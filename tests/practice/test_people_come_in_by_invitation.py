"""Invitations: mailed, accepted once by the right person, and closed in every other case."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from kit import clock
from kit.errors import DomainError, Forbidden
from practice.models import Invitation, JobRun, Location, Membership, Role, TokenLookup, User
from practice.services import invitations
from practice.services.people import end_membership
from practice.worker import run_waiting
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
PASSWORD = "four-plain-words-here"
CLOSED = b"This invitation no longer works"


def role(code):
    return Role.objects.get(code=code)


def invited(email="gus@harbor.example", *, codes=("front_desk",), by="manager", **more):
    boss = actor_named(by)
    with in_practice(boss):
        made = invitations.invite(email=email, roles=[role(code) for code in codes], actor=boss, **more)
    run_waiting(practice_id=boss.practice_id)
    return made


def link(outbox):
    return re.search(r"/invitation/\S+/", outbox[-1].body)[0]


def members_called(email):
    with in_practice(actor_named("owner")):
        return list(Membership.objects.filter(user__email=email).select_related("user"))


def test_a_new_person_sets_name_and_password_and_works_at_once(mailoutbox):
    made = invited("Gus@Harbor.example", name="Gus Gray")
    answer = Client().get(link(mailoutbox))
    assert answer.status_code == 200
    assert b"Harbor Family Medicine" in answer.content
    visitor = Client()
    answer = visitor.post(link(mailoutbox), {"name": "Gus Gray", "password": PASSWORD})
    assert answer["Location"] == "/p/harbor/"
    assert visitor.get("/p/harbor/work/").status_code == 200
    (member,) = members_called("gus@harbor.example")
    with in_practice(actor_named("owner")):
        kept = Invitation.objects.get(pk=made.pk)
        assert [entry.role.code for entry in member.role_links.select_related("role")] == ["front_desk"]
    assert kept.membership_id == member.id
    assert User.objects.get(email="gus@harbor.example").password.startswith("argon2")


def test_the_mail_has_words_in_both_forms_and_only_the_hash_of_its_secret_is_kept(mailoutbox):
    made = invited()
    (message,) = mailoutbox
    assert message.to == ["gus@harbor.example"]
    both = [message.body, message.alternatives[0].content]
    secret = link(mailoutbox).split("/")[2]
    assert all(secret in text and "Harbor Family Medicine" in text for text in both)
    with in_practice(actor_named("owner")):
        kept = Invitation.objects.get(pk=made.pk)
        job = JobRun.objects.get(kind=invitations.MAIL)
    assert secret not in f"{kept.secret_hash}{job.args}{job.result}{job.key}"
    assert TokenLookup.objects.get(secret_hash=kept.secret_hash).row_id == made.pk


def test_somebody_with_an_account_signs_in_and_joins(mailoutbox, stranger):
    invited("stranger@summit.example")
    address = link(mailoutbox)
    anonymous = Client().get(address)
    assert b"Sign in and join" in anonymous.content
    assert (
        Client().post(address, {"name": "X", "password": PASSWORD})["Location"].startswith("/accounts/login/")
    )
    assert members_called("stranger@summit.example") == []
    assert stranger.get("/p/harbor/work/").status_code == 404
    assert stranger.post(address)["Location"] == "/p/harbor/"
    assert stranger.get("/p/harbor/work/").status_code == 200
    assert stranger.get("/p/summit/work/").status_code == 200


def test_somebody_else_who_is_signed_in_cannot_take_it(mailoutbox, stranger):
    invited()
    answer = stranger.post(link(mailoutbox))
    assert answer.status_code == 409
    assert members_called("stranger@summit.example") == []
    assert members_called("gus@harbor.example") == []


def test_wrong_used_withdrawn_and_expired_links_say_the_same(mailoutbox):
    wrong = Client().get("/invitation/wi_madeup/")
    first = invited("a@harbor.example")
    used = link(mailoutbox)
    Client().post(used, {"name": "A", "password": PASSWORD})
    second = invited("b@harbor.example")
    withdrawn = link(mailoutbox)
    third = invited("c@harbor.example")
    old = link(mailoutbox)
    boss = actor_named("manager")
    with in_practice(boss):
        invitations.revoke(second, actor=boss)
        Invitation.objects.filter(pk=third.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    ask = re.compile(rb"hx-headers='[^']*'|nonce=\"[^\"]*\"")
    pages = set()
    for address in (used, withdrawn, old):
        for answer in (Client().get(address), Client().post(address, {"name": "Z", "password": PASSWORD})):
            assert answer.status_code == 404
            pages.add(ask.sub(b"", answer.content))
    assert CLOSED in wrong.content
    assert pages == {ask.sub(b"", wrong.content)}
    assert first.email == "a@harbor.example"
    assert members_called("b@harbor.example") == members_called("c@harbor.example") == []
    assert not User.objects.filter(email__in=["b@harbor.example", "c@harbor.example"]).exists()


def test_a_weak_password_changes_nothing_and_says_what_to_do(mailoutbox):
    invited()
    answer = Client().post(link(mailoutbox), {"name": "Gus", "password": "short"})
    assert answer.status_code == 422
    assert b"at least 12 characters" in answer.content
    assert not User.objects.filter(email="gus@harbor.example").exists()


def test_a_second_mail_shuts_the_first_link(mailoutbox):
    made = invited()
    first = link(mailoutbox)
    boss = actor_named("manager")
    with in_practice(boss):
        invitations.resend(made, actor=boss)
    run_waiting(practice_id=boss.practice_id)
    assert len(mailoutbox) == 2
    assert Client().get(first).status_code == 404
    assert Client().get(link(mailoutbox)).status_code == 200


def test_members_and_invited_addresses_are_not_invited_again_whatever_the_case():
    invited()
    boss = actor_named("manager")
    for email, words in (
        ("GUS@harbor.example", "invited already"),
        ("Biller@harbor.example", "member already"),
    ):
        with in_practice(boss), pytest.raises(DomainError, match=words):
            invitations.invite(email=email, roles=[role("biller")], actor=boss)
    with in_practice(boss):
        assert Invitation.objects.count() == 1


def test_who_may_not_change_roles_may_not_invite():
    for key in ("front_desk", "physician", "biller"):
        actor = actor_named(key)
        with in_practice(actor), pytest.raises(Forbidden):
            invitations.invite(email="x@harbor.example", roles=[role("front_desk")], actor=actor)
    with in_practice(actor_named("owner")):
        assert Invitation.objects.count() == 0


def test_only_an_owner_invites_an_owner():
    boss = actor_named("manager")
    with in_practice(boss), pytest.raises(DomainError, match="Only an owner"):
        invitations.invite(email="x@harbor.example", roles=[role("owner")], actor=boss)
    assert invited("x@harbor.example", codes=("owner",), by="owner").pk


def test_another_practices_roles_and_invitations_are_out_of_reach(mailoutbox, stranger):
    made = invited()
    with in_practice(actor_named("stranger")):
        foreign = role("front_desk")
    boss = actor_named("manager")
    answer = stranger.get(f"/p/summit/settings/invitations/{made.pk}/")
    assert answer.status_code == 404
    for act in ("resend", "revoke"):
        assert stranger.post(f"/p/summit/settings/invitations/{made.pk}/do/{act}/").status_code == 404
    assert Client().get(link(mailoutbox)).status_code == 200
    with in_practice(boss):
        assert not Role.objects.filter(pk=foreign.pk).exists()


def test_one_who_was_a_member_comes_back_with_the_new_roles_and_sites_alone(mailoutbox):
    boss, biller = actor_named("owner"), actor_named("biller")
    with in_practice(boss):
        site = Location.objects.create(practice_id=boss.practice_id, name="East")
        end_membership(Membership.objects.get(pk=biller.membership_id), reason="Left", actor=boss)
    invited("biller@harbor.example", codes=("front_desk",), locations=[site])
    visitor = Client()
    visitor.force_login(User.objects.get(email="biller@harbor.example"))
    assert visitor.post(link(mailoutbox))["Location"] == "/p/harbor/"
    back = actor_named("biller")
    assert back.membership_id == biller.membership_id
    assert back.locations == {site.pk}
    assert not back.may("billing.view_claim")
    assert back.may("scheduling.view_schedule") == actor_named("front_desk").may("scheduling.view_schedule")


def test_ending_the_inviter_ends_what_they_invited(mailoutbox):
    invited(by="manager")
    boss, manager = actor_named("owner"), actor_named("manager")
    with in_practice(boss):
        end_membership(Membership.objects.get(pk=manager.membership_id), actor=boss)
    assert Client().get(link(mailoutbox)).status_code == 404


def test_an_invitation_is_no_token_and_a_token_no_invitation(mailoutbox):
    invited()
    secret = link(mailoutbox).split("/")[2]
    answer = Client().get("/p/harbor/api/v1/patients/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_make_one_membership(mailoutbox):
    invited()
    address, answers, start = link(mailoutbox), [], threading.Barrier(2)

    def take(name):
        visitor = Client()
        start.wait(timeout=20)
        answers.append(visitor.post(address, {"name": name, "password": PASSWORD}).status_code)
        connection.close()

    threads = [threading.Thread(target=take, args=(name,)) for name in ("Gus", "Gus again")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) in ([302, 302], [302, 404])
    assert len(members_called("gus@harbor.example")) == 1
    assert User.objects.filter(email="gus@harbor.example").count() == 1
