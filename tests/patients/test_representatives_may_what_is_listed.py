from datetime import date

import pytest

from kit.errors import DomainError
from patients.models import OwnConsent, Representative
from patients.rules.contact import POWERS, Standing, comes_of_age, may
from patients.selectors.contact import may as may_here
from patients.services import patients, representatives

pytestmark = pytest.mark.django_db
DAY, OF_AGE = date(2026, 3, 4), date(2033, 5, 6)
ALL = dict.fromkeys(POWERS, True)


def parent(**more):
    return Standing(**{"kind": "parent", "starts_on": date(2020, 1, 1), "powers": ALL, **more})


@pytest.mark.parametrize("power", POWERS)
def test_what_is_not_ticked_is_not_allowed(power):
    none = parent(powers={})
    assert not may(none, power=power, day=DAY, of_age=OF_AGE, own_areas=())
    assert may(parent(), power=power, day=DAY, of_age=OF_AGE, own_areas=())
    assert not may(parent(), power="may_sell_the_house", day=DAY, of_age=OF_AGE, own_areas=())


def test_it_holds_between_its_days_and_a_parents_word_ends_with_majority():
    def asks(standing, day):
        return may(standing, power="may_see_record", day=day, of_age=OF_AGE, own_areas=())

    ended = parent(ends_on=date(2026, 3, 3))
    assert [asks(ended, day) for day in (date(2019, 12, 31), date(2026, 3, 3), DAY)] == [False, True, False]
    assert not asks(parent(), OF_AGE)
    assert asks(parent(kind="proxy"), OF_AGE)


def test_what_a_minor_decides_alone_is_nobody_elses():
    def asks(areas, area=""):
        return may(parent(), power="may_see_record", day=DAY, of_age=OF_AGE, own_areas=areas, area=area)

    assert asks({"sti"})
    assert not asks({"sti"}, "sti")
    assert asks({"sti"}, "mental")
    assert not asks({"emancipated"})
    assert not asks({"emancipated"}, "mental")


def test_who_was_born_on_a_leap_day_comes_of_age_on_the_first_of_march():
    assert comes_of_age(date(2008, 2, 29), years=18) == date(2026, 3, 1)
    assert comes_of_age(date(2008, 2, 28), years=18) == date(2026, 2, 28)


@pytest.fixture
def emil(acting):
    with acting("manager") as actor:
        yield (
            actor,
            patients.register(
                actor=actor,
                first_name="Emil",
                last_name="Abernal",
                birth_date=date(2015, 5, 6),
                state="NY",
            ),
        )


def test_majority_follows_the_law_of_the_patients_state(emil):
    actor, child = emil
    mother = representatives.name_one(
        patient=child,
        name="Alma",
        kind="parent",
        may_see_record=True,
        starts_on=date(2020, 1, 1),
        actor=actor,
    )
    assert may_here(mother, power="may_see_record", actor=actor, day=date(2033, 5, 5))
    assert not may_here(mother, power="may_see_record", actor=actor, day=date(2033, 5, 6))
    mother.patient = patients.update(child, actor=actor, state="AL")
    assert may_here(mother, power="may_see_record", actor=actor, day=date(2033, 5, 6))
    assert not may_here(mother, power="may_see_record", actor=actor, day=date(2034, 5, 6))


def test_own_consent_of_a_minor_hides_its_area_until_it_ends(emil):
    actor, child = emil
    mother = representatives.name_one(
        patient=child,
        name="Alma",
        kind="parent",
        may_see_record=True,
        starts_on=date(2020, 1, 1),
        actor=actor,
    )
    own = representatives.decide_alone(
        patient=child, area="sti", basis="NY PHL 2305", starts_on=date(2026, 1, 1), actor=actor
    )
    asked = {"power": "may_see_record", "actor": actor, "area": "sti"}
    assert not may_here(mother, day=DAY, **asked)
    representatives.end_alone(own, ends_on=date(2026, 3, 1), actor=actor)
    assert may_here(mother, day=DAY, **asked)


@pytest.mark.parametrize(
    ("born", "given", "field"),
    [
        (date(2015, 5, 6), {"kind": "proxy"}, "document"),
        (date(1980, 5, 6), {"kind": "parent"}, "kind"),
        (date(2015, 5, 6), {"kind": "parent", "name": "  "}, "name"),
    ],
)
def test_a_representative_without_ground_is_refused(emil, born, given, field):
    actor, child = emil
    patient = patients.update(child, actor=actor, birth_date=born)
    with pytest.raises(DomainError) as refused:
        representatives.name_one(patient=patient, actor=actor, **{"name": "Alma", **given})
    assert refused.value.field == field
    assert not Representative.objects.exists()


def test_a_grown_up_decides_about_all_care_anyway(emil):
    actor, child = emil
    grown = patients.update(child, actor=actor, birth_date=date(1980, 5, 6))
    with pytest.raises(DomainError, match="of age"):
        representatives.decide_alone(patient=grown, area="sti", basis="NY PHL 2305", actor=actor)
    assert not OwnConsent.objects.exists()


def test_an_end_has_its_day_and_reason(emil):
    actor, child = emil
    mother = representatives.name_one(
        patient=child, name="Alma", kind="parent", starts_on=date(2020, 1, 1), actor=actor
    )
    with pytest.raises(DomainError):
        representatives.end(mother, ends_on=date(2019, 1, 1), reason="Order", actor=actor)
    ended = representatives.end(mother, ends_on=date(2026, 3, 4), reason="Court order", actor=actor)
    assert (ended.ends_on, ended.end_reason, ended.powers) == (date(2026, 3, 4), "Court order", "Nothing")
