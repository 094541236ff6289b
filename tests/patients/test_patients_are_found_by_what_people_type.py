from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from kit import listing, registry
from patients.rules import Search, phone_digits, read_search
from patients.selectors import patients as found
from patients.services import patients
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("Smith, J", Search(names=("smith", "j"))),
        ("smith 1980", Search(names=("smith",), born_in=1980)),
        ("03/04/1980", Search(born_on=date(1980, 3, 4))),
        ("(914) 555-0148", Search(phone="9145550148")),
        ("+1 914.555.0148", Search(phone="9145550148")),
        ("100214", Search(mrn="100214")),
        ("hv-2026-00042", Search(mrn="HV-2026-00042")),
        ("2026-00042", Search(mrn="2026-00042")),
        ("HV-100214", Search(mrn="HV-100214")),
        ("2026-03-04", Search(born_on=date(2026, 3, 4))),
        ("  ", Search()),
        ("%_';--", Search()),
    ],
)
def test_a_search_is_understood(text, understood):
    assert read_search(text) == understood


@pytest.mark.parametrize(
    ("text", "digits"), [("(914) 555-0148", "9145550148"), ("1-914-555-0148", "9145550148"), ("", "")]
)
def test_telephone_numbers_are_taken_in_any_form(text, digits):
    assert phone_digits(text) == digits


@pytest.fixture
def people(acting):
    with acting("manager") as actor:
        made = {}
        for first, last, born, phone in (
            ("Jane", "Smith", date(1980, 3, 4), "9145550101"),
            ("John", "Smithers", date(1975, 5, 6), "9145550102"),
            ("Smita", "Jones", date(1990, 1, 1), ""),
            ("Ann", "Van Dyke", date(1980, 7, 8), ""),
        ):
            made[last] = patients.register(
                actor=actor, first_name=first, last_name=last, birth_date=born, phone=phone
            )
        yield actor, made


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("smith", ["Smith", "Smithers"]),
        ("smith j", ["Smith", "Smithers"]),
        ("j smith", ["Smith", "Smithers"]),
        ("smith ja", ["Smith"]),
        ("smith 1980", ["Smith"]),
        ("05/06/1975", ["Smithers"]),
        ("914-555-0101", ["Smith"]),
        ("van dyke", ["Van Dyke"]),
        ("dyke", []),
        ("mith", []),
        ("", []),
    ],
)
def test_starts_of_names_dates_and_numbers_find_people(people, text, names):
    actor, _ = people
    assert [each.last_name for each in found.find(text, actor=actor)] == names


def test_the_record_number_finds_its_patient(people):
    actor, made = people
    assert found.find(made["Jones"].mrn, actor=actor) == [made["Jones"]]


def test_at_most_twenty_are_found(acting):
    with acting("manager") as actor:
        for number in range(25):
            patients.register(
                actor=actor, first_name=f"A{number}", last_name="Many", birth_date=date(1980, 1, 1)
            )
        assert len(found.find("many", actor=actor)) == 20


def test_erroneous_and_restricted_people_are_found_only_by_those_who_may(people):
    actor, made = people
    patients.restrict(made["Smith"], reason="Works here", actor=actor)
    type(made["Smithers"]).objects.filter(pk=made["Smithers"].pk).update(entered_in_error=True)
    assert found.find("smith", actor=actor) == [made["Smith"]]
    with in_practice(actor_named("front_desk")) as desk:
        assert found.find("smith", actor=desk) == []
    with in_practice(actor_named("stranger")) as stranger:
        assert found.find("smith", actor=stranger) == []


def test_a_name_search_uses_the_index(people):
    actor, _ = people
    with CaptureQueriesContext(connection) as seen:
        found.find("smith", actor=actor)
    assert len(seen) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + seen[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # The condition itself must be served by an index, not filtered behind the row-level policy.
    assert "last_name_key" in next(line for line in plan.splitlines() if "Index Cond" in line)


def test_the_list_is_by_last_and_first_name_from_an_index_however_deep(people, monkeypatch):
    monkeypatch.setattr("kit.listing.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (2,))
    actor, _ = people
    patients.register(actor=actor, first_name="Adam", last_name="Smith", birth_date=date(1980, 1, 1))
    resource, params, names = registry.get("patients.patient"), QueryDict(mutable=True), []
    for number in (1, 2, 3):
        params["page"] = str(number)
        shown = listing.run(listing.ask(resource, params=params), actor=actor)
        names += [each.name for each in shown.records]
        params["after"] = shown.after
    assert names == ["Jones, Smita", "Smith, Adam", "Smith, Jane", "Smithers, John", "Van Dyke, Ann"]


def test_the_list_searches_by_the_index_of_names(people):
    actor, _ = people
    asked = listing.ask(registry.get("patients.patient"), params=QueryDict("q=smith"))
    queryset, _ = listing.matching(asked, actor=actor)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = asked.order.apply(queryset).explain()
    assert "last_name_key" in next(line for line in plan.splitlines() if "Index Cond" in line)
