"""A write-off above the practice's limit: asked for by the biller, carried out by somebody else's word alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from billing.models import DenialCase, LedgerEntry
from billing.services import adjustment_catalogue, denials, posting, remittances
from kit.errors import Conflict, DomainError
from practice.approvals import kinds
from practice.models import ApprovalRequest, WorkItem
from practice.services import approvals
from practice.services.rule_values import set_value
from tests.billing.remittance_text import answer, line, payment, text
from tests.billing.remittance_world import build, owed
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
D = Decimal


def limit(actor, *, value, since):
    set_value(actor=actor, code="denial.write_off_alone", value=value, effective_from=since, reason="Test")


@pytest.fixture
def case(acting):
    with acting("manager") as actor:
        limit(actor, value="50", since=date(2026, 1, 1))
    with acting("biller") as actor:
        adjustment_catalogue.install(actor=actor)
        world = build(actor)
        claim = world.claim("70.00")
        said = answer(claim, line("99211", "70.00", "0.00", "CO-197 70.00"))
        file = remittances.receive(text(payment(said)), name="x.835", actor=actor)
        posting.post(file.remittances.get(), actor=actor)
        return DenialCase.objects.get()


def give_up(case, key="biller"):
    with in_practice(actor_named(key)) as actor:
        denials.lose(case, note="Filed late", disposition="write_off", actor=actor)
        return ApprovalRequest.objects.get()


def balance(case):
    return owed(case.claim.lines.get().charge, payer=case.payer)


def test_the_biller_asks_and_nothing_is_written_off_until_somebody_agrees(case, acting):
    request = give_up(case)
    with acting("biller") as actor:
        assert (request.amount, request.reason) == (D("70.00"), "Filed late")
        assert DenialCase.objects.get().state == "waiting"
        assert balance(case) == D("70.00")
        with pytest.raises(DomainError, match="You asked for this"), transaction.atomic():
            approvals.approve(request, actor=actor)
        with pytest.raises(Conflict, match="asked for already"), transaction.atomic():
            denials.lose(case, note="Again", disposition="write_off", actor=actor)
        assert not LedgerEntry.objects.filter(kind="write_off").exists()
    with acting("manager") as actor:
        approvals.approve(request, actor=actor)
        assert DenialCase.objects.get().state == "lost"
        assert balance(case) == D("0.00")
        entry = LedgerEntry.objects.get(kind="write_off")
        assert entry.memo == f"Approval {request.number}: Filed late"
        assert not WorkItem.objects.filter(kind="practice.approval", state="open").exists()


def test_a_refused_one_is_worked_again(case, acting):
    request = give_up(case)
    with acting("owner") as actor:
        approvals.refuse(request, note="Appeal first", actor=actor)
        assert DenialCase.objects.get().state == "working"
        assert balance(case) == D("70.00")


def test_what_was_worked_meanwhile_is_not_written_off(case, acting):
    request = give_up(case)
    with acting("biller") as actor:
        denials.appeal(case, note="Sent after all", actor=actor)
    with acting("manager") as actor:
        with pytest.raises(Conflict, match="has changed since"), transaction.atomic():
            approvals.approve(request, actor=actor)
        assert DenialCase.objects.get().state == "appealed"
        assert balance(case) == D("70.00")


def test_small_sums_and_other_ways_need_nobody(case, acting):
    with acting("manager") as actor:
        limit(actor, value="70", since=date(2026, 2, 1))
    with acting("biller") as actor:
        denials.lose(case, note="Small", disposition="write_off", actor=actor)
        assert balance(case) == D("0.00")
        assert not ApprovalRequest.objects.exists()


def test_the_page_of_the_case_shows_what_was_asked(case, acting, manager, biller):
    request = give_up(case)
    page = biller.at(f"billing/denials/{case.pk}/").content.decode()
    assert f"/approvals/{request.pk}/" in page
    asked = manager.at(f"approvals/{request.pk}/").content.decode()
    for words in ("Write-off of $70.00", "Filed late", "CO-197", "Still open"):
        assert words in asked


def test_every_kind_names_what_is_there():
    from django.apps import apps
    from django.utils.module_loading import import_string

    from practice.form_purposes import purposes
    from practice.permissions import all_permissions

    for kind in kinds().values():
        apps.get_model(kind.subject)
        for name in (kind.snapshot, kind.on_approve, kind.on_refuse):
            assert not name or callable(import_string(name))
        assert {str(kind.ask_permission), str(kind.decide_permission)} <= set(all_permissions())
    for purpose in purposes().values():
        assert not purpose.accept or callable(import_string(purpose.accept))
        assert str(purpose.review_permission) in all_permissions()
        asked = {question.key: question.kind for question in purpose.starts_with}
        assert set(purpose.needs) <= set(asked.items())
