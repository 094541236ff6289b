"""Codes and fees are the practice's; mapping a foreign code releases the claims that waited for it."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import FeeScheduleLine, ProcedureCode, UnmappedCode
from billing.services import codes
from billing.services.charges import ChargeLine
from kit.errors import DomainError, Forbidden
from tests.cast import actor_named

pytestmark = pytest.mark.django_db


def test_mapping_a_code_releases_its_claims(billing):
    with billing() as world:
        ProcedureCode.objects.create(practice_id=world.actor.practice_id, system="snomed", code="430193006")
        claim = world.claim(ChargeLine(code="430193006", amount=Decimal("80.00"), diagnoses=("I10",)))
        row = UnmappedCode.objects.get()
        with pytest.raises(DomainError, match="five characters"):
            codes.map_code(row, billable_code="12", actor=world.actor)
        claim.refresh_from_db()
        assert claim.state == "held"
        assert codes.map_code(row, billable_code="99213", actor=world.actor).state == "mapped"
        claim.refresh_from_db()
        assert claim.state == "ready"


def test_a_fee_counts_between_its_days(billing):
    with billing() as world:
        FeeScheduleLine.objects.filter(code="99213").update(effective_to=date(2026, 2, 28))
        codes.add_fee(
            code="99213", amount=Decimal("160.00"), effective_from=date(2026, 3, 1), actor=world.actor
        )
        assert world.charged()[0].amount == Decimal("160.00")


def test_a_code_no_claim_could_carry_is_refused(billing):
    with billing() as world:
        before = ProcedureCode.objects.count()
        with pytest.raises(DomainError, match="five characters"):
            codes.add_code(system="cpt", code="992133", actor=world.actor)
        assert ProcedureCode.objects.count() == before


def test_codes_are_not_everybodys(billing):
    desk = actor_named("front_desk")
    with billing() as world:
        before = FeeScheduleLine.objects.count()
        with pytest.raises(Forbidden):
            codes.add_fee(code="99213", amount=Decimal(1), effective_from=date(2026, 3, 1), actor=desk)
        assert FeeScheduleLine.objects.count() == before
        assert world.codes


@pytest.mark.parametrize("path", ["claim-rules", "procedure-codes", "fees", "unmapped-codes"])
def test_the_kits_pages_open_for_a_biller(billing, biller, path):
    with billing() as world:
        world.claim()
    assert biller.at(f"billing/{path}/").status_code == 200


def test_a_rule_is_changed_on_its_page(billing, biller):
    from billing.models import ScrubRule
    from tests.cast import in_practice

    with billing() as world:
        world.claim()
        rule = ScrubRule.objects.get(code="enrolment")
    form = {
        "code": rule.code, "message": "Enrol first.", "test": rule.test, "severity": "hold",
        "effective_from": "01/01/2020", "is_active": "on",
    }  # fmt: skip
    answer = biller.send(f"billing/claim-rules/{rule.pk}/edit/", form)
    assert answer.status_code == 302
    with in_practice(world.actor):
        assert sorted(ScrubRule.objects.filter(code="enrolment").values_list("severity", flat=True)) == [
            "hold",
            "warn",
        ]
