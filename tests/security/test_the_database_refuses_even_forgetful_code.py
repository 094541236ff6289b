"""The practice filter taken out of every query at run time: row-level security alone still lets nothing through."""

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from practice.models import Location, Practice
from practice.selectors import notices, work
from practice.tenancy import TenantForeignKey
from tests.cast import _switch_role, actor_named, in_practice
from tests.security import test_no_address_shows_another_practice as walk
from tests.tiers import share, turn

DROPPED = []
NAMES = ("practice", "practice_id")


def names_a_practice(lookup):
    """Whether a keyword of ``filter`` compares the practice, of the row or of one it points at."""
    words = [word for word in lookup.split("__") if word not in ("exact", "in", "id", "pk")]
    return bool(words) and words[-1] in NAMES


def forgetful(condition):
    """A Q without any comparison of practices."""
    kept = [forgetful(child) if isinstance(child, Q) else child for child in condition.children]
    left = [
        one for one in kept if isinstance(one, Q) or not (isinstance(one, tuple) and names_a_practice(one[0]))
    ]
    DROPPED.extend(one for one in kept if one not in left)
    return Q(*left, _connector=condition.connector, _negated=condition.negated)


@pytest.fixture
def its_turn():
    turn(one_in=3)


@pytest.fixture
def mutated(monkeypatch):
    """Every ``filter``, ``get``, ``exclude`` and join forgets the practice. Only tests ever run so."""
    original = QuerySet._filter_or_exclude_inplace

    def without_practice(self, negate, args, kwargs):
        kept = {name: value for name, value in kwargs.items() if not names_a_practice(name)}
        DROPPED.extend(set(kwargs) - set(kept))
        args = [forgetful(one) if isinstance(one, Q) else one for one in args]
        if args or kept or not kwargs:
            original(self, negate, args, kept)

    DROPPED.clear()
    statements = [work._waiting._statement, notices._unread._statement]
    for built in statements:
        built.cache_clear()
    monkeypatch.setattr(QuerySet, "_filter_or_exclude_inplace", without_practice)
    monkeypatch.setattr(TenantForeignKey, "get_extra_restriction", lambda self, alias, related_alias: None)
    yield
    for built in statements:
        built.cache_clear()


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_no_address_leaks_when_every_selector_forgets_the_practice(
    its_turn, mutated, settings, tmp_path, evidence
):
    """Two stories are told and every job is run with forgetful queries first: that is most of its time."""
    addresses = share(walk.practice_addresses(), one_in=14)
    walk.nothing_of_one_practice_shows_in_another(settings, tmp_path, addresses=addresses)
    assert len(DROPPED) > 1000
    evidence(filters_dropped=len(DROPPED), addresses=len(addresses), leaks=0)


@pytest.mark.django_db(transaction=True)
def test_the_mutation_is_one_and_only_the_database_stands_in_its_way(mutated):
    """As the owner, who sees all rows, the same forgetful query shows both practices; as the app it shows one."""
    harbor, summit = (Practice.objects.get(slug=slug) for slug in ("harbor", "summit"))
    for key in ("manager", "stranger"):
        with in_practice(actor_named(key)) as actor:
            Location.objects.create(practice_id=actor.practice_id, name=key)

    def seen():
        with in_practice(actor_named("stranger")):
            forgetful_sites = Location.objects.filter(Q(practice=harbor) | Q(name="x") | Q(name="manager"))
            return {
                "own filter": set(
                    Location.objects.filter(practice_id=summit.id).values_list("name", flat=True)
                ),
                "foreign": set(forgetful_sites.values_list("name", flat=True)),
            }

    as_app = seen()
    _switch_role("OWNER")
    try:
        as_owner = seen()
    finally:
        _switch_role("APP")
        connection.close()
    assert as_app == {"own filter": {"stranger"}, "foreign": set()}
    assert as_owner == {"own filter": {"manager", "stranger"}, "foreign": {"manager"}}
