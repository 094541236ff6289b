"""Two tabs of one browser in two practices: whatever the order of clicks, each write lands where it was meant."""

import random

import pytest
from django.conf import settings
from django.test import Client

from practice.actor import system_actor
from practice.models import Location, Practice, User
from practice.services.people import admit
from practice.transactions import acting_in
from tests.cast import owner_cursor
from tests.faults.amounts import amount
from tests.faults.load import Crew, ask
from tests.faults.product import product

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
INTERLEAVINGS = amount(30, 1000)
SLUGS = ("harbor", "summit")


def browser_of_a_member_of_both():
    """One session cookie of a person who manages both practices."""
    user = User.objects.create_user("both@example.com", password="a-long-passphrase", name="Beth Both")
    for slug in SLUGS:
        practice = Practice.objects.get(slug=slug)
        actor = system_actor(practice_id=practice.id)
        with acting_in(practice.id, actor=actor):
            admit(user, roles=["manager"], actor=actor)
            Location.objects.create(practice=practice, name=f"mark-{slug}")
    client = Client()
    client.force_login(user)
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}


def csrf_of(address, *, cookie):
    """The session's token as a page carries it: one for both tabs."""
    page = ask(address, "GET", "/p/harbor/settings/locations/new/", headers={**cookie, "Accept": "text/html"})
    assert page.status == 200, page.text[:500]
    return page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_a_thousand_interleavings_write_nothing_into_the_other_practice(evidence):
    cookie, crew = browser_of_a_member_of_both(), Crew(threads=2)
    with product() as running:
        address = running.web()
        sent = {**cookie, "X-CSRFToken": csrf_of(address, cookie=cookie)}

        def tab(number, line):
            """A click or two in one tab while the other tab does the same in the other practice."""
            rng = random.Random(number)
            slug = SLUGS[number % 2]
            other = SLUGS[1 - number % 2]
            for _ in range(rng.randint(0, 1)):
                look = ask(address, "GET", f"/p/{slug}/settings/locations/", headers=cookie, kept=line)
                mine = any(word in look.text for word in (f"mark-{slug}", f"{slug}-tab-"))
                theirs = any(word in look.text for word in (f"mark-{other}", f"{other}-tab-"))
                own = look.status == 200 and mine and not theirs
                crew.note("read", wrong="" if own else f"tab {slug} read: {look.status}")
            body = {
                "name": f"{slug}-tab-{number}",
                "timezone": "America/New_York",
                "place_of_service": "11",
                "is_active": True,
            }
            made = ask(
                address, "POST", f"/p/{slug}/api/v1/settings/locations/", body=body, headers=sent, kept=line
            )
            crew.note("write", wrong="" if made.status == 201 else f"{slug}: {made.status} {made.text[:200]}")

        crew.run(tab, total=2 * INTERLEAVINGS, address=address)
    assert crew.wrong == []
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE l.name LIKE p.slug || '-tab-%'), "
            "count(*) FILTER (WHERE l.name NOT LIKE p.slug || '-tab-%') FROM practice_location l "
            "JOIN practice_practice p ON p.id = l.practice_id WHERE l.name LIKE '%-tab-%'"
        )
        own, crossed = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM practice_auditchange a JOIN practice_location l ON l.id = a.row_id "
                       "WHERE a.practice_id <> l.practice_id")  # fmt: skip
        trails = cursor.fetchone()[0]
    assert (own, crossed, trails) == (2 * INTERLEAVINGS, 0, 0)
    evidence(interleavings=INTERLEAVINGS, writes=own, cross_writes=crossed)
