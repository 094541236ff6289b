"""An announcement waits above the work of whom it is for until they say that they have read it as it is now."""

from datetime import timedelta

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Announcement, AnnouncementReceipt, AnnouncementVersion, Membership, Notice, Role
from practice.selectors.days import practice_today
from practice.services import announcements, people

pytestmark = pytest.mark.django_db
BUTTON = "Got it"


def announce(acting, **values):
    with acting("manager") as actor:
        return announcements.announce(actor=actor, **{"title": "Doors", "text": "Side <door>\nonly"} | values)


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
        assert front_desk.send(f"announcements/{made.pk}/read/").status_code == 302
    assert BUTTON not in front_desk.at("work/").content.decode()
    with acting("manager"):
        assert AnnouncementReceipt.objects.count() == 1


def test_only_its_roles_and_days_see_it(front_desk, biller, stranger, acting):
    with acting("manager") as actor:
        role, today = Role.objects.get(code="biller"), practice_today(actor)
    made = announce(acting, roles=[role])
    later = announce(acting, title="Later", from_on=today + timedelta(days=3))
    assert BUTTON in biller.at("work/").content.decode()
    assert BUTTON not in front_desk.at("work/").content.decode()
    for visitor, announcement in ((front_desk, made), (stranger, made), (biller, later)):
        assert visitor.at(f"announcements/{announcement.pk}/").status_code == 404
        assert visitor.send(f"announcements/{announcement.pk}/read/").status_code == 404
    assert names(acting) == ["Bill Brand"]
    with acting("manager"):
        assert not AnnouncementReceipt.objects.exists()


def test_who_announces_sees_who_has_and_who_has_not(manager, front_desk, acting):
    made = announce(acting, must_confirm=True)
    front_desk.send(f"announcements/{made.pk}/read/")
    with acting("manager") as actor:
        gone = Membership.objects.select_related("user").get(user__name="Percy Park")
        people.end_membership(gone, reason="Left", actor=actor)
    page = manager.at(f"announcements/{made.pk}/").content.decode()
    assert "Has read it (1)" in page
    assert "Has not read it (3)" in page
    assert "Has not read it" not in front_desk.at(f"announcements/{made.pk}/").content.decode()


def test_a_change_that_matters_asks_again_and_another_does_not(front_desk, acting):
    made = announce(acting)
    here = f"announcements/{made.pk}/read/"
    front_desk.send(here)
    with acting("manager") as actor:
        announcements.change(made, text="Side door only.", actor=actor)
    assert BUTTON not in front_desk.at("work/").content.decode()
    with acting("manager") as actor:
        announcements.change(made, text="Back door only.", material=True, actor=actor)
        assert [each.number for each in AnnouncementVersion.objects.order_by("number")] == [1, 2, 3]
    assert BUTTON in front_desk.at("work/").content.decode()


def test_a_reminder_goes_to_those_who_have_not_read_it(front_desk, acting):
    made = announce(acting)
    front_desk.send(f"announcements/{made.pk}/read/")
    before = names(acting)
    for _ in range(2):
        with acting("manager") as actor:
            announcements.remind(made, actor=actor)
    assert sorted([*before, "Bill Brand", "Olive Owens", "Percy Park"]) == names(acting)


def test_what_is_refused_changes_nothing(front_desk, acting):
    made = announce(acting)
    assert front_desk.send("announcements/new/", {"title": "x", "text": "y"}).status_code == 403
    with acting("front_desk") as actor:
        for act in (announcements.remind, announcements.withdraw, announcements.change):
            with pytest.raises(Forbidden):
                act(made, actor=actor)
    with acting("manager") as actor:
        with pytest.raises(DomainError):
            announcements.change(made, until_on=made.from_on - timedelta(days=1), actor=actor)
        announcements.withdraw(made, actor=actor)
        with pytest.raises(Conflict):
            announcements.remind(made, actor=actor)
    assert BUTTON not in front_desk.at("work/").content.decode()
