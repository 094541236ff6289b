"""Words are read as they stood on the page: a change that matters asks again, also whoever had the old ones open."""

import pytest

from kit.errors import Conflict, DomainError
from practice.models import AnnouncementReceipt, AnnouncementVersion, Notice
from practice.selectors import announcements as found
from practice.services import announcements

pytestmark = pytest.mark.django_db
BUTTON = "I have read this"


@pytest.fixture
def made(acting):
    with acting("manager") as actor:
        return announcements.announce(title="Doors", text="Side door", actor=actor)


def change(acting, announcement, **values):
    with acting("manager") as actor:
        return announcements.change(announcement, actor=actor, **values)


def read(visitor, announcement, version):
    return visitor.send(f"announcements/{announcement.pk}/read/", {"version": str(version)}, follow=True)


def receipts(acting):
    with acting("manager"):
        return list(AnnouncementReceipt.objects.order_by("version").values_list("version", "confirmed"))


def test_a_change_that_matters_asks_again_and_another_does_not(front_desk, made, acting):
    read(front_desk, made, 1)
    change(acting, made, text="Side door.")
    assert BUTTON not in front_desk.at("work/").content.decode()
    change(acting, made, text="Back door", material=True)
    page = front_desk.at("work/").content.decode()
    assert BUTTON in page
    assert 'name="version" value="3"' in page
    with acting("manager"):
        kept = AnnouncementVersion.objects.order_by("number").values_list("number", "text", "material")
        assert list(kept) == [(1, "Side door", True), (2, "Side door.", False), (3, "Back door", True)]
        assert Notice.objects.filter(member__user__name="Fay Flores").count() == 2
    read(front_desk, made, 3)
    assert receipts(acting) == [(1, False), (3, False)]


def test_an_idle_page_confirms_only_the_words_it_showed(front_desk, made, acting):
    change(acting, made, text="Side door.")
    read(front_desk, made, 1)
    assert receipts(acting) == [(1, False)]
    assert BUTTON not in front_desk.at("work/").content.decode()
    change(acting, made, text="Back door", material=True)
    page = read(front_desk, made, 2).content.decode()
    assert "changed while you had it open" in page
    assert BUTTON in page
    assert receipts(acting) == [(1, False)]


@pytest.mark.parametrize("version", ["", "0", "2", "99999999999", "-1", "x", "\u0661"])
def test_a_version_that_there_is_not_is_not_read(front_desk, made, acting, version):
    assert "no such version" in read(front_desk, made, version).content.decode()
    assert receipts(acting) == []


def test_an_idle_page_is_told_of_what_was_withdrawn(front_desk, made, acting):
    with acting("manager") as actor:
        announcements.withdraw(made, actor=actor)
    assert "was withdrawn" in read(front_desk, made, 1).content.decode()
    page = front_desk.at(f"announcements/{made.pk}/read/").content.decode()
    assert "What it said no longer holds" in page
    assert "Side door" not in page
    assert receipts(acting) == []


def test_to_want_it_confirmed_asks_again(front_desk, made, acting):
    read(front_desk, made, 1)
    change(acting, made, must_confirm=True)
    assert "I have read and understood this" in front_desk.at("work/").content.decode()
    change(acting, made, must_confirm=True)
    read(front_desk, made, 2)
    assert receipts(acting) == [(1, False), (2, True)]
    with acting("manager") as actor:
        assert found.receipts_left(made.__class__.objects.get(), actor=actor)[0] == 1


def test_the_edit_page_keeps_days_and_receivers(manager, made, acting):
    page = manager.at(f"announcements/{made.pk}/edit/").content.decode()
    assert "Ask everybody to read it again" in page
    form = {"title": "Doors", "text": "", "version": "x"}
    assert manager.send(f"announcements/{made.pk}/edit/", form).status_code == 422
    with acting("manager") as actor:
        made.refresh_from_db()
        assert (made.version, made.text) == (1, "Side door")
        announcements.withdraw(made, actor=actor)
        with pytest.raises(Conflict):
            announcements.change(made, text="Back door", actor=actor)
        with pytest.raises(DomainError):
            announcements.announce(title=" ", text="x", actor=actor)
