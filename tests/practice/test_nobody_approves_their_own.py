"""No self-approval by any path: people, roles, limits, stand-ins, tokens, ended and renewed memberships, in any order.

A machine does at random what a practice may do. After each step every decision on record is held against what was true
when it was made, told by the machine's own bookkeeping and not by the code under test.
"""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kit.errors import DomainError, Forbidden
from practice.models import ApprovalEvent, ApprovalLimit, ApprovalRequest, Delegation, Membership, Role, User
from practice.selectors import approvals as found
from practice.selectors.days import practice_today
from practice.selectors.people import token_actor, user_actor
from practice.services import approval_limits, approvals, people
from tests.cast import actor_named, in_practice
from tests.practice.approval_world import KIND, kind, make_room  # noqa: F401
from tests.tiers import DEEP

ROLES = ("owner", "manager", "biller", "front_desk")
DECIDE = {"owner", "manager"}
AMOUNTS = [Decimal("50.00"), Decimal("500.00"), Decimal("5000.00")]
STEPS = 40 if DEEP else 18
EXAMPLES = 200 if DEEP else 10
PERSON = st.integers(min_value=0, max_value=4)
REFUSED = (DomainError, Forbidden)


class Undone(Exception):
    """Takes an example's rows back."""


class Practice(RuleBasedStateMachine):
    """Five people who ask, decide, stand in for one another, get and lose roles, leave and come back."""

    def __init__(self):
        super().__init__()
        self.owner = actor_named("owner")
        self.entered = in_practice(self.owner)
        self.entered.__enter__()
        self.today = practice_today(self.owner)
        self.users, self.requests, self.tokens, self.seen, self.rooms = [], [], [], set(), 0

    def teardown(self):
        with suppress(Undone):
            self.entered.__exit__(Undone, Undone(), None)

    @initialize(roles=st.lists(st.sampled_from(ROLES), min_size=5, max_size=5))
    def people(self, roles):
        for number, role in enumerate(roles):
            user = User.objects.create_user(f"p{number}@machine.example", name=f"Person {number}")
            people.admit(user, roles=[role], actor=self.owner)
            self.users.append(user)

    def actor(self, number):
        return user_actor(user=self.users[number], practice=self.practice, request_id="machine")

    @property
    def practice(self):
        from practice.models import Practice as Row

        return Row.objects.get(pk=self.owner.practice_id)

    def attempt(self, call):
        """What the rules refuse leaves nothing; anything else that goes wrong is a finding."""
        with suppress(*REFUSED), transaction.atomic():
            return call()
        return None

    @rule(who=PERSON, amount=st.sampled_from(AMOUNTS))
    def ask(self, who, amount):
        actor = self.actor(who)
        self.file(actor, amount)

    def file(self, actor, amount):
        if actor is None:
            return
        self.rooms += 1
        room = make_room(self.owner, f"Room {self.rooms}")
        made = self.attempt(lambda: approvals.ask(KIND, subject=room, reason="x", amount=amount, actor=actor))
        if made is not None:
            self.requests.append(made)

    @rule(data=st.data(), who=PERSON, refuse=st.booleans())
    def decide(self, data, who, refuse):
        actor = self.actor(who)
        if actor is None or not self.requests:
            return
        request = data.draw(st.sampled_from(self.requests))
        listed = found.for_me(found.visible_to(actor), actor=actor).filter(pk=request.pk).exists()
        before = ApprovalRequest.objects.get(pk=request.pk)
        act = approvals.refuse if refuse else approvals.approve
        done = self.attempt(lambda: act(request, note="Said", actor=actor))
        waiting = before.state == "waiting"
        if waiting:  # what the list shows a person is exactly what they can decide
            assert listed == (done is not None)
        if done is not None:
            self.check(ApprovalEvent.objects.filter(approval=request).order_by("-id")[0])

    @rule(data=st.data(), who=PERSON)
    def ask_again(self, data, who):
        actor = self.actor(who)
        if actor is not None and self.requests:
            request = data.draw(st.sampled_from(self.requests))
            self.attempt(lambda: approvals.ask_again(request, note="Again", actor=actor))

    @rule(who=PERSON, deputy=PERSON, days=st.integers(min_value=-2, max_value=2))
    def stand_in(self, who, deputy, days):
        actor = self.actor(who)
        other = Membership.objects.filter(user=self.users[deputy], practice_id=self.owner.practice_id).first()
        if actor is not None and other is not None:
            first = self.today + timedelta(days=days)
            self.attempt(
                lambda: approval_limits.delegate(
                    deputy=other, starts_on=first, ends_on=first + timedelta(days=1), actor=actor
                )
            )

    @rule(who=PERSON, role=st.sampled_from(ROLES))
    def token(self, who, role):
        maker = self.actor(who)
        if maker is not None:
            made = self.attempt(
                lambda: people.issue_token("t", role=Role.objects.get(code=role), actor=maker)
            )
            self.tokens += [made[0]] if made else []

    @rule(data=st.data(), amount=st.sampled_from(AMOUNTS))
    def program(self, data, amount):
        """A token asks, and tries to decide."""
        if not self.tokens:
            return
        row = data.draw(st.sampled_from(self.tokens))
        actor = token_actor(token_id=row.pk, practice=self.practice, request_id="machine")
        self.file(actor, amount)
        if actor is not None and self.requests:
            request = data.draw(st.sampled_from(self.requests))
            assert self.attempt(lambda: approvals.approve(request, actor=actor)) is None

    @rule(who=PERSON, roles=st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True))
    def change_roles(self, who, roles):
        member = Membership.objects.get(user=self.users[who], practice_id=self.owner.practice_id)
        wanted = list(Role.objects.filter(code__in=roles))
        self.attempt(lambda: people.change_member(member, roles=wanted, locations=[], actor=self.owner))

    @rule(who=PERSON)
    def leave(self, who):
        member = Membership.objects.get(user=self.users[who], practice_id=self.owner.practice_id)
        self.attempt(lambda: people.end_membership(member, actor=self.owner))

    @rule(who=PERSON, role=st.sampled_from(ROLES))
    def come_back(self, who, role):
        self.attempt(lambda: people.admit(self.users[who], roles=[role], actor=self.owner))

    @rule(
        step=st.integers(min_value=1, max_value=2),
        role=st.sampled_from(sorted(DECIDE)),
        above=st.sampled_from([Decimal(0), Decimal("400.00")]),
        up_to=st.sampled_from([None, Decimal("600.00")]),
    )
    def limit(self, step, role, above, up_to):
        with suppress(IntegrityError):
            self.attempt(
                lambda: approval_limits.add_limit(
                    kind=KIND, role=Role.objects.get(code=role), step=step, above=above, up_to=up_to,
                    effective_from=self.today, actor=self.owner,
                )
            )  # fmt: skip

    @rule(data=st.data())
    def take_limit_back(self, data):
        rows = list(ApprovalLimit.objects.filter(ended_on=None))
        if rows:
            row = data.draw(st.sampled_from(rows))
            self.attempt(lambda: approval_limits.end_limit(row, actor=self.owner))

    def check(self, event):
        """One decision, held against the rows as they are at this moment."""
        decider = Membership.objects.get(pk=event.member_id)
        lender = Membership.objects.get(pk=event.on_behalf_of_id)
        asker = Membership.objects.get(pk=event.asker_id)
        assert asker.user_id not in (decider.user_id, lender.user_id)
        assert decider.ended_at is None
        assert lender.ended_at is None
        codes = set(lender.role_links.values_list("role__code", flat=True))
        assert codes & DECIDE, codes
        if lender.pk != decider.pk:
            standing = Delegation.objects.filter(
                member=lender, deputy=decider, ended_on=None,
                starts_on__lte=self.today, ends_on__gte=self.today,
            )  # fmt: skip
            assert standing.exists()
        amount = event.approval.amount
        rows = [row for row in ApprovalLimit.objects.select_related("role") if row.ended_on is None]
        if rows:
            assert any(
                row.step == event.step
                and row.role.code in codes
                and row.above < amount
                and (row.up_to is None or amount <= row.up_to)
                for row in rows
            )

    @invariant()
    def nobody_ever_decided_their_own(self):
        said = ApprovalEvent.objects.filter(outcome__in=["approved", "refused", "asked_back"])
        for event in said.exclude(pk__in=self.seen).select_related("approval__requested_by"):
            assert event.approval.requested_by_id == event.asker_id
            assert event.asker_id not in (event.member_id, event.on_behalf_of_id)
            others = ApprovalEvent.objects.filter(
                approval=event.approval_id, round=event.round, outcome="approved", step__lt=event.step
            )
            for other in others:  # two steps are two people, whoever lends whom the authority
                assert not {other.member_id, other.on_behalf_of_id} & {event.member_id, event.on_behalf_of_id}
            self.seen.add(event.pk)


@pytest.mark.deep
@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
def test_whatever_people_do_nobody_decides_what_they_asked_for(evidence):
    run_state_machine_as_test(
        Practice,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    evidence(examples=EXAMPLES, steps_each=STEPS, self_approvals=0)


@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
def test_the_table_itself_refuses_a_decision_of_ones_own(acting):
    with acting("biller") as actor:
        request = approvals.ask(KIND, subject=make_room(actor), reason="x", amount=Decimal(5), actor=actor)
        for other in (actor.membership_id, actor_member("manager")):
            with pytest.raises(IntegrityError, match="nobody_decides_their_own"), transaction.atomic():
                ApprovalEvent.objects.create(
                    practice_id=actor.practice_id, approval=request, outcome="approved", round=1, step=1,
                    asker_id=actor.membership_id, member_id=other, on_behalf_of_id=actor.membership_id,
                    digest="", said_at="2026-11-22T00:00:00Z",
                )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('practice_approvalevent', 'UPDATE')")
            assert cursor.fetchone() == (False,)


def actor_member(key):
    return Membership.objects.get(user__email=f"{key}@harbor.example").pk


@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2100, 1, 1)])
def test_a_stand_in_of_another_time_reaches_nothing(acting, day):
    with acting("biller") as actor:
        request = approvals.ask(KIND, subject=make_room(actor), reason="x", amount=Decimal(5), actor=actor)
    with acting("manager") as actor:
        Delegation.objects.create(
            practice_id=actor.practice_id, member_id=actor.membership_id, deputy_id=actor_member("front_desk"),
            starts_on=day, ends_on=day,
        )  # fmt: skip
    with acting("front_desk") as actor:
        with pytest.raises(DomainError, match="beyond"), transaction.atomic():
            approvals.approve(request, actor=actor)
        assert ApprovalRequest.objects.get().state == "waiting"
