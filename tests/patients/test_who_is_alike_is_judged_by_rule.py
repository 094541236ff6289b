from datetime import date

import pytest

from patients.rules.duplicates import SHORT_FORMS, WORDS, Ground, Person, ground, near, near_day

BORN = date(1980, 3, 4)


def person(first="Jane", last="Smith", born=BORN, phone="", ssn=""):
    return Person(
        first_name=first, last_name=last, born=born, phones=frozenset(filter(None, (phone,))), ssn=ssn
    )


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (person(), Ground.NAME_AND_BIRTH),
        (person("JANE", "smith"), Ground.NAME_AND_BIRTH),
        (person("Jnae"), Ground.NEAR_NAME),
        (person("Jane", "Smyth"), Ground.NEAR_NAME),
        (person("Smith", "Jane"), Ground.NEAR_NAME),
        (person("Jane", "Smith-Jones"), Ground.NEAR_NAME),
        (person(born=date(1980, 4, 3)), Ground.NEAR_BIRTH),
        (person(born=date(1981, 3, 4)), Ground.NEAR_BIRTH),
        (person("Otto", "Kraus"), None),
        (person("Jane", "Smith", date(1955, 7, 9)), None),
        (person("Otto", "Smith"), None),
    ],
)
def test_names_and_birth_dates_are_held_against_each_other(other, why):
    assert ground(person(), other=other) == why
    assert ground(other, other=person()) == why


def test_the_telephone_counts_with_the_birth_date_or_the_name_only():
    jane = person(phone="9145550101")
    assert ground(jane, other=person("Otto", "Kraus", phone="9145550101")) == Ground.PHONE_AND_BIRTH
    assert ground(jane, other=person(born=date(1955, 7, 9), phone="9145550101")) == Ground.NAME_AND_PHONE
    assert ground(jane, other=person("Otto", "Kraus", date(1955, 7, 9), "9145550101")) is None


def test_the_same_social_security_number_outweighs_everything():
    jane = person(ssn="a")
    assert ground(jane, other=person("Otto", "Kraus", date(1955, 7, 9), ssn="a")) == Ground.SSN
    assert ground(person(), other=person("Otto", "Kraus", date(1955, 7, 9))) is None


def test_without_a_birth_date_nothing_is_alike_but_name_and_telephone():
    half = person(born=None, phone="9145550101")
    assert ground(half, other=person(phone="9145550101")) == Ground.NAME_AND_PHONE
    assert ground(person(born=None), other=person(born=None)) is None


@pytest.mark.parametrize(("one", "other"), [("Bill", "William"), ("kate", "Katherine"), ("Liz", "Betty")])
def test_short_forms_of_first_names_are_one(one, other):
    assert near(one, other=other)
    assert near(other, other=one)


@pytest.mark.parametrize(("one", "other"), [("Al", "Bo"), ("Ann", "Otto"), ("", "Ann"), ("Kim", "Tom")])
def test_short_and_different_names_are_not(one, other):
    assert not near(one, other=other)


def test_days_differ_in_one_place_or_are_swapped():
    assert near_day(date(1980, 3, 4), other=date(1980, 3, 14))
    assert near_day(date(1980, 3, 4), other=date(1980, 4, 3))
    assert not near_day(date(1980, 3, 4), other=date(1981, 3, 14))
    assert not near_day(BORN, other=BORN)
    assert not near_day(None, other=BORN)


def test_every_ground_has_its_words_and_every_short_form_is_one_word():
    assert set(WORDS) == set(Ground)
    assert all(name.isalpha() and name.islower() for line in SHORT_FORMS for name in line.split())
