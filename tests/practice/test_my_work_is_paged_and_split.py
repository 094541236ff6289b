"""My work: every item can be reached, fifty at a time, and the tabs hold what they say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from practice.models import Membership
from practice.services import places
from practice.services.work import open_item
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


def _waiting(count, *, days=30, owner=False):
    boss, member = actor_named("owner"), actor_named("manager")
    with in_practice(boss):
        mine = Membership.objects.get(pk=member.membership_id) if owner else None
        for number in range(count):
            open_item(
                f"test.kind{days}",
                record=places.add_location(actor=boss, name=f"Site {days} {number}"),
                title=f"Item {days} {number:03}",
                permission="practice.view_work",
                due_on=clock.now().date() + timedelta(days=days),
                owner=mine,
                actor=boss,
            )


def test_what_is_beyond_fifty_is_on_the_next_page(manager):
    _waiting(53)
    first, second = manager.at("work/").content, manager.at("work/?page=2").content
    assert first.count(b'scope="row"') == 50
    assert second.count(b'scope="row"') == 3
    assert b"51\xe2\x80\x9353 of 53" in second


def test_a_page_that_is_none_shows_the_nearest(manager):
    _waiting(2)
    for asked in ("0", "-1", "99", "²", "x"):
        assert manager.at(f"work/?page={asked}").content.count(b'scope="row"') == 2


def test_the_tabs_hold_the_persons_own_and_what_is_late(manager):
    _waiting(2)
    _waiting(1, days=-3)
    _waiting(1, days=9, owner=True)
    assert manager.at("work/").content.count(b'scope="row"') == 4
    mine, late = manager.at("work/?view=mine").content, manager.at("work/?view=overdue").content
    assert (mine.count(b"Item "), late.count(b"Item ")) == (1, 1)
    assert b"Item 9 000" in mine
    assert b"Item -3 000" in late


def test_more_items_ask_no_more_queries(manager):
    _waiting(2)
    manager.at("work/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        manager.at("work/")
    _waiting(20, days=10)
    with CaptureQueriesContext(connection) as many:
        manager.at("work/")
    assert len(many) == len(few)


def test_the_sign_in_page_says_why_somebody_was_signed_out(nobody):
    assert b"without activity" in nobody.get("/accounts/login/?reason=idle").content
    assert b"without activity" not in nobody.get("/accounts/login/").content
