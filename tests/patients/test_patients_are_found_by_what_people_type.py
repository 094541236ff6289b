from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from kit import listing, registry
from kit.forms import BirthDateField
from patients.models import Patient, PatientWord
from patients.rules import phone_digits
from patients.rules.search import Figure, Search, folded, read_search
from patients.selectors import patients as found
from patients.services import coverages, patients
from practice.models import Payer
from practice.statistics import refresh
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


TODAY = date(2026, 11, 30)
MARCH_4 = date(1980, 3, 4)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("Smith, J", Search(names=("smith", "j"))),
        ("smith 1980", Search(names=("smith",), born_in=1980)),
        ("03/04/1980", Search(born_on=MARCH_4)),
        ("3-4-80", Search(born_on=MARCH_4)),
        ("3.4.1980", Search(born_on=MARCH_4)),
        ("1980-03-04", Search(born_on=MARCH_4)),
        ("1980/3/4", Search(born_on=MARCH_4)),
        ("Mar 4, 1980", Search(born_on=MARCH_4)),
        ("march 4th 80 smith", Search(names=("smith",), born_on=MARCH_4)),
        ("4-Mar-1980", Search(born_on=MARCH_4)),
        ("3/4/30", Search(born_on=date(1930, 3, 4))),
        ("03041980", Search(figures=(Figure("03041980", day=MARCH_4),))),
        ("19800304", Search(figures=(Figure("19800304", day=MARCH_4),))),
        ("(914) 555-0148", Search(phone="9145550148")),
        ("+1 914.555.0148", Search(phone="9145550148")),
        ("j 914-555-0148 smith", Search(names=("j", "smith"), phone="9145550148")),
        ("555-0148", Search(figures=(Figure("5550148"),))),
        ("0148", Search(figures=(Figure("0148"),))),
        ("999914", Search(figures=(Figure("999914"),))),
        ("hv-2026-00042", Search(figures=(Figure("hv202600042"),))),
        ("NWH 884 120 775", Search(figures=(Figure("nwh884120775"),))),
        ("O\u2019Neil-Muñoz", Search(names=("oneilmunoz",))),
        ("  ", Search()),
        ("%_';--", Search()),
    ],
)
def test_a_search_is_understood(text, understood):
    assert read_search(text, today=TODAY) == understood


@pytest.mark.parametrize(
    ("text", "digits"), [("(914) 555-0148", "9145550148"), ("1-914-555-0148", "9145550148"), ("", "")]
)
def test_telephone_numbers_are_taken_in_any_form(text, digits):
    assert phone_digits(text) == digits


@pytest.mark.parametrize(
    "text", ["(617)5550123 x4", "617555012 x3", "617-555-0123 ext. 22", "\u0666\u0661\u0667"]
)
def test_an_extension_never_becomes_part_of_a_number(text):
    with pytest.raises(ValueError, match=r"digits|extension"):
        phone_digits(text)


@pytest.mark.parametrize("text", ["3/4/57", "030457", "03041957", "19570304", "Mar 4, 1957", "1957-03-04"])
def test_a_birth_date_is_read_as_it_is_typed_and_lies_behind_us(text):
    assert BirthDateField().to_python(text) == date(1957, 3, 4)


@pytest.mark.parametrize("text", ["2/30/1980", "soon", "1300570"])
def test_what_is_no_birth_date_is_refused(text):
    with pytest.raises(ValidationError):
        BirthDateField().to_python(text)


def test_a_form_finds_the_one_person_with_a_name_and_a_birth_date(people):
    actor, made = people
    assert found.by_name_and_birth("smith j 3/4/80", actor=actor) == made["Smith"]
    assert found.by_name_and_birth("smith j 03041980", actor=actor) == made["Smith"]
    for text in ("smith j", "3/4/80", "jones 3/4/80", ""):
        assert found.by_name_and_birth(text, actor=actor) is None


@pytest.fixture
def people(acting):
    with acting("manager") as actor:
        made = {}
        for first, last, born, phone in (
            ("Jane", "Smith", date(1980, 3, 4), "9145550101"),
            ("John", "Smithers", date(1975, 5, 6), "9145550102"),
            ("Smita", "Jones", date(1990, 1, 1), ""),
            ("Ann", "Van Dyke", date(1980, 7, 8), ""),
            ("Séan", "O'Neil-Muñoz", date(1999, 9, 9), ""),
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
        ("smi", ["Jones", "Smith", "Smithers"]),
        ("smith ja", ["Smith"]),
        ("smith 1980", ["Smith"]),
        ("05/06/1975", ["Smithers"]),
        ("05061975", ["Smithers"]),
        ("May 6 75", ["Smithers"]),
        ("914-555-0101", ["Smith"]),
        ("0102", ["Smithers"]),
        ("555-0102", ["Smithers"]),
        ("914555", ["Smith", "Smithers"]),
        ("van dyke", ["Van Dyke"]),
        ("dyke", ["Van Dyke"]),
        ("ann dyke", ["Van Dyke"]),
        ("vandyke", ["Van Dyke"]),
        ("munoz sean", ["O'Neil-Muñoz"]),
        ("o'neil", ["O'Neil-Muñoz"]),
        ("oneil munoz", ["O'Neil-Muñoz"]),
        ("mith", []),
        ("smith 0102", ["Smithers"]),
        ("smith 0199", []),
        ("", []),
    ],
)
def test_parts_of_names_dates_and_numbers_find_people(people, text, names):
    actor, _ = people
    assert [each.last_name for each in found.find(text, actor=actor)] == names


def test_the_preferred_name_a_former_name_and_the_second_telephone_find_their_patient(people):
    actor, made = people
    patients.update(
        made["Jones"], actor=actor, preferred_name="Mitu", other_names="Chandra", second_phone="9145550199"
    )
    for text in ("mitu", "chandra j", "0199"):
        assert found.find(text, actor=actor) == [made["Jones"]]
    patients.update(made["Jones"], actor=actor, preferred_name="", other_names="", second_phone="")
    for text in ("mitu", "chandra j", "0199"):
        assert found.find(text, actor=actor) == []


def test_a_member_id_finds_its_patient_as_long_as_a_card_has_it(people):
    actor, made = people
    payer = Payer.objects.create(practice_id=actor.practice_id, name="Northway")
    card = {"payer": payer, "starts_on": date(2026, 1, 1), "actor": actor}
    mine = coverages.add(made["Jones"], member_id="NWH 884-120-775", **card)
    for text in ("nwh884", "NWH 884 120 775", "884120775"):
        assert found.find(text, actor=actor) == [made["Jones"]]
    mine.member_id = "ALD1"
    mine.save()
    assert found.find("nwh884", actor=actor) == []
    assert found.find("ald1", actor=actor) == [made["Jones"]]


def test_the_database_folds_names_as_the_rules_do(people):
    with connection.cursor() as cursor:
        for name in ("O'Neil-Muñoz", "Ångström", "van der Berg", "Łukasz", "D’Amico", "Nguyễn"):
            cursor.execute(
                "SELECT regexp_replace(patient_folded(%s) COLLATE pg_c_utf8, '[^[:alnum:]]+', '', 'g')",
                [name],
            )
            assert cursor.fetchone() == (folded(name),)


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


CROWD = """
INSERT INTO patients_patient (practice_id, mrn, first_name, last_name, birth_date, sex, phone, is_restricted,
  restriction_reason, entered_in_error, ssn, ssn_last4, email, address_line, city, state, postal_code)
SELECT %s, (700000 + n)::text, chr(97 + n %% 26) || 'irst' || n,
  chr(97 + n %% 26) || chr(97 + n / 26 %% 26) || 'last' || n, date '1935-01-01' + n * 40, 'U',
  (2120000000 + n)::text, false, '', false, '', '', '', '', '', '', ''
FROM generate_series(1, 500) n
"""


@pytest.fixture
def crowd(people):
    """Enough people for the planner to care."""
    actor, made = people
    with connection.cursor() as cursor:
        cursor.execute(CROWD, [str(actor.practice_id)])
    refresh(Patient, PatientWord)
    return actor, made


def test_every_search_uses_the_index_of_words_under_row_level_security(crowd):
    actor, _ = crowd
    for text in ("smith", "smith j", "0101", "03041980", "nwh884", "100003", "vandyke 1980"):
        with CaptureQueriesContext(connection) as seen:
            found.find(text, actor=actor)
        assert len(seen) == 1
        plan = explained(seen[0]["sql"])
        # The condition itself must be served by an index, not filtered behind the row-level policy.
        assert any("word" in line and ">=" in line for line in plan.splitlines() if "Index Cond" in line), (
            plan
        )
        assert "Seq Scan on patients_patient" not in plan, plan


def explained(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(row[0] for row in cursor.fetchall())


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
    assert names == [
        "Jones, Smita",
        "O'Neil-Muñoz, Séan",
        "Smith, Adam",
        "Smith, Jane",
        "Smithers, John",
        "Van Dyke, Ann",
    ]


def test_the_list_searches_by_the_index_of_words(crowd):
    actor, _ = crowd
    asked = listing.ask(registry.get("patients.patient"), params=QueryDict("q=smith"))
    queryset, _ = listing.matching(asked, actor=actor)
    plan = asked.order.apply(queryset).explain()
    assert any("word" in line and ">=" in line for line in plan.splitlines() if "Index Cond" in line), plan
