"""Members and roles: who may give what to whom, what is said before it is saved, and what an end closes."""

import json
import re

import pytest
from django.test import Client

from kit.errors import DomainError, Forbidden
from practice.models import (
    ApiToken,
    Location,
    Membership,
    MembershipRole,
    Role,
    RolePermission,
    TokenLookup,
    User,
)
from practice.permissions import default_permissions
from practice.role_rules import MemberFacts, RoleFacts, beyond, member_changes, role_changes, short_name
from practice.selectors.days import practice_today
from practice.services import roles
from practice.services.people import change_member, end_membership, join
from practice.services.tokens import issue_token, rotate_token
from tests.cast import Visitor, actor_named, in_practice

pytestmark = pytest.mark.django_db
DUE = {"description": "", "escalates_to": None, "requires_mfa": False}


def role(code):
    return Role.objects.get(code=code)


def member(key):
    """One of the cast in the practice that is set."""
    slug = "summit" if key == "stranger" else "harbor"
    return Membership.objects.get(user__email=f"{key}@{slug}.example", practice__slug=slug)


def roles_of(key):
    with in_practice(actor_named("owner")):
        links = MembershipRole.objects.filter(membership=member(key))
        return set(links.values_list("role__code", flat=True))


def grant(code, *permissions):
    with in_practice(actor_named("owner")) as boss:
        for permission in permissions:
            RolePermission.objects.get_or_create(
                practice_id=boss.practice_id, role=role(code), permission=permission
            )


def test_a_change_of_roles_is_read_in_words_before_it_is_saved(manager):
    with in_practice(actor_named("manager")):
        ids = [str(role(code).pk) for code in ("front_desk", "biller")]
    page = f"settings/people/{actor_named('front_desk').membership_id}/edit/"
    answer = manager.send(page, {"roles": ids})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Gets the role Biller" in text
    assert "Will be able to: see claims" in text
    assert roles_of("front_desk") == {"front_desk"}
    token = re.search(r'name="confirmed" value="(\w+)"', text)[1]
    assert manager.send(page, {"roles": ids, "confirmed": "0" * 64}).status_code == 200
    assert roles_of("front_desk") == {"front_desk"}
    assert manager.send(page, {"roles": ids, "confirmed": token}).status_code == 302
    assert roles_of("front_desk") == {"front_desk", "biller"}


def test_what_was_agreed_to_is_asked_again_when_somebody_changed_it_meanwhile(manager):
    with in_practice(actor_named("manager")):
        ids = [str(role("biller").pk)]
    page = f"settings/people/{actor_named('front_desk').membership_id}/edit/"
    token = re.search(r'name="confirmed" value="(\w+)"', manager.send(page, {"roles": ids}).content.decode())[
        1
    ]
    boss = actor_named("owner")
    with in_practice(boss):
        change_member(member("front_desk"), roles=[role("hr")], locations=[], actor=boss)
    answer = manager.send(page, {"roles": ids, "confirmed": token})
    assert answer.status_code == 200
    assert "Loses the role HR" in answer.content.decode()
    assert roles_of("front_desk") == {"hr"}


def test_nobody_gives_what_they_do_not_hold_unless_an_owner_does():
    grant("hr", "practice.change_roles")
    with in_practice(actor_named("owner")) as boss:
        change_member(member("front_desk"), roles=[role("hr")], locations=[], actor=boss)
    clerk = actor_named("front_desk")
    with in_practice(clerk):
        for attempt in (
            lambda: change_member(member("physician"), roles=[role("manager")], locations=[], actor=clerk),
            lambda: change_member(member("front_desk"), roles=[role("manager")], locations=[], actor=clerk),
            lambda: end_membership(member("manager"), actor=clerk),
            lambda: roles.add_role(name="All", grants=["billing.view_claim"], actor=clerk),
            lambda: roles.change_role(
                role("hr"), name="HR", grants=["billing.view_claim"], **DUE, actor=clerk
            ),
            lambda: roles.change_role(role("biller"), name="Biller", grants=[], **DUE, actor=clerk),
        ):
            with pytest.raises(DomainError):
                attempt()
    assert roles_of("physician") == {"physician"}
    assert roles_of("front_desk") == {"hr"}
    with in_practice(actor_named("owner")) as boss:
        assert member("manager").ended_at is None
        assert set(role("biller").grants) == default_permissions("biller")
        change_member(member("physician"), roles=[role("manager")], locations=[], actor=boss)
    assert roles_of("physician") == {"manager"}


def test_only_an_owner_makes_or_unmakes_an_owner():
    boss = actor_named("manager")
    with in_practice(boss):
        for attempt in (
            lambda: change_member(member("manager"), roles=[role("owner")], locations=[], actor=boss),
            lambda: change_member(member("owner"), roles=[role("manager")], locations=[], actor=boss),
            lambda: end_membership(member("owner"), actor=boss),
        ):
            with pytest.raises(DomainError):
                attempt()
    assert roles_of("owner") == {"owner"}
    assert roles_of("manager") == {"manager"}


def test_a_practice_keeps_an_owner_and_somebody_who_changes_roles():
    boss = actor_named("owner")
    with in_practice(boss):
        for attempt in (
            lambda: change_member(member("owner"), roles=[role("physician")], locations=[], actor=boss),
            lambda: end_membership(member("owner"), actor=boss),
        ):
            with pytest.raises(DomainError, match="keeps at least one owner"):
                attempt()
    stranger = actor_named("stranger")
    with in_practice(stranger), pytest.raises(DomainError, match="can change roles"):
        roles.change_role(role("owner"), name="Owner", grants=["practice.view_work"], **DUE, actor=stranger)
    with in_practice(stranger):
        assert "practice.change_roles" in role("owner").grants


def test_who_works_at_some_sites_gives_no_more_than_those():
    boss = actor_named("owner")
    with in_practice(boss):
        east, west = (Location.objects.create(practice_id=boss.practice_id, name=n) for n in ("East", "West"))
        change_member(member("manager"), roles=[role("manager")], locations=[east], actor=boss)
        change_member(member("biller"), roles=[role("biller")], locations=[east], actor=boss)
    narrow = actor_named("manager")
    assert narrow.locations == {east.pk}
    with in_practice(narrow):
        for attempt in (
            lambda: change_member(member("biller"), roles=[role("biller")], locations=[], actor=narrow),
            lambda: change_member(member("biller"), roles=[role("biller")], locations=[west], actor=narrow),
            lambda: change_member(
                member("front_desk"), roles=[role("biller")], locations=[east], actor=narrow
            ),
        ):
            with pytest.raises(DomainError):
                attempt()
        _, raw = issue_token("Narrow", role=role("front_desk"), actor=narrow)
    assert actor_named("biller").locations == {east.pk}
    answer = Client().get("/p/harbor/api/v1/settings/locations/", headers={"Authorization": f"Bearer {raw}"})
    assert answer.status_code == 403
    grant("front_desk", "practice.view_settings")
    answer = Client().get("/p/harbor/api/v1/settings/locations/", headers={"Authorization": f"Bearer {raw}"})
    assert [one["name"] for one in answer.json()["results"]] == ["East"]


def test_without_the_permission_nothing_of_people_changes(front_desk, biller):
    with in_practice(actor_named("owner")):
        ids = {code: str(role(code).pk) for code in ("owner", "hr")}
        before = list(RolePermission.objects.order_by("id").values_list("id", flat=True))
    me = actor_named("front_desk").membership_id
    for visitor in (front_desk, biller):
        for path, data in (
            (f"settings/people/{me}/edit/", {"roles": [ids["owner"]]}),
            (f"settings/people/{me}/do/end/", {"reason": "x"}),
            ("settings/invitations/new/", {"email": "x@harbor.example", "roles": [ids["owner"]]}),
            ("settings/roles/new/", {"name": "Mine", "grants": ["practice.change_roles"]}),
            (f"settings/roles/{ids['hr']}/edit/", {"name": "HR", "grants": ["practice.change_roles"]}),
        ):
            assert visitor.send(path, data).status_code == 403, path
    actor = actor_named("front_desk")
    with in_practice(actor), pytest.raises(Forbidden):
        roles.add_role(name="Mine", actor=actor)
    with in_practice(actor), pytest.raises(Forbidden):
        change_member(member("front_desk"), roles=[role("owner")], locations=[], actor=actor)
    assert roles_of("front_desk") == {"front_desk"}
    with in_practice(actor_named("owner")):
        assert list(RolePermission.objects.order_by("id").values_list("id", flat=True)) == before


def test_fields_that_nobody_offered_are_refused_by_the_api():
    boss = actor_named("owner")
    with in_practice(boss):
        _, raw = issue_token("EHR", role=role("manager"), actor=boss)
        target, extra = (
            member("biller"),
            {"ended_at": None, "user": str(boss.user_id), "practice": "x", "id": "x"},
        )
    client = Client(headers={"Authorization": f"Bearer {raw}"})
    address = f"/p/harbor/api/v1/settings/people/{target.pk}/"
    seen = client.get(address)
    assert seen.json()["email"] == "biller@harbor.example"
    for name, value in extra.items():
        body = json.dumps({name: value})
        headers = {"If-Match": seen["ETag"]}
        answer = client.patch(address, body, content_type="application/json", headers=headers)
        assert answer.status_code == 422, name
    for path, body in (
        (
            "settings/invitations/",
            {"email": "x@harbor.example", "roles": seen.json()["roles"], "accepted_at": "x"},
        ),
        ("settings/roles/", {"name": "Own", "grants": [], "code": "owner"}),
    ):
        answer = client.post(f"/p/harbor/api/v1/{path}", json.dumps(body), content_type="application/json")
        assert answer.status_code == 422, path
    assert roles_of("biller") == {"biller"}


def test_the_api_invites_makes_roles_and_changes_members_through_the_same_services(mailoutbox):
    boss = actor_named("owner")
    with in_practice(boss):
        _, raw = issue_token("EHR", role=role("manager"), actor=boss)
        desk, hr, biller = (str(role(code).pk) for code in ("front_desk", "hr", "biller"))
        target = member("biller")
    client = Client(headers={"Authorization": f"Bearer {raw}"})

    def send(path, body, **headers):
        address, kind = f"/p/harbor/api/v1/settings/{path}", "application/json"
        act = client.patch if headers else client.post
        return act(address, json.dumps(body), content_type=kind, headers=headers)

    made = send("invitations/", {"email": "New@harbor.example", "roles": [desk]})
    assert made.status_code == 201, made.content
    assert made.json()["email"] == "new@harbor.example"
    assert send("invitations/", {"email": "new@harbor.example", "roles": [desk]}).status_code == 422
    scribe = send("roles/", {"name": "Scribe", "grants": ["practice.view_work"]})
    assert scribe.status_code == 201, scribe.content
    tag = client.get(f"/p/harbor/api/v1/settings/people/{target.pk}/")["ETag"]
    assert send(f"people/{target.pk}/", {"roles": [hr, biller]}, **{"If-Match": tag}).status_code == 200
    assert roles_of("biller") == {"hr", "biller"}
    assert send(f"people/{target.pk}/end/", {"reason": "Left"}).status_code == 200
    with in_practice(boss):
        assert Membership.objects.get(pk=target.pk).end_reason == "Left"


def test_the_end_of_a_membership_shuts_this_practice_only_and_the_session_with_the_last():
    with in_practice(actor_named("stranger")) as other:
        user = User.objects.get(email="biller@harbor.example")
        join(user, roles=[role("biller")], actor=other)
    visitor = Visitor(slug="harbor")
    visitor.force_login(user)
    assert visitor.get("/p/harbor/work/").status_code == 200
    boss = actor_named("owner")
    with in_practice(boss):
        end_membership(member("biller"), reason="Left", actor=boss)
    assert visitor.get("/p/harbor/work/").status_code == 404
    assert visitor.get("/p/summit/work/").status_code == 200
    with in_practice(actor_named("stranger")) as other:
        end_membership(Membership.objects.get(practice_id=other.practice_id, user=user), actor=other)
    answer = visitor.get("/p/summit/work/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_people_of_another_practice_are_not_listed_even_for_who_belongs_to_both():
    with in_practice(actor_named("stranger")) as other:
        join(User.objects.get(email="manager@harbor.example"), roles=[role("manager")], actor=other)
    visitor = Visitor(slug="summit")
    visitor.force_login(User.objects.get(email="manager@harbor.example"))
    page = visitor.at("settings/people/?view=all").content.decode()
    assert "stranger@summit.example" in page
    assert "biller@harbor.example" not in page
    assert page.count("manager@harbor.example") == 1
    foreign = actor_named("biller").membership_id
    assert visitor.at(f"settings/people/{foreign}/").status_code == 404
    assert visitor.at(f"settings/people/{foreign}/edit/").status_code == 404


def test_a_replaced_token_lives_on_for_a_day_and_the_new_one_at_once():
    import time_machine

    boss = actor_named("owner")
    with in_practice(boss):
        old, first = issue_token("EHR", role=role("front_desk"), actor=boss)
        new, second = rotate_token(old, actor=boss)
        with pytest.raises(DomainError):
            rotate_token(old, actor=boss)
        assert new.role_id == old.role_id
        assert TokenLookup.objects.filter(row_id__in=[old.pk, new.pk]).count() == 2

    def status(raw):
        return (
            Client().get("/p/harbor/api/v1/patients/", headers={"Authorization": f"Bearer {raw}"}).status_code
        )

    assert (status(first), status(second)) == (200, 200)
    with in_practice(boss):
        ends = ApiToken.objects.get(pk=old.pk).expires_at
    with time_machine.travel(ends):
        assert (status(first), status(second)) == (401, 200)


def test_the_page_shows_when_a_token_was_used_and_replaces_it(owner):
    boss = actor_named("owner")
    with in_practice(boss):
        token, raw = issue_token("EHR", role=role("front_desk"), actor=boss)
    page = f"settings/tokens/{token.pk}/"
    with in_practice(boss):  # the page tells the practice's own day, which begins hours after that of UTC
        today = f"{practice_today(boss):%m/%d/%Y}"
    unused = owner.at(page).content.decode().count(today)
    Client().get("/p/harbor/api/v1/patients/", headers={"Authorization": f"Bearer {raw}"})
    assert owner.at(page).content.decode().count(today) == unused + 1
    answer = owner.send(f"settings/tokens/{token.pk}/rotate/")
    assert re.search(r"wr_[\w-]{40}", answer.content.decode())
    assert "Replaced" in owner.at("settings/tokens/").content.decode()
    assert owner.send(f"settings/tokens/{token.pk}/rotate/").status_code == 409


def test_a_role_is_copied_changed_in_words_and_deleted_while_nobody_held_it(owner):
    with in_practice(actor_named("owner")):
        hr = role("hr")
    form = owner.at(f"settings/roles/new/?from={hr.pk}").content.decode()
    assert "HR copy" in form
    owner.send("settings/roles/new/", {"name": "Scribe", "grants": ["practice.view_work"]})
    with in_practice(actor_named("owner")):
        made = role("scribe")
    change = {
        "name": "Scribe",
        "requires_mfa": "on",
        "grants": ["practice.view_work", "patients.view_patient"],
    }
    text = owner.send(f"settings/roles/{made.pk}/edit/", change).content.decode()
    assert "Its holders will be able to: see patients" in text
    assert "Its holders need a second factor to sign in" in text
    token = re.search(r'name="confirmed" value="(\w+)"', text)[1]
    assert owner.send(f"settings/roles/{made.pk}/edit/", change | {"confirmed": token}).status_code == 302
    page = owner.at(f"settings/roles/{made.pk}/").content.decode()
    assert "See patients, their contact and their coverage" in page
    assert owner.send(f"settings/roles/{made.pk}/do/delete/").status_code == 302
    assert owner.at(f"settings/roles/{made.pk}/").status_code == 404
    assert owner.send(f"settings/roles/{hr.pk}/do/delete/").status_code == 409


def test_an_auditor_reads_everything_but_restricted_records():
    granted = default_permissions("auditor")
    assert "patients.view_patient" in granted
    assert "patients.view_restricted" not in granted
    assert all(value.split(".")[1].startswith("view") for value in granted)


def test_the_default_roles_that_handle_money_or_people_need_a_second_factor():
    with in_practice(actor_named("owner")):
        needs = set(Role.objects.filter(requires_mfa=True).values_list("code", flat=True))
    assert needs == {"owner", "manager", "biller", "hr", "compliance"}


def test_changes_are_said_in_words():
    sentences = {"a.x": "see x", "a.y": "change y"}
    before = RoleFacts(
        name="Desk", description="", escalates_to="", requires_mfa=False, grants=frozenset({"a.x"})
    )
    after = RoleFacts(
        name="Desk", description="", escalates_to="Lead", requires_mfa=True, grants=frozenset({"a.y"})
    )
    assert role_changes(before, before, sentences=sentences) == []
    assert role_changes(before, after, sentences=sentences) == [
        "What it cannot settle goes to Lead",
        "Its holders need a second factor to sign in",
        "Its holders will be able to: change y",
        "Its holders will no longer be able to: see x",
    ]
    here = MemberFacts(roles=frozenset({"Desk"}), sites=frozenset(), grants=frozenset({"a.x"}))
    there = MemberFacts(roles=frozenset({"Lead"}), sites=frozenset({"East"}), grants=frozenset({"a.x"}))
    assert member_changes(here, there, sentences=sentences) == [
        "Gets the role Lead",
        "Loses the role Desk",
        "Works at East instead of all sites",
    ]
    assert beyond({"a.x", "a.y"}, held={"a.x"}) == ["a.y"]


@pytest.mark.parametrize(
    ("words", "taken", "expected"),
    [
        ("Dr. Lee & Sons", (), "dr-lee-sons"),
        ("North", ("north",), "north-2"),
        ("North", ("north", "north-2"), "north-3"),
        ("???", (), "new"),
        ("x" * 60, ("x" * 40,), "x" * 38 + "-2"),
    ],
)
def test_an_address_is_made_from_a_name(words, taken, expected):
    assert short_name(words, taken=taken) == expected
