"""Calendar addresses: RFC 5545 to the letter, busy times without names, ETags, revoked, renewed, ended with members."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import TokenLookup
from practice.services import people
from scheduling.models import CalendarFeed
from scheduling.rules.ical import OCTETS, Event, calendar, escaped, folded, stamp
from scheduling.services import appointments, feeds
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)


def unfolded(text):
    return text.replace("\r\n ", "")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=400))
def test_folding_loses_nothing_cuts_no_letter_and_keeps_to_75_octets(text):
    line = f"SUMMARY:{text}"
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= OCTETS for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert unfolded(folded(line)) == line


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150, 151])
def test_a_line_is_folded_when_it_is_too_long_and_not_before(length):
    assert len(folded("x" * length).split("\r\n")) == (1 if length <= 75 else 2 if length <= 149 else 3)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_out_of_its_line(text):
    said = escaped(text)
    assert not {"\r", "\n", "\x00", "\x7f"} & set(said)
    bare = said.replace("\\\\", "").replace("\\;", "").replace("\\,", "").replace("\\n", "")
    assert not {"\\", ";", ","} & set(bare)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a,b;c\\d", "a\\,b\\;c\\\\d"), ("one\r\ntwo\nthree", "one\\ntwo\\nthree"), ("\x07x", "x")],
)
def test_marks_are_escaped(text, expected):
    assert escaped(text) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", "20260308T130000Z"),
        ("America/Phoenix", "20260308T160000Z"),
        ("UTC", "20260308T090000Z"),
    ],
)
def test_times_go_out_in_utc_on_the_night_the_clocks_change(zone, expected):
    assert stamp(datetime(2026, 3, 8, 9, 0, tzinfo=ZoneInfo(zone))) == expected


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        stamp(datetime(2026, 3, 8, 9, 0))


def test_a_calendar_is_framed_as_rfc_5545_asks():
    event = Event(
        uid="1@x", sequence=3, starts_at=MORNING, ends_at=MORNING + timedelta(minutes=20), changed_at=MORNING,
        summary="Busy (fu)", state="CANCELLED",
    )  # fmt: skip
    text = calendar([event], name="Schedule of P. Lee, MD", refresh_minutes=30)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wellrun//Schedule//EN"]
    assert "X-WR-CALNAME:Schedule of P. Lee\\, MD" in lines
    inside = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert inside[1:] == [
        "UID:1@x", "DTSTAMP:20260309T140000Z", "LAST-MODIFIED:20260309T140000Z", "SEQUENCE:3",
        "DTSTART:20260309T140000Z", "DTEND:20260309T142000Z", "SUMMARY:Busy (fu)", "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT", "CLASS:PRIVATE",
    ]  # fmt: skip
    assert calendar([event], name="Schedule of P. Lee, MD", refresh_minutes=30) == text


@pytest.fixture
def read(acting, seven):
    """A clinic with a feed of its first provider, made by the physician, and its address."""
    with acting("manager") as actor:
        clinic = make_clinic(actor)
    with acting("physician") as actor:
        clinic.feed, raw = feeds.make("Phone", provider=clinic.providers[0], actor=actor)
    clinic.address = f"/c/{raw}/calendar.ics"
    return clinic


def fetch(clinic, **extra):
    return Client().get(clinic.address, **extra)


def events(clinic):
    """Each event of the feed as a dict of its lines."""
    found = unfolded(fetch(clinic).content.decode()).split("BEGIN:VEVENT\r\n")[1:]
    return [dict(line.split(":", 1) for line in each.split("\r\n") if ":" in line) for each in found]


def test_the_feed_shows_busy_times_and_nobodys_name(read):
    with in_practice(read.actor):
        visit = read.book(starts_at=at(9), reason="Rash", kind="pe")
        read.book(starts_at=at(9), provider=1)
    answer = fetch(read)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    (event,) = events(read)
    assert event["UID"].startswith(f"{visit.pk}@")
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == ("Busy (pe)", "CONFIRMED", "0")
    assert (event["DTSTART"], event["DTEND"]) == ("20260302T140000Z", "20260302T144000Z")
    for secret in ("Doe", "Jane", "Rash", "Physical", "Main Street", "1980"):
        assert secret not in answer.content.decode()


def test_a_change_keeps_the_uid_and_raises_the_sequence(read):
    with in_practice(read.actor) as actor:
        visit = read.book(starts_at=at(9))
        before = visit.pk
        appointments.move(visit, starts_at=at(14), actor=actor)
    (event,) = events(read)
    assert (event["UID"].split("@")[0], event["SEQUENCE"], event["DTSTART"]) == (
        str(before),
        "1",
        "20260302T190000Z",
    )


def test_a_cancelled_visit_is_told_as_cancelled(read):
    with in_practice(read.actor) as actor:
        appointments.cancel(read.book(starts_at=at(9)), by="practice", reason="Away", actor=actor)
    (event,) = events(read)
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", "1")


def test_what_a_calendar_has_already_is_not_sent_again(read):
    first = fetch(read)
    again = fetch(read, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert fetch(read, headers={"If-None-Match": f'"x", W/{first["ETag"]}'}).status_code == 304
    with in_practice(read.actor):
        read.book(starts_at=at(9))
    changed = fetch(read, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed["Cache-Control"] == "private, no-cache"


def test_a_calendar_only_reads(read):
    assert Client().post(read.address).status_code == 405
    assert Client().get(f"{read.address.rsplit('/', 1)[0]}/").status_code == 404


def test_revoked_renewed_and_unknown_addresses_answer_alike(read):
    unknown = Client().get("/c/never-was-one/calendar.ics")
    with in_practice(actor_named("physician")) as actor:
        _, raw = feeds.renew(read.feed, actor=actor)
    old = fetch(read)
    read.address = f"/c/{raw}/calendar.ics"
    assert fetch(read).status_code == 200
    with in_practice(actor_named("physician")) as actor:
        feeds.revoke(read.feed, actor=actor)
        feeds.revoke(read.feed, actor=actor)
        with pytest.raises(Conflict):
            feeds.renew(read.feed, actor=actor)
    gone = fetch(read)
    assert {each.status_code for each in (unknown, old, gone)} == {404}
    assert len({each.content for each in (unknown, old, gone)}) == 1


def test_it_ends_with_its_makers_membership(read):
    with in_practice(actor_named("owner")) as owner:
        people.end_membership(read.feed.made_by, reason="Left", actor=owner)
    assert fetch(read).status_code == 404


def test_it_ends_with_the_providers_work_here(read):
    with in_practice(read.actor):
        type(read.providers[0]).objects.filter(pk=read.providers[0].pk).update(is_active=False)
    assert fetch(read).status_code == 404


def test_only_a_hash_of_the_address_is_kept(read):
    secret = read.address.split("/")[2]
    with in_practice(read.actor):
        assert secret not in str(CalendarFeed.objects.get().__dict__)
    assert TokenLookup.objects.get(row_id=read.feed.pk).kind == "calendar"


def test_who_may_not_make_one_makes_renews_and_revokes_none(read):
    with in_practice(actor_named("front_desk")) as desk:
        for act in (
            lambda: feeds.make("Mine", provider=read.providers[0], actor=desk),
            lambda: feeds.renew(read.feed, actor=desk),
            lambda: feeds.revoke(read.feed, actor=desk),
        ):
            with pytest.raises(Forbidden):
                act()
        assert CalendarFeed.objects.count() == 1
    assert fetch(read).status_code == 200


def test_one_that_says_nothing_is_refused(read):
    with in_practice(actor_named("physician")) as actor:
        with pytest.raises(DomainError) as error:
            feeds.make("  ", provider=read.providers[0], actor=actor)
        assert error.value.field == "name"
        assert CalendarFeed.objects.count() == 1


def test_the_address_is_shown_once(read, physician):
    page = physician.send(
        "scheduling/calendar-addresses/new/", {"name": "Tablet", "provider": str(read.providers[1].pk)}
    )
    assert "/c/" in page.content.decode()
    with in_practice(read.actor):
        made = CalendarFeed.objects.get(name="Tablet")
    shown = physician.at(f"settings/calendar-addresses/{made.pk}/").content.decode()
    assert "/calendar.ics" not in shown
    renewed = physician.send(f"scheduling/calendar-addresses/{made.pk}/renew/").content.decode()
    assert "/calendar.ics" in renewed


def test_days_far_off_are_left_out(read):
    with in_practice(read.actor):
        read.book(starts_at=at(9))
    with clock.at(at(9, day=MONDAY + timedelta(days=31))):
        assert events(read) == []
    with clock.at(at(9, day=date(2026, 3, 31))):
        assert len(events(read)) == 1
