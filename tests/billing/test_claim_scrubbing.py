"""Rules hold a claim until it is right or somebody answers for it with a reason."""

from datetime import date

import pytest

from billing.models import Claim, ScrubFinding, ScrubRule
from billing.services import rules_catalogue, scrubbing
from billing.services.charges import ChargeLine
from kit import clock
from kit.errors import DomainError, Forbidden
from practice.models import WorkItem
from staff.models import Credential
from tests.billing import claim_world
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
State = Claim.State


def test_a_complete_claim_is_ready_and_has_no_finding(billing):
    with billing() as world:
        claim = world.claim()
        assert (claim.state, list(ScrubFinding.objects.all())) == (State.READY, [])
        assert [event.state for event in claim.events.order_by("created_at", "id")] == ["draft", "ready"]


def test_a_missing_npi_holds_the_claim_and_asks_for_work(billing):
    with billing() as world:
        world.provider.npi = ""
        world.provider.save()
        claim = world.claim()
        item = WorkItem.objects.get(kind="claim.held")
        assert claim.state == State.HELD
        assert [row.rule.code for row in claim.findings.select_related("rule")] == ["rendering-npi"]
        assert (item.due_on, item.amount, item.permission) == (
            claim.file_by,
            claim.total,
            "billing.change_claim",
        )


def test_checking_again_after_the_repair_releases_it(billing):
    with billing() as world:
        world.provider.npi = ""
        world.provider.save()
        claim = world.claim()
        world.provider.npi = "1619876547"
        world.provider.save()
        claim = scrubbing.check(claim, actor=world.actor)
        assert claim.state == State.READY
        assert not claim.findings.exists()
        assert WorkItem.objects.get().state == "done"


def test_a_licence_that_had_ended_on_the_day_holds(billing):
    with billing() as world:
        Credential.objects.update(expires_on=date(2026, 3, 1))
        claim = world.claim()
        assert [row.rule.code for row in claim.findings.select_related("rule")] == ["licence"]
        assert claim.state == State.HELD


def test_a_warning_lets_the_claim_go(billing):
    with billing() as world:
        Credential.objects.all().delete()
        claim = world.claim()
        assert [row.rule.code for row in claim.findings.select_related("rule")] == ["licence-unknown"]
        assert claim.state == State.READY


def test_the_same_service_twice_holds_the_second(billing):
    with billing() as world:
        first = world.claim()
        second = world.claim()
        finding = second.findings.select_related("rule").get()
        assert (first.state, second.state, finding.rule.code) == (State.READY, State.HELD, "duplicate")
        assert first.control_number in finding.detail
        assert finding.line_number == 1


def test_another_modifier_is_another_service(billing):
    with billing() as world:
        world.claim()
        second = world.claim(ChargeLine(code="99213", modifiers=("25",), diagnoses=("I10",)))
        assert second.state == State.READY


def test_what_only_the_format_refuses_is_named_last(billing):
    with billing() as world:
        world.payer.name = "中"
        world.payer.save()
        claim = world.claim()
        finding = claim.findings.select_related("rule").get()
        assert finding.rule.code == "format"
        with pytest.raises(DomainError, match="cannot be written"):
            scrubbing.override(finding, reason="We are sure", actor=world.actor)
        assert Claim.objects.get().state == State.HELD


def test_an_override_needs_a_reason_and_stays_on_record(billing):
    with billing() as world:
        world.claim()
        second = world.claim()
        finding = second.findings.get()
        with pytest.raises(DomainError, match="why"):
            scrubbing.override(finding, reason=" ", actor=world.actor)
        assert ScrubFinding.objects.get().overridden_at is None
        claim = scrubbing.override(finding, reason="Seen twice that day", actor=world.actor)
        assert claim.state == State.READY
        assert scrubbing.check(claim, actor=world.actor).state == State.READY
        assert ScrubFinding.objects.get().override_reason == "Seen twice that day"
        assert claim.events.filter(note__contains="Seen twice that day").exists()


def test_an_override_is_not_for_everybody(billing):
    physician = actor_named("physician")
    with billing() as world:
        world.claim()
        second = world.claim()
        with pytest.raises(Forbidden):
            scrubbing.override(second.findings.get(), reason="Seen twice that day", actor=physician)
        assert ScrubFinding.objects.get().overridden_at is None


def test_a_sent_claim_is_not_checked(billing):
    with billing() as world:
        claim = world.claim()
        Claim.objects.update(state="submitted")
        with pytest.raises(DomainError, match="already left"):
            scrubbing.check(claim, actor=world.actor)
        assert Claim.objects.get().state == "submitted"


def test_a_changed_rule_counts_from_today_and_the_old_one_stays(billing):
    with billing() as world:
        rules_catalogue.install(actor=world.actor)
        old = ScrubRule.objects.get(code="licence-unknown")
        new = rules_catalogue.change(old, severity="hold", actor=world.actor)
        old.refresh_from_db()
        assert (old.severity, old.effective_to, new.effective_from) == (
            "warn",
            date(2026, 3, 3),
            date(2026, 3, 4),
        )
        again = rules_catalogue.change(new, message="Get the licence.", actor=world.actor)
        assert again.pk == new.pk
        Credential.objects.all().delete()
        assert world.claim().state == State.HELD


def test_a_rule_over_an_unknown_test_is_refused(billing):
    with billing() as world:
        with pytest.raises(DomainError, match="Choose a test"):
            rules_catalogue.add(
                code="mine",
                message="No.",
                test="__import__",
                effective_from=date(2026, 1, 1),
                actor=world.actor,
            )
        assert not ScrubRule.objects.exists()


def test_a_rule_for_one_payer_leaves_the_others_alone(billing):
    with billing() as world:
        rules_catalogue.install(actor=world.actor)
        other = type(world.payer).objects.create(
            practice_id=world.actor.practice_id, name="Other", payer_id="O1"
        )
        ScrubRule.objects.filter(code="duplicate").update(payer=other)
        world.claim()
        assert world.claim().state == State.READY


def test_many_claims_are_checked_in_a_fixed_number_of_reads(billing, django_assert_max_num_queries):
    with billing() as world:
        from billing.selectors.claim_facts import facts_of
        from billing.selectors.claim_wire import loaded

        for name in ("Aziz", "Blanc", "Cate", "Dixon"):
            world.charged(visit=world.visit(patient=world.another_patient(last_name=name)))
        with django_assert_max_num_queries(9):
            claims = loaded(Claim.objects.all())
            facts = facts_of(claims, today=date(2026, 3, 4))
        assert len(facts) == 4


def test_another_practice_has_its_own_rules(billing):
    with billing() as world:
        rules_catalogue.install(actor=world.actor)
        count = ScrubRule.objects.count()
        assert count == len(rules_catalogue.CATALOGUE)
        assert rules_catalogue.install(actor=world.actor) == 0
    with clock.at(claim_world.NOW), in_practice(actor_named("stranger")):
        assert not ScrubRule.objects.exists()
