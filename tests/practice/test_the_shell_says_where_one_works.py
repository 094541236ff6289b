"""The line under the practice's name: at which of its sites this person works."""

import pytest

from practice.models import Location, Membership, Role
from practice.services.people import change_member
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


def works_at(key, *names):
    with in_practice(actor_named("owner")) as boss:
        member = Membership.objects.get(user__email=f"{key}@harbor.example", practice__slug="harbor")
        sites = [Location.objects.create(practice_id=boss.practice_id, name=name) for name in names]
        change_member(member, roles=[Role.objects.get(code=key)], locations=sites, actor=boss)


def test_without_sites_of_ones_own_it_is_all_of_them(front_desk):
    assert "All locations" in front_desk.at("work/").content.decode()


def test_one_site_is_named(front_desk):
    works_at("front_desk", "East wing")
    page = front_desk.at("work/").content.decode()
    assert "East wing</span>" in page
    assert "1 locations" not in page


def test_several_are_counted(front_desk):
    works_at("front_desk", "East wing", "West wing")
    assert "2 locations" in front_desk.at("work/").content.decode()


def test_an_empty_field_is_asked_for_in_a_sentence(owner):
    page = owner.send("settings/displays/new/", {"days": "30"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Fill in “Where it hangs”" in text
    assert "Choose the location" in text
