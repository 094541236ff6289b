"""Own values over shipped ones: narrowest first, never two a day, changes told beforehand, the past kept."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.actor import system_actor
from practice.models import RuleCheck, RuleValue
from practice.selectors import rules as found
from practice.services import rule_values
from practice.services.rule_catalogue import definitions
from practice.services.rules import entries_of, rule, rules
from practice.transactions import acting_in
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
BREACH = "breach.individuals_days"
NOON = clock.datetime(2026, 11, 30, 17, tzinfo=clock.UTC)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _november():
    with clock.at(NOON):
        yield


def put(actor, value="45", day=NEW_YEAR, code=BREACH, **more):
    return rule_values.set_value(
        actor=actor, code=code, value=value, effective_from=day, **{"reason": "State law"} | more
    )


def days(on, state=None):
    return int(rule(BREACH, on=on, jurisdiction=state))


def test_a_value_of_ones_own_counts_from_its_day_and_the_shipped_one_before(acting):
    with acting("manager") as actor:
        made = put(actor)
        assert (days(date(2026, 12, 31)), days(NEW_YEAR)) == (60, 45)
        assert (made.set_by_id, made.reason) == (actor.membership_id, "State law")
        now = rule(BREACH, on=NEW_YEAR)
        assert (now.source, now.unit, str(now)) == ("own", "calendar days", "45 calendar days")
        assert "164.404" in rule(BREACH, on=date(2026, 1, 1)).citation


def test_the_narrowest_wins(acting):
    with acting("manager") as actor:
        put(actor, value="50")
        put(actor, value="30", jurisdiction="ny")
        assert [days(NEW_YEAR, state) for state in (None, "CA", "NY")] == [50, 50, 30]
        attest = "caqh.attest_days"  # shipped for Illinois
        assert [int(rule(attest, on=NEW_YEAR, jurisdiction=state)) for state in (None, "IL")] == [120, 180]
        put(actor, value="100", code=attest)
        assert int(rule(attest, on=NEW_YEAR, jurisdiction="IL")) == 100


def test_a_new_value_ends_the_one_before_and_stops_before_one_that_is_planned(acting):
    with acting("manager") as actor:
        first, third = (
            put(actor, value="50", day=date(2026, 1, 1)),
            put(actor, value="20", day=date(2028, 1, 1)),
        )
        second = put(actor, value="40")
        first.refresh_from_db()
        third.refresh_from_db()
        assert (first.effective_to, second.effective_to, third.effective_to) == (
            date(2026, 12, 31),
            date(2027, 12, 31),
            None,
        )
        with pytest.raises(Conflict):
            put(actor, value="41")
        with pytest.raises(Conflict):
            put(actor, value="41", day=date(2027, 6, 1), effective_to=date(2028, 1, 1))
        assert RuleValue.objects.count() == 3


def test_the_database_itself_lets_no_two_values_hold_on_one_day(acting):
    with acting("manager") as actor:
        put(actor, effective_to=date(2027, 1, 31))
        both = {"practice_id": actor.practice_id, "code": BREACH, "value": "30", "reason": "x"}
        for first, last, state in (
            (date(2027, 1, 31), None, ""),
            (date(2026, 1, 1), date(2027, 1, 1), ""),
            (date(2027, 1, 5), date(2027, 1, 4), "NY"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                RuleValue.objects.create(**both, effective_from=first, effective_to=last, jurisdiction=state)
        RuleValue.objects.create(**both, effective_from=date(2027, 2, 1))
        RuleValue.objects.create(**both, effective_from=date(2027, 1, 5), jurisdiction="NY")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"value": "61"}, "value", "at most 60 calendar days .45 CFR 164.404"),
        ({"value": "soon"}, "value", "Enter a number"),
        ({"reason": " "}, "reason", "Say why"),
        ({"jurisdiction": "XX"}, "jurisdiction", "from the list"),
        ({"effective_to": date(2026, 1, 1)}, "effective_to", "not before the first"),
        ({"day": date(2099, 1, 1)}, "effective_from", "twenty years"),
        ({"code": "no.rule"}, "code", "from the list"),
    ],
)
def test_what_a_rule_cannot_be_is_refused_and_nothing_changes(acting, given, field, said):
    with acting("manager") as actor:
        with pytest.raises(DomainError, match=said) as refused:
            put(actor, **given)
        assert refused.value.field == field
        assert not RuleValue.objects.exists()


def test_those_who_may_not_change_nothing(acting):
    with acting("manager") as actor:
        made = put(actor)
    with acting("biller") as actor:
        entry = rule(BREACH, on=NEW_YEAR).entry
        for act in (
            lambda: put(actor, day=date(2029, 1, 1)),
            lambda: rule_values.end(made, effective_to=date(2028, 1, 1), actor=actor),
            lambda: rule_values.withdraw(made, actor=actor),
            lambda: rule_values.check(BREACH, entry=entry, found_in="ecfr.gov", actor=actor),
        ):
            with pytest.raises(Forbidden):
                act()
        assert RuleValue.objects.get().effective_to is None
        assert not RuleCheck.objects.exists()


def test_a_planned_change_is_told_beforehand_in_words(acting):
    with acting("manager") as actor:
        plan = rule_values.plan(
            BREACH, value="45", effective_from=NEW_YEAR, effective_to=date(2027, 6, 30), actor=actor
        )
        assert plan.effects == [
            "From 01/01/2027: 60 calendar days → 45 calendar days",
            "From 07/01/2027: 60 calendar days again, as before",
        ]
        assert not RuleValue.objects.exists()
        put(actor)
        row = next(each for each in found.listed(actor) if each.definition.code == BREACH)
        assert (row.shown.words, row.next.first, row.next_words) == (
            "60 calendar days",
            NEW_YEAR,
            "45 calendar days",
        )


def test_what_was_in_force_stays_and_what_is_planned_can_be_taken_back(acting):
    with acting("manager") as actor:
        old = put(actor, value="50", day=date(2026, 1, 1))
        new = put(actor)
        with pytest.raises(Conflict):
            rule_values.withdraw(old, actor=actor)
        with pytest.raises(DomainError):
            rule_values.end(old, effective_to=date(2026, 6, 1), actor=actor)
        rule_values.withdraw(new, actor=actor)
        assert [days(date(2027, 6, 1)), RuleValue.objects.get().effective_to] == [50, None]
        rule_values.end(RuleValue.objects.get(), effective_to=date(2026, 12, 31), actor=actor)
        told = found.history(definitions()[BREACH])
        assert [(each.shown.words, each.period.first, each.shown.whose) for each in told] == [
            ("60 calendar days", NEW_YEAR, "Shipped"),
            ("50 calendar days", date(2026, 1, 1), "Your own"),
            ("60 calendar days", date(2013, 3, 26), "Shipped"),
        ]


def test_a_check_counts_for_the_value_that_was_compared_and_no_other(acting):
    with acting("manager") as actor:
        entry = rule(BREACH, on=date(2026, 11, 30)).entry
        with pytest.raises(DomainError):
            rule_values.check(BREACH, entry=entry, found_in=" ", actor=actor)
        rule_values.check(BREACH, entry=entry, found_in="ecfr.gov", actor=actor)
        put(actor)
        told = found.history(definitions()[BREACH])
        assert [(each.shown.words, each.shown.verified.word) for each in told] == [
            ("45 calendar days", "Not verified"),
            ("60 calendar days", "Verified"),
        ]
        assert (told[1].shown.checked_by, told[1].shown.checked_on) == ("Mara Mendez", date(2026, 11, 30))


def test_a_number_beyond_a_limit_counts_as_the_limit(acting):
    with acting("manager") as actor:
        RuleValue.objects.create(
            practice_id=actor.practice_id, code=BREACH, value="99", effective_from=NEW_YEAR, reason="Old row"
        )
        assert days(NEW_YEAR) == 60


@pytest.mark.django_db(transaction=True)
def test_thirty_rules_cost_one_query_and_nothing_passes_to_another_practice_or_transaction():
    ours, theirs = actor_named("owner"), actor_named("stranger")
    codes = list(definitions())[:30]
    with acting_in(ours.practice_id, actor=ours):
        put(ours, day=date(2026, 1, 1))
    with acting_in(ours.practice_id, actor=ours), CaptureQueriesContext(connection) as asked:
        for code in codes:
            rule(code, on=NEW_YEAR)
        rules(codes, on=NEW_YEAR)
        assert days(NEW_YEAR) == 45
    assert sum("rulevalue" in query["sql"] for query in asked) == 1
    with acting_in(theirs.practice_id, actor=theirs):
        assert days(NEW_YEAR) == 60
    with acting_in(ours.practice_id, actor=ours):
        assert days(NEW_YEAR) == 45
        try:
            with transaction.atomic():
                put(ours, value="30")
                assert days(NEW_YEAR) == 30
                raise RuntimeError
        except RuntimeError:
            pass
        assert days(NEW_YEAR) == 45, "a savepoint that was rolled back leaves nothing behind"


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_hears_only_the_practice_it_asks_for():
    ours, theirs = actor_named("owner"), actor_named("stranger")
    with in_practice(ours):
        put(ours, day=date(2026, 1, 1))
    from practice.ownerdoor import owner_connection

    with in_practice(system_actor(practice_id=theirs.practice_id)):
        sql, values = RuleValue.objects.filter(practice_id=found_practice()).query.sql_with_params()
        assert entries_of(BREACH)[-1].own is False
    with owner_connection() as raw, raw.cursor() as cursor:
        cursor.execute("SELECT set_config('app.practice_id', %s, true)", [str(theirs.practice_id)])
        cursor.execute(sql, values)
        assert cursor.fetchall() == []


def found_practice():
    from practice.tenancy import current_practice

    return current_practice()
