"""An announcement waits above the work of whom it is for until they say that they have read it as it is now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Announcement, AnnouncementReceipt, Membership, Notice, Role
from practice.selectors.days import practice_today
from practice.services import announcements, people

pytestmark = pytest.mark.django_db
BUTTON = "I have read this"


def announce(acting, **values):
    with acting("manager") as actor:
        return announcements.announce(actor=actor, **{"title": "Doors", "text": "Side <door>\nonly"} | values)


def send(visitor, announcement, version=1):
    return visitor.send(f"announcements/{announcement.pk}/read/", {"version": str(version)})


def names(acting):
    with acting("manager"):
        told = Notice.objects.filter(kind="practice.announced")
        return sorted(told.values_list("member__user__name", flat=True))


def test_it_stands_above_the_work_until_it_is_read(manager, front_desk, acting):
    form = {"title": "Doors", "text": "Side <door>\nonly", "idempotency_key": "twice"}
    for _ in range(2):
        assert manager.send("announcements/new/", form).status_code == 302
    with acting("manager"):
        made = Announcement.objects.get()
    page = front_desk.at("work/").content.decode()
    assert "Side &lt;door&gt;<br>only" in page
    assert BUTTON in page
    for _ in range(2):
        assert front_desk.send(f"announcements/{made.pk}/read/", {"version": "1"}).status_code == 302
    assert BUTTON not in front_desk.at("work/").content.decode()
    with acting("manager"):
        assert AnnouncementReceipt.objects.count() == 1


def test_a_long_one_is_read_on_its_own_page_before_it_is_confirmed(front_desk, acting):
    made = announce(acting, text="Line\n" * 300 + "The end", must_confirm=True)
    page = front_desk.at("work/").content.decode()
    assert "Read it all" in page
    assert "understood" not in page
    assert "Read and confirm" in front_desk.at(f"announcements/{made.pk}/").content.decode()
    own = front_desk.at(f"announcements/{made.pk}/read/").content.decode()
    assert "The end" in own
    assert "I have read and understood this" in own
    send(front_desk, made)
    assert "Nothing is asked of you" in front_desk.at(f"announcements/{made.pk}/read/").content.decode()
    assert "Read and confirm" not in front_desk.at(f"announcements/{made.pk}/").content.decode()
    with acting("manager"):
        assert AnnouncementReceipt.objects.get().confirmed


def test_only_its_roles_and_days_see_it(front_desk, biller, stranger, acting):
    with acting("manager") as actor:
        role, today = Role.objects.get(code="biller"), practice_today(actor)
    made = announce(acting, roles=[role])
    later = announce(acting, title="Later", from_on=today + timedelta(days=3))
    past = announce(
        acting, title="Past", from_on=today - timedelta(days=3), until_on=today - timedelta(days=1)
    )
    assert BUTTON in biller.at("work/").content.decode()
    assert BUTTON not in front_desk.at("work/").content.decode()
    for visitor, announcement in ((front_desk, made), (stranger, made), (biller, later)):
        assert visitor.at(f"announcements/{announcement.pk}/").status_code == 404
        assert send(visitor, announcement).status_code == 404
    assert biller.at(f"announcements/{past.pk}/").status_code == 200
    assert names(acting) == ["Bill Brand"]
    with acting("manager"):
        assert not AnnouncementReceipt.objects.exists()


def test_an_address_of_another_practice_is_not_there(manager, stranger, acting):
    made = announce(acting)
    assert stranger.get(f"/p/harbor/announcements/{made.pk}/").status_code == 404
    assert stranger.post(f"/p/harbor/announcements/{made.pk}/read/", {"version": "1"}).status_code == 404
    for path in ("", "edit/", "do/withdraw/"):
        assert stranger.send(f"announcements/{made.pk}/{path}", {"title": "x"}).status_code in (404, 405)
    with acting("manager"):
        made.refresh_from_db()
        assert (made.title, made.withdrawn_at) == ("Doors", None)
        assert not AnnouncementReceipt.objects.exists()


def test_who_announces_sees_who_has_and_who_has_not(manager, front_desk, acting):
    made = announce(acting, must_confirm=True)
    send(front_desk, made)
    with acting("manager") as actor:
        gone = Membership.objects.select_related("user").get(user__name="Percy Park")
        people.end_membership(gone, reason="Left", actor=actor)
    page = manager.at(f"announcements/{made.pk}/").content.decode()
    assert "1 of 4 have read it as it is now" in page
    box = page[page.index("Who has not read it") :]
    assert "Fay Flores" not in box[: box.index("</section>")]
    assert "Percy Park" not in box
    assert "Fay Flores" in manager.at("announcements/receipts/export/csv/").content.decode()
    theirs = front_desk.at(f"announcements/{made.pk}/").content.decode()
    assert "have read it as it is now" not in theirs
    assert front_desk.at("announcements/receipts/").status_code == 403


def test_a_reminder_goes_to_those_who_have_not_read_it_once_a_day(manager, front_desk, acting):
    made = announce(acting)
    send(front_desk, made)
    before = names(acting)
    reminded = [manager.send(f"announcements/{made.pk}/do/remind/").status_code for _ in range(2)]
    assert reminded == [302, 422]
    assert sorted([*before, "Bill Brand", "Olive Owens", "Percy Park"]) == names(acting)


def test_nobody_is_reminded_of_what_is_not_shown_or_is_read_by_all(acting):
    with acting("manager") as actor:
        today = practice_today(actor)
        past = {"from_on": today - timedelta(days=3), "until_on": today - timedelta(days=1)}
        for days in ({"from_on": today + timedelta(days=1)}, past):
            made = announcements.announce(title="Doors", text="Shut", **days, actor=actor)
            with pytest.raises(Conflict):
                announcements.remind(made, actor=actor)
        mine = announcements.announce(
            title="Doors", text="Shut", roles=Role.objects.filter(code="manager"), actor=actor
        )
        announcements.mark_read(mine, version=1, actor=actor)
        with pytest.raises(DomainError):
            announcements.remind(mine, actor=actor)
        assert not Notice.objects.exists()


def test_what_is_planned_is_told_on_its_first_day(acting):
    with acting("manager") as actor:
        soon = practice_today(actor) + timedelta(days=2)
        announcements.announce(title="Soon", text="Wait", from_on=soon, actor=actor)
        assert announcements.tell_begun(actor=actor) == 0
        with clock.at(clock.now() + timedelta(days=2)):
            assert [announcements.tell_begun(actor=actor) for _ in range(2)] == [4, 0]
    assert names(acting) == ["Bill Brand", "Fay Flores", "Olive Owens", "Percy Park"]


def test_what_is_refused_changes_nothing(front_desk, acting):
    made = announce(acting)
    assert front_desk.send("announcements/new/", {"title": "x", "text": "y"}).status_code == 403
    with acting("front_desk") as actor:
        for act in (announcements.remind, announcements.withdraw, announcements.change):
            with pytest.raises(Forbidden):
                act(made, actor=actor)
        with pytest.raises(DomainError):
            announcements.mark_read(made, version=1, actor=replace(actor, kind="token"))
    with acting("manager") as actor:
        with pytest.raises(DomainError):
            announcements.change(made, until_on=made.from_on - timedelta(days=1), actor=actor)
        announcements.withdraw(made, actor=actor)
        with pytest.raises(Conflict):
            announcements.remind(made, actor=actor)
        assert not AnnouncementReceipt.objects.exists()
    assert BUTTON not in front_desk.at("work/").content.decode()
