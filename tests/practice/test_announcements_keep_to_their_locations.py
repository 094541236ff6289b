"""What is announced at a location reaches who works there; who works at some announces at those alone."""

from dataclasses import replace

import pytest

from kit.errors import Conflict, DomainError
from practice.models import Announcement, Location, Membership, MembershipLocation, Notice, Role
from practice.selectors import announcements as found
from practice.services import announcements, roles

pytestmark = pytest.mark.django_db
BUTTON = "I have read this"


@pytest.fixture
def sites(acting):
    with acting("owner") as actor:
        return [
            Location.objects.create(practice_id=actor.practice_id, name=name, timezone="America/New_York")
            for name in ("Pier", "Dune")
        ]


def put(acting, name, *sites):
    with acting("owner") as actor:
        member = Membership.objects.get(user__name=name)
        for site in sites:
            MembershipLocation.objects.create(practice_id=actor.practice_id, membership=member, location=site)


def announce(acting, who="owner", **values):
    with acting(who) as actor:
        return announcements.announce(title="Doors", text="Shut", actor=actor, **values)


def told(acting):
    with acting("owner"):
        return sorted(Notice.objects.values_list("member__user__name", flat=True))


def test_it_reaches_who_works_there_and_who_works_everywhere(front_desk, biller, sites, acting):
    pier, dune = sites
    put(acting, "Fay Flores", dune)
    put(acting, "Bill Brand", pier, dune)
    made = announce(acting, locations=[pier])
    assert told(acting) == ["Bill Brand", "Mara Mendez", "Percy Park"]
    assert BUTTON not in front_desk.at("work/").content.decode()
    assert BUTTON in biller.at("work/").content.decode()
    assert front_desk.at(f"announcements/{made.pk}/").status_code == 404
    assert front_desk.send(f"announcements/{made.pk}/read/", {"version": "1"}).status_code == 404
    with acting("owner") as actor:
        assert "Pier" in made.receivers
        assert [each.name for each in found.unread_by(made, actor=actor)] == [
            "Bill Brand", "Mara Mendez", "Olive Owens", "Percy Park",
        ]  # fmt: skip


def test_role_and_location_are_asked_together(sites, acting):
    pier, dune = sites
    put(acting, "Fay Flores", dune)
    with acting("owner"):
        desk = list(Role.objects.filter(code__in=("front_desk", "biller")))
    announce(acting, roles=desk, locations=[pier])
    assert told(acting) == ["Bill Brand"]


def test_who_works_at_some_announces_at_those_alone(manager, sites, acting):
    pier, dune = sites
    put(acting, "Mara Mendez", dune)
    with acting("owner") as actor:
        wide = announcements.announce(title="For all", text="x", actor=actor)
        theirs = announcements.announce(title="At the pier", text="x", locations=[pier], actor=actor)
    page = manager.at("announcements/?view=all").content.decode()
    assert "For all" in page
    assert "At the pier" not in page
    form = {"title": "Doors", "text": "Shut"}
    assert manager.send("announcements/new/", form).status_code == 422
    assert manager.send("announcements/new/", form | {"locations": [str(pier.pk)]}).status_code == 422
    assert manager.send("announcements/new/", form | {"locations": [str(dune.pk)]}).status_code == 302
    assert manager.send(f"announcements/{theirs.pk}/edit/", form).status_code == 404
    assert manager.send(f"announcements/{wide.pk}/do/withdraw/").status_code == 422
    with acting("manager") as actor:
        narrow = replace(actor, locations=frozenset({dune.pk}))
        for act in (announcements.remind, announcements.withdraw, announcements.change):
            with pytest.raises(DomainError):
                act(wide, actor=narrow)
        assert Announcement.objects.filter(withdrawn_at=None).count() == 3
        assert set(found.visible_to(narrow).values_list("title", flat=True)) == {"For all", "Doors"}


def test_a_role_that_is_announced_to_stays(acting):
    with acting("owner") as actor:
        mine = roles.add_role(name="Greeter", actor=actor)
        announcements.announce(title="Doors", text="Shut", roles=[mine], actor=actor)
        with pytest.raises(Conflict):
            roles.delete_role(mine, actor=actor)


def test_a_closed_location_stays_chosen_on_the_edit_page(manager, sites, acting):
    pier, _ = sites
    made = announce(acting, locations=[pier])
    with acting("owner"):
        Location.objects.filter(pk=pier.pk).update(is_active=False)
    form = {"title": "Doors", "text": "Open", "locations": [str(pier.pk)]}
    assert manager.send(f"announcements/{made.pk}/edit/", form).status_code == 302
    with acting("owner"):
        made = Announcement.objects.get()
        assert (made.text, made.locations) == ("Open", [pier.pk])
