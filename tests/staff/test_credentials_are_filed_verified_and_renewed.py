"""Credentials: what is refused changes nothing, and a renewal never rewrites the past."""

import re
from datetime import UTC, date, datetime

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Practice
from staff.models import Credential
from staff.selectors.credentials import licence_covers
from staff.services import credentials
from tests.staff.samples import make_credentials, make_employees, make_providers

NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def still_clock():
    with clock.at(NOON):
        yield


def rows():
    return list(Credential.objects.order_by("id").values())


def test_a_licence_needs_its_state(acting):
    with acting("owner") as actor:
        person = make_employees(actor, 1)[0]
        with pytest.raises(DomainError) as refused:
            credentials.add(actor=actor, employee=person, kind="license", number="1")
        assert refused.value.field == "state"
        assert rows() == []


def test_it_cannot_end_before_it_began(acting):
    with acting("owner") as actor:
        person = make_employees(actor, 1)[0]
        with pytest.raises(DomainError) as refused:
            credentials.add(
                actor=actor, employee=person, kind="cpr",
                issued_on=date(2026, 3, 4), expires_on=date(2026, 3, 3),
            )  # fmt: skip
        assert refused.value.field == "expires_on"
        assert rows() == []


def test_verifying_notes_source_and_day_and_a_corrected_number_must_be_verified_again(acting):
    with acting("owner") as actor:
        made = make_credentials(actor, 1)[0]
        credentials.verify(made, actor=actor, source="State board")
        made.refresh_from_db()
        assert (made.verified_source, made.verified_on) == ("State board", date(2026, 3, 4))
        credentials.change(made, actor=actor, number="other")
        made.refresh_from_db()
        assert (made.number, made.verified_source, made.verified_on) == ("other", "", None)


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"source": "  "}, "source"), ({"source": "Board", "verified_on": date(2026, 3, 5)}, "verified_on")],
)
def test_a_verification_without_source_or_from_the_future_is_refused(acting, answers, field):
    with acting("owner") as actor:
        made = make_credentials(actor, 1)[0]
        before = rows()
        with pytest.raises(DomainError) as refused:
            credentials.verify(made, actor=actor, **answers)
        assert refused.value.field == field
        assert rows() == before


def test_a_renewal_must_last_longer_and_happens_once(acting):
    with acting("owner") as actor:
        made = make_credentials(actor, 1)[0]
        before = rows()
        with pytest.raises(DomainError):
            credentials.renew(made, actor=actor, expires_on=made.expires_on)
        assert rows() == before
        credentials.renew(made, actor=actor, expires_on=date(2045, 1, 1))
        after = rows()
        with pytest.raises(Conflict):
            credentials.renew(made, actor=actor, expires_on=date(2046, 1, 1))
        with pytest.raises(Conflict):
            credentials.change(made, actor=actor, number="2")
        assert rows() == after


def test_a_licence_covers_the_days_of_the_row_that_was_in_force(acting):
    with acting("owner") as actor:
        provider = make_providers(actor, 1)[0]
        old = credentials.add(
            actor=actor, employee=provider.employee, kind="license", state="NY",
            issued_on=date(2024, 1, 1), expires_on=date(2025, 12, 31),
        )  # fmt: skip
        credentials.renew(old, actor=actor, issued_on=date(2026, 2, 1), expires_on=date(2028, 1, 31))
        covered = {
            day: licence_covers(provider.pk, day=day)
            for day in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 15),
                        date(2026, 2, 1), date(2028, 2, 1))
        }  # fmt: skip
        assert list(covered.values()) == [False, True, True, False, True, False]


def test_another_kind_of_paper_covers_nothing(acting):
    with acting("owner") as actor:
        provider = make_providers(actor, 1)[0]
        credentials.add(actor=actor, employee=provider.employee, kind="board", expires_on=date(2030, 1, 1))
        assert not licence_covers(provider.pk, day=date(2026, 3, 4))


def test_the_front_desk_may_not_file_credentials(acting):
    with acting("owner") as actor:
        person = make_employees(actor, 1)[0]
    with acting("front_desk") as actor, pytest.raises(Forbidden):
        credentials.add(actor=actor, employee=person, kind="cpr", expires_on=date(2030, 1, 1))
    with acting("owner"):
        assert rows() == []


def test_another_practice_does_not_find_it(stranger, acting):
    with acting("owner") as actor:
        made = make_credentials(actor, 1)[0]
    assert stranger.at(f"staff/credentials/{made.pk}/").status_code == 404
    harbor = Practice.objects.get(slug="harbor")
    assert stranger.get(f"/p/{harbor.slug}/staff/credentials/").status_code == 404


def test_the_page_renews_and_says_what_is_left(owner, acting):
    with acting("owner") as actor:
        made = make_credentials(actor, 1)[0]
    page = owner.at(f"staff/credentials/{made.pk}/")
    assert re.search(r">[\d,]+ days left</span>", page.content.decode())
    answer = owner.send(f"staff/credentials/{made.pk}/do/renew/", {"expires_on": "01/01/2045"})
    assert answer.status_code == 302
    with acting("owner"):
        assert Credential.objects.count() == 2
        assert Credential.objects.get(pk=made.pk).replaced_by.expires_on == date(2045, 1, 1)
