"""A visit's charges become claims: one per fifty lines and twelve diagnoses, late charges on a new one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.models import Claim, ClaimLine
from billing.services import claims
from billing.services.charges import ChargeLine
from kit.errors import DomainError

pytestmark = pytest.mark.django_db
VENI = ChargeLine(code="36415", diagnoses=("I10",))


def test_a_claim_asks_the_primary_payer_for_the_sum_of_its_lines(billing):
    with billing() as world:
        claim = world.claim(ChargeLine(code="99213", diagnoses=("I10", "E119")), VENI)
        assert (claim.total, claim.payer_id, claim.billing_entity_id) == (
            Decimal("168.00"), world.payer.pk, world.entity.pk,
        )  # fmt: skip
        assert claim.file_by == claim.service_date + timedelta(days=90) == date(2026, 5, 31)
        assert [row.code for row in claim.diagnoses.all()] == ["I10", "E119"]


def test_control_numbers_are_short_unique_and_say_nothing_about_the_patient(billing):
    with billing() as world:
        made = [world.claim() for _ in range(5)]
        numbers = [claim.control_number for claim in made]
        assert len(set(numbers)) == 5
        assert all(len(number) <= 17 and number.isalnum() for number in numbers)
        lines = list(ClaimLine.objects.values_list("line_control", flat=True))
        assert len(set(lines)) == 5
        assert all(len(line) <= 30 for line in lines)


def test_more_than_fifty_lines_make_two_claims(billing):
    with billing() as world:
        world.charged(*[VENI] * 51)
        made = list(Claim.objects.order_by("part"))
        assert [(claim.part, claim.lines.count()) for claim in made] == [(1, 50), (2, 1)]
        assert sum(claim.total for claim in made) == Decimal("918.00")


def test_more_than_twelve_diagnoses_make_two_claims(billing):
    with billing() as world:
        world.charged(*[ChargeLine(code="99213", diagnoses=(f"E1{n}", f"F1{n}")) for n in "0123456"])
        assert sorted(claim.diagnoses.count() for claim in Claim.objects.all()) == [2, 12]


def test_a_late_charge_joins_the_claim_that_has_not_left(billing):
    with billing() as world:
        visit = world.visit()
        claim = world.claim(visit=visit)
        world.charged(VENI, visit=visit)
        claim.refresh_from_db()
        assert (Claim.objects.count(), claim.total, claim.state) == (1, Decimal("168.00"), "ready")


def test_a_late_charge_after_submission_is_a_claim_of_its_own(billing):
    with billing() as world:
        visit = world.visit()
        claim = world.claim(visit=visit)
        Claim.objects.update(state="submitted")
        world.charged(VENI, visit=visit)
        late = Claim.objects.exclude(pk=claim.pk).get()
        assert (late.part, late.total) == (2, Decimal("18.00"))


def test_making_claims_twice_makes_them_once(billing):
    with billing() as world:
        visit = world.visit()
        world.charged(visit=visit)
        assert claims.create_for_visit(visit, actor=world.actor) == []
        assert Claim.objects.count() == 1


def test_a_voided_claim_frees_its_charges(billing):
    with billing() as world:
        visit = world.visit()
        claim = world.claim(visit=visit)
        claims.void(claim, reason="Wrong coverage", actor=world.actor)
        (again,) = claims.create_for_visit(visit, actor=world.actor)
        assert again.control_number != claim.control_number
        assert again.total == claim.total


def test_a_sent_claim_cannot_be_voided_here(billing):
    with billing() as world:
        claim = world.claim()
        Claim.objects.update(state="submitted")
        with pytest.raises(DomainError, match="not sent"):
            claims.void(claim, reason="Wrong coverage", actor=world.actor)
        assert Claim.objects.get().state == "submitted"
