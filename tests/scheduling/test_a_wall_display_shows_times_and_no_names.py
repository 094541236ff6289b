"""A wall display: one location, one address, no names; ended by hand, by time, with its maker."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kit import clock
from practice.models import Location, Membership, TokenLookup, WallDisplay
from practice.services import displays
from practice.services.people import end_membership
from scheduling.rules import minutes_late
from scheduling.services import appointments
from tests.cast import Visitor, actor_named, in_practice
from tests.scheduling.clinic import make_clinic
from tests.security.test_no_address_shows_another_practice import practice_addresses
from tests.tiers import share

pytestmark = pytest.mark.django_db
SETTINGS = "settings/displays/"


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


@pytest.fixture
def screen(site):
    """A display of the site, made by the manager: its row and the path of its address."""
    with in_practice(actor_named("manager")) as actor:
        row, raw = displays.make("Lobby screen", location=site.site, days=30, actor=actor)
    return row, f"/p/harbor/wall/{raw}/"


@pytest.fixture
def tv():
    return Visitor(slug="harbor")


def test_a_clean_browser_sees_the_flow_by_provider_and_nobodys_name(site, screen, tv):
    with in_practice(site.actor):
        patient = site.patient("Famous", "Fred")
        visit = site.book(patient)
        appointments.arrive(visit, actor=site.actor)
    with clock.at(visit.starts_at + timedelta(minutes=22)):
        page = tv.get(screen[1])
    text = page.content.decode()
    assert page.status_code == 200
    assert str(visit.provider) in text
    assert "running about <b>20 minutes</b> late" in text
    for secret in ("Famous", "Fred", patient.mrn, str(patient.pk), str(visit.pk), str(visit.type)):
        assert secret not in text
    assert "Set-Cookie" not in page.headers
    assert page["Referrer-Policy"] == "no-referrer"
    assert screen[1].split("/")[4] not in text


def test_a_poll_gets_the_middle_and_304_when_nothing_has_changed(site, screen, tv):
    whole = tv.get(screen[1])
    day = re.search(r"\?day=([\d-]+)", whole.content.decode())[1]
    poll = tv.get(screen[1], {"day": day}, headers={"HX-Request": "true"})
    assert "<html" not in poll.content.decode()
    again = tv.get(screen[1], {"day": day}, headers={"HX-Request": "true", "If-None-Match": poll["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "HX-Refresh" not in again.headers
    other = tv.get(screen[1], {"day": "2020-01-01"}, headers={"HX-Request": "true"})
    assert other["HX-Refresh"] == "true"


def test_its_address_opens_nothing_else(screen, tv):
    """Every other address, with the secret as a token, as a slug, behind its own address."""
    secret = screen[1].split("/")[4]
    opened = []
    for name, route, _ in share(practice_addresses(), one_in=4):
        if name == "scheduling:wall" or "<" in route.replace("<slug:practice>", ""):
            continue
        path = "/" + route.replace("<slug:practice>", "harbor")
        answers = (
            tv.get(path),
            tv.get(path, headers={"Authorization": f"Bearer {secret}"}),
            tv.get(f"{screen[1]}{path.removeprefix('/p/harbor/')}x"),
        )
        told = [(path, answer.status_code, answer.headers.get("Location", "")) for answer in answers]
        opened += [each for each in told if each[1] not in (302, 401, 404) or each[2].startswith("/p/")]
    assert opened == []
    assert tv.post(screen[1]).status_code in (403, 405)


def test_unknown_foreign_ended_and_old_ones_answer_404(site, screen, tv):
    row, path = screen
    assert tv.get("/p/harbor/wall/nonsense/").status_code == 404
    assert tv.get(path.replace("harbor", "summit")).status_code == 404
    with clock.at(row.expires_at):
        assert tv.get(path).status_code == 404
    with clock.at(row.expires_at - timedelta(seconds=1)):
        assert tv.get(path).status_code == 200
    with in_practice(actor_named("manager")) as actor:
        displays.revoke(row, actor=actor)
    assert tv.get(path).status_code == 404


def test_ending_its_makers_membership_ends_it(screen, tv):
    row, path = screen
    with in_practice(actor_named("owner")) as actor:
        end_membership(Membership.objects.get(user__email="manager@harbor.example"), actor=actor)
        assert WallDisplay.objects.get(pk=row.pk).revoked_at is not None
    assert tv.get(path).status_code == 404
    assert not TokenLookup.objects.filter(row_id=row.pk).exists()


def test_a_signed_in_browser_is_a_display_there_and_nothing_more(screen, owner):
    page = owner.get(screen[1]).content.decode()
    assert "Olive" not in page
    assert owner.get("/p/harbor/wall/nonsense/").status_code == 404


def test_the_settings_page_shows_the_address_once_and_ends_a_display(site, manager):
    form = {"name": "Lobby screen", "location": str(site.site.pk), "days": "30"}
    made = manager.send(f"{SETTINGS}new/", form).content.decode()
    raw = re.search(r"/p/harbor/wall/([\w-]{43})/", made)[1]
    assert raw not in manager.at(SETTINGS).content.decode()
    tv = Visitor(slug="harbor")
    assert tv.get(f"/p/harbor/wall/{raw}/").status_code == 200
    with in_practice(actor_named("manager")):
        row = WallDisplay.objects.get()
        assert raw not in str(vars(row))
    assert manager.send(f"{SETTINGS}{row.pk}/do/revoke/").status_code == 302
    assert tv.get(f"/p/harbor/wall/{raw}/").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"location": ""}, {"days": "0"}, {"days": "731"}],
    ids=lambda change: next(iter(change)),
)
def test_a_display_needs_a_name_a_location_and_days(site, manager, change):
    form = {"name": "Lobby screen", "location": str(site.site.pk), "days": "30", **change}
    assert manager.send(f"{SETTINGS}new/", form).status_code == 422
    with in_practice(actor_named("manager")):
        assert WallDisplay.objects.count() == 0


def test_who_may_not_make_displays_neither_makes_nor_ends_one(site, screen, front_desk, stranger, tv):
    form = {"name": "Mine", "location": str(site.site.pk), "days": "30"}
    assert front_desk.send(f"{SETTINGS}new/", form).status_code == 403
    assert front_desk.send(f"{SETTINGS}{screen[0].pk}/do/revoke/").status_code == 403
    assert stranger.send(f"{SETTINGS}{screen[0].pk}/do/revoke/").status_code == 404
    assert "Lobby screen" not in stranger.at(SETTINGS).content.decode()
    assert tv.get(screen[1]).status_code == 200


def test_it_shows_its_own_location_only(site, screen, tv):
    with in_practice(actor_named("manager")) as actor:
        Location.objects.create(
            practice_id=actor.practice_id, name="Elsewhere Office", timezone="America/New_York"
        )
    assert "Elsewhere" not in tv.get(screen[1]).content.decode()


def test_late_is_told_in_steps_from_the_earliest_who_waits():
    now = timezone.now()
    ago = [now - timedelta(minutes=minutes) for minutes in (4, 23, 11)]
    assert minutes_late(now=now, waiting=ago) == 20
    assert minutes_late(now=now, waiting=ago[:1]) == 0
    assert minutes_late(now=now, waiting=[now + timedelta(minutes=30)]) == 0
    assert minutes_late(now=now, waiting=[]) == 0
