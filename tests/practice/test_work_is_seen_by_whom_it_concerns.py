"""Who sees an item: by permission, site, role, and whether they may see whom it is about (docs/adr/0009)."""

from datetime import date

import pytest

from kit.errors import DomainError
from patients.services import complaints, patients
from practice.models import Membership, MembershipLocation, WorkItem
from practice.selectors import work as found
from practice.services import places, work_desk
from practice.services.work import open_item
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


def titles(who):
    actor = actor_named(who)
    with in_practice(actor):
        return set(found.visible_to(actor).values_list("title", flat=True))


def at_site(who, site):
    key = actor_named(who).membership_id
    with in_practice(actor_named("owner")) as actor:
        member = Membership.objects.get(pk=key)
        MembershipLocation.objects.create(practice_id=actor.practice_id, membership=member, location=site)


@pytest.fixture
def two_sites(acting):
    with acting("owner") as actor:
        sites = [places.add_location(actor=actor, name=name) for name in ("Main", "River")]
        for site in sites:
            work_desk.add(title=f"Paint {site}", location=site, actor=actor)
            record = open_item(
                "practice.job_failed", record=site, title=f"Look at {site}", permission="practice.view_work",
                location=site, actor=actor,
            )  # fmt: skip
            WorkItem.objects.filter(pk=record.pk).update(role=None)
        work_desk.add(title="Everywhere", actor=actor)
        WorkItem.objects.filter(kind="practice.reminder").update(owner=None)
    return sites


def test_who_works_at_one_site_sees_no_title_of_another(two_sites, front_desk, owner):
    at_site("front_desk", two_sites[0])
    assert titles("front_desk") == {"Look at Main", "Paint Main", "Everywhere"}
    page = front_desk.at("work/").content.decode()
    assert "Look at Main" in page
    assert "River" not in page
    assert "Paint River" in owner.at("work/?view=all").content.decode()
    with in_practice(actor_named("owner")):
        hidden = WorkItem.objects.get(title="Look at River")
    assert front_desk.at(f"work/{hidden.pk}/").status_code == 404
    assert front_desk.get(f"/p/harbor/api/v1/work-items/{hidden.pk}/").status_code == 404


def test_nobody_gets_what_they_could_not_see(two_sites, acting):
    at_site("front_desk", two_sites[0])
    fay = actor_named("front_desk").membership_id
    with acting("owner") as actor:
        river = WorkItem.objects.get(title="Look at River")
        with pytest.raises(DomainError, match="may not see"):
            work_desk.assign([river], to=Membership.objects.get(pk=fay), actor=actor)
        assert WorkItem.objects.get(pk=river.pk).owner_id is None


def test_the_site_follows_from_the_record(acting):
    with acting("owner") as actor:
        site = places.add_location(actor=actor, name="Main")
        room = places.add_room(actor=actor, location=site, name="Room 1")
        made = open_item(
            "practice.job_failed", record=room, title="x", permission="practice.view_work", actor=actor
        )
    assert made.location_id == site.pk


def test_what_people_write_about_a_hidden_patient_is_hidden_with_them(acting, front_desk, manager):
    with acting("manager") as actor:
        person = patients.register(
            actor=actor, first_name="Fiona", last_name="Famous", birth_date=date(1980, 3, 4)
        )
        work_desk.add(title="Call Fiona Famous", record=person, actor=actor)
        complaint = complaints.receive(
            actor=actor, channel="phone", category="access", summary="Waited", patient=person
        )
        WorkItem.objects.update(owner=None, role=None, made_by=None)
        assert {item.subject.record_id for item in WorkItem.objects.all()} == {person.pk}
    assert len(titles("front_desk")) == 2
    with acting("manager") as actor:
        patients.restrict(person, reason="In the public eye", actor=actor)
    assert titles("front_desk") == {f"{complaint} (access and waiting): acknowledge"}, (
        "the program's own words name nobody"
    )
    page = front_desk.at("work/").content.decode()
    assert "Famous" not in page
    assert str(person.pk) not in page
    listed = front_desk.get("/p/harbor/api/v1/work-items/").content.decode()
    assert "Famous" not in listed
    assert "Call Fiona Famous" in manager.at("work/?view=roles").content.decode()


def test_an_auditor_reads_and_does_nothing(acting, two_sites):
    from practice.models import MembershipRole, Role, User
    from practice.services.people import admit
    from tests.cast import Visitor

    with acting("owner") as actor:
        user = User.objects.create(email="aud@harbor.example", name="Audrey")
        admit(user, roles=["auditor"], actor=actor)
        assert MembershipRole.objects.filter(role=Role.objects.get(code="auditor")).exists()
        item = WorkItem.objects.get(title="Look at Main")
    visitor = Visitor(slug="harbor")
    visitor.force_login(user)
    assert "Look at River" in visitor.at("work/?view=all").content.decode()
    assert visitor.send("work/take/", {"item": str(item.pk)}).status_code == 403
    assert visitor.at("work/new/").status_code == 403
