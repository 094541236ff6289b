"""My work: every item can be reached, fifty at a time; tabs, groups and filters hold what they say."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from practice.models import Membership, RecordRef, Role, WorkItem
from practice.services import places, work_desk
from practice.services.work import open_item
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
KIND = "practice.job_failed"  # closable by hand, in the manager's queue


def _day(days):
    return clock.now().date() + timedelta(days=days)


def _waiting(count, *, days=30, owner=False, amount=None):
    boss, member = actor_named("owner"), actor_named("manager")
    with in_practice(boss):
        mine = Membership.objects.get(pk=member.membership_id) if owner else None
        for number in range(count):
            open_item(
                KIND,
                record=places.add_location(actor=boss, name=f"Site {days} {number}"),
                title=f"Item {days} {number:03}",
                permission="practice.view_work",
                due_on=_day(days),
                amount=amount,
                owner=mine,
                actor=boss,
            )


def _rows(answer):
    return answer.content.count(b'scope="row"')


def test_what_is_beyond_fifty_is_on_the_next_page(manager):
    _waiting(53)
    first, second = manager.at("work/"), manager.at("work/?page=2")
    assert (_rows(first), _rows(second)) == (50, 3)
    assert b"51\xe2\x80\x9353 of 53" in second.content


def test_a_page_that_is_none_shows_the_nearest(manager):
    _waiting(2)
    for asked in ("0", "-1", "99", "²", "x"):
        assert _rows(manager.at(f"work/?page={asked}")) == 2


def test_each_tab_holds_what_it_says_and_names_its_count(manager):
    _waiting(2)
    _waiting(1, days=-3)
    _waiting(1, days=9, owner=True)
    assert _rows(manager.at("work/?view=all")) == 4
    mine, roles, late = (manager.at(f"work/?view={view}").content for view in ("mine", "roles", "overdue"))
    assert manager.at("work/").content.count(b'scope="row"') == 1, "what one has comes first"
    assert b"Item 9 000" in mine
    assert (roles.count(b'scope="row"'), late.count(b'scope="row"')) == (3, 1)
    assert b"Item -3 000" in late
    with in_practice(actor_named("manager")) as actor:
        one, other = WorkItem.objects.order_by("id")[:2]
        work_desk.snooze([one], until=_day(20), reason="Waits for the plan", actor=actor)
        work_desk.done([other], outcome="Ran again", actor=actor)
    slept, done = manager.at("work/?view=waiting").content, manager.at("work/?view=done").content
    assert b"Waits for the plan" in slept
    assert b"Ran again" in done
    assert (slept.count(b'scope="row"'), done.count(b'scope="row"')) == (1, 1)
    assert _rows(manager.at("work/?view=all")) == 2
    assert b"All <small>2</small>" in done


def test_groups_count_all_of_their_items_and_money(manager):
    _waiting(2, days=-2, amount=Decimal("10.25"))
    _waiting(51, days=3, amount=Decimal("2.00"))
    page = manager.at("work/?view=roles").content.decode()
    assert "Overdue <small>2</small>" in page
    assert "$20.50" in page
    assert "Due within 7 days <small>51</small>" in page
    assert "$102.00" in page
    assert "$122.50 at stake" in page
    flat = manager.at("work/?view=roles&order=worth").content.decode()
    assert "rowgroup" not in flat


def test_filters_narrow_and_nonsense_narrows_nothing(manager):
    _waiting(2)
    _waiting(1, days=3)
    for query, count in (
        ("q=ITEM%2030%20001", 1), ("q=item%2030", 2), ("q=nothing", 0), ("due=week", 1), ("due=x", 3),
        ("kind=practice.job_failed", 3), ("kind=practice.reminder", 0), ("kind=x", 3), ("app=practice", 3),
        ("app=billing", 0), ("location=x", 3), ("person=x", 3),
    ):  # fmt: skip
        assert _rows(manager.at(f"work/?view=all&{query}")) == count, query
    assert b"No work matches" in manager.at("work/?view=all&q=nothing").content


def test_three_thousand_items_ask_no_more_queries_than_three(manager):
    _waiting(3)
    manager.at("work/?view=all")
    with CaptureQueriesContext(connection) as few:
        manager.at("work/?view=all")
    with in_practice(actor_named("owner")) as boss:
        role = Role.objects.get(code="manager")
        ref = RecordRef.objects.first()
        WorkItem.objects.bulk_create(
            WorkItem(
                practice_id=boss.practice_id, kind=KIND, source_key=f"many:{n}", ref=ref, title=f"Item {n}", role=role,
                permission="practice.view_work", due_on=_day(n % 90 - 20), amount=n,
            )
            for n in range(3_000)
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = manager.at("work/?view=all&page=60")
    assert len(many) == len(few)
    assert _rows(page) == 50
    assert b"of 3,003" in page.content
    assert len(page.content) < 130_000


def test_the_navigation_counts_what_waits_for_this_person(manager, biller):
    _waiting(3)
    assert b'wr-nav__count">3<' in manager.at("work/").content
    assert b'wr-nav__count">3<' not in biller.at("work/").content, "these wait for the manager's role"


def test_the_sign_in_page_says_why_somebody_was_signed_out(nobody):
    assert b"without activity" in nobody.get("/accounts/login/?reason=idle").content
    assert b"without activity" not in nobody.get("/accounts/login/").content
