"""The pages of My work: bulk acts, one item, reminders, by person; refusals keep what was typed."""

from datetime import timedelta

import pytest

from practice.models import Membership, WorkItem
from practice.selectors.days import practice_today
from practice.services import places, work_desk
from practice.services.work import open_item
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(acting):
    with acting("owner") as actor:
        return [
            open_item(
                kind,
                record=places.add_location(actor=actor, name=f"Site {number}"),
                title=f"Item {number}",
                permission="practice.view_work",
                actor=actor,
            )
            for number, kind in enumerate(["practice.job_failed", "practice.job_failed", "audit.broken"])
        ]


def now(item):
    with in_practice(actor_named("owner")):
        return WorkItem.objects.get(pk=item.pk)


def ids(items):
    return [str(item.pk) for item in items]


def test_chosen_items_are_snoozed_after_being_asked_why(items, manager):
    asked = manager.send("work/snooze/", {"item": ids(items), "ask": "1"})
    assert asked.status_code == 200
    assert "Item 1" in asked.content.decode()
    refused = manager.send("work/snooze/", {"item": ids(items), "until": "03/09/2020", "reason": "Because"})
    assert refused.status_code == 422
    assert "Because" in refused.content.decode()
    assert {now(item).snoozed_until for item in items} == {None}
    with in_practice(actor_named("owner")) as actor:
        until = practice_today(actor) + timedelta(days=5)
    done = manager.send(
        "work/snooze/", {"item": ids(items), "until": f"{until:%m/%d/%Y}", "reason": "Vacation"}
    )
    assert done.status_code == 302
    assert {now(item).snoozed_until for item in items} == {until}


def test_chosen_items_are_assigned_and_one_is_done_at_a_click(items, manager):
    member = actor_named("biller").membership_id
    answer = manager.send("work/assign/", {"item": ids(items), "to": str(member)})
    assert answer["Location"].endswith("/work/")
    assert {now(item).owner_id for item in items} == {member}
    back = "/p/harbor/work/?view=all"
    one = manager.send("work/done/", {"item": ids(items), "only": str(items[0].pk), "next": back})
    assert one["Location"] == back
    assert [now(item).state for item in items] == ["done", "open", "open"]
    refused = manager.send("work/done/", {"item": ids(items[1:])})
    assert refused.status_code == 409
    assert "finished where it comes from" in refused.content.decode()
    assert [now(item).state for item in items] == ["done", "open", "open"]


def test_a_second_press_does_nothing_twice(items, manager):
    for _ in range(2):
        answer = manager.send(
            "work/comment/", {"item": ids(items[:1]), "note": "Asked", "idempotency_key": "k"}
        )
        assert answer.status_code == 302
    with in_practice(actor_named("owner")):
        assert items[0].events.count() == 1


def test_nothing_chosen_and_nonsense_are_refused_and_elsewhere_is_no_way_back(items, manager):
    for data in ({}, {"item": "x"}, {"item": [str(items[0].pk)] * 1 + ["y"]}):
        assert manager.send("work/take/", data).status_code == 422
    answer = manager.send("work/take/", {"item": ids(items), "next": "//evil.example/"})
    assert answer["Location"] == "/p/harbor/work/"


def test_another_practice_and_somebody_it_does_not_concern_find_nothing(items, stranger, biller):
    for visitor in (stranger, biller):
        assert visitor.get(f"/p/{visitor.slug}/work/{items[0].pk}/").status_code == 404
        assert visitor.send("work/done/", {"item": ids(items[:1])}).status_code == 404
    assert now(items[0]).state == "open"
    assert stranger.get(f"/p/harbor/work/{items[0].pk}/").status_code == 404


def test_an_items_page_tells_its_history_and_links_to_what_it_is_about(items, manager):
    manager.send("work/comment/", {"item": ids(items[:1]), "note": "Asked on the phone"})
    page = manager.at(f"work/{items[0].pk}/").content.decode()
    assert "Mara Mendez wrote: Asked on the phone" in page
    assert f"/settings/locations/{items[0].ref.record_id}/" in page


def test_a_reminder_about_a_record_is_made_on_its_form(items, manager):
    record = f"practice.location:{items[0].ref.record_id}"
    assert "About Site 0" in manager.at("work/new/", record=record).content.decode()
    assert manager.send("work/new/", {"title": "", "record": record}).status_code == 422
    answer = manager.send("work/new/", {"title": "Paint the wall", "record": record, "due_on": ""})
    assert answer["Location"].endswith(f"/locations/{items[0].ref.record_id}/")
    for wrong in ("practice.location:x", "x", "auth.user:01890000-0000-7000-8000-000000000000"):
        assert manager.at("work/new/", record=wrong).status_code == 404


def test_a_records_own_page_shows_what_waits_about_it(items, manager, biller):
    page = manager.at(f"settings/locations/{items[0].ref.record_id}/").content.decode()
    assert f"/work/{items[0].pk}/" in page
    assert f"work/new/?record=practice.location:{items[0].ref.record_id}" in page
    assert f"/work/{items[1].pk}/" not in page


def test_the_managers_page_shows_everybodys_load_and_hands_it_over(items, manager, biller):
    bill, mara = actor_named("biller").membership_id, actor_named("manager").membership_id
    with in_practice(actor_named("owner")) as actor:
        work_desk.assign(items, to=Membership.objects.get(pk=bill), actor=actor)
    page = manager.at("work/people/").content.decode()
    assert "3 open items" in page
    assert "Bill Brand" in page
    assert biller.at("work/people/").status_code == 403
    assert manager.send(f"work/people/{bill}/hand-over/", {}).status_code == 422
    assert manager.send(f"work/people/{bill}/hand-over/", {"to": str(mara)}).status_code == 302
    assert {now(item).owner_id for item in items} == {mara}
