"""Findings: their day by severity, actions with proof, and what waits on the list."""

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.models import CorrectiveAction, Finding
from compliance.services import audits, findings
from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import WorkItem
from practice.services import rule_values
from tests.compliance.samples import make_actions, make_answers, make_findings

NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)
TODAY = date(2026, 3, 4)


@pytest.fixture(autouse=True)
def still_clock():
    with clock.at(NOON):
        yield


def gap(actor):
    record = make_answers(actor, 1)[0]
    return audits.answer(record, actor=actor, answer="not_met")


def waiting(kind):
    return list(
        WorkItem.objects.filter(kind=kind, state="open").order_by("id").values("id", "title", "due_on")
    )


@pytest.mark.parametrize(("severity", "days"), [("high", 30), ("medium", 60), ("low", 90)])
def test_how_bad_it_is_sets_the_day(acting, severity, days):
    with acting("owner") as actor:
        found = findings.raise_finding(gap(actor), actor=actor, title="One log-in for all", severity=severity)
        assert found.due_on == TODAY + timedelta(days=days)
        assert [item["due_on"] for item in waiting("compliance.finding")] == [found.due_on]


def test_a_practice_sets_its_own_days(acting):
    with acting("owner") as actor:
        rule_values.set_value(
            actor=actor, code="finding.high_days", value="10", effective_from=date(2026, 1, 1), reason="Ours"
        )
        found = findings.raise_finding(gap(actor), actor=actor, title="One log-in", severity="high")
        assert found.due_on == date(2026, 3, 14)


def test_what_is_met_shows_no_finding(acting):
    with acting("owner") as actor:
        record = make_answers(actor, 1)[0]
        for given in ({}, {"answer": "met", "notes": "seen"}):
            if given:
                audits.answer(record, actor=actor, **given)
            with pytest.raises(DomainError):
                findings.raise_finding(record, actor=actor, title="None", severity="low")
        assert Finding.objects.count() == 0


def test_a_finding_closes_only_when_all_its_actions_are_done(acting):
    with acting("owner") as actor:
        found = make_findings(actor, 1)[0]
        with pytest.raises(DomainError, match="Nothing was done"):
            findings.close_finding(found, actor=actor)
        made = [
            findings.add_action(actor=actor, finding=found, text=text, due_on=TODAY)
            for text in ("Give each a log-in", "Tell everybody")
        ]
        findings.complete_action(made[0], actor=actor, proof="Done on 03/04")
        with pytest.raises(DomainError, match="1 corrective action not done"):
            findings.close_finding(found, actor=actor)
        assert Finding.objects.get().state == "open"
        findings.complete_action(made[1], actor=actor, proof="Minutes of the meeting")
        findings.close_finding(found, actor=actor)
        assert (Finding.objects.get().state, Finding.objects.get().closed_on) == ("closed", TODAY)
        assert waiting("compliance.finding") == []
        with pytest.raises(Conflict):
            findings.close_finding(found, actor=actor)
        with pytest.raises(Conflict):
            findings.add_action(actor=actor, finding=found, text="More", due_on=TODAY)
        assert CorrectiveAction.objects.count() == 2


def test_an_action_needs_proof_and_is_done_once(acting):
    with acting("owner") as actor:
        made = make_actions(actor, 1)[0]
        with pytest.raises(DomainError) as refused:
            findings.complete_action(made, actor=actor, proof="  ")
        assert refused.value.field == "proof"
        assert CorrectiveAction.objects.get().state == "planned"
        findings.complete_action(made, actor=actor, proof="Photo of the lock")
        with pytest.raises(Conflict):
            findings.complete_action(made, actor=actor, proof="Another")
        assert CorrectiveAction.objects.get().proof == "Photo of the lock"


def test_an_action_cannot_end_after_its_finding(acting):
    with acting("owner") as actor:
        found = make_findings(actor, 1)[0]
        with pytest.raises(DomainError) as refused:
            findings.add_action(
                actor=actor, finding=found, text="Late", due_on=found.due_on + timedelta(days=1)
            )
        assert refused.value.field == "due_on"
        assert CorrectiveAction.objects.count() == 0


def test_overdue_actions_are_on_the_list_once_until_they_are_done(acting):
    with acting("owner") as actor:
        found = make_findings(actor, 1)[0]
        late = findings.add_action(actor=actor, finding=found, text="Buy locks", due_on=TODAY)
        findings.add_action(actor=actor, finding=found, text="Later", due_on=found.due_on)
        assert findings.chase_overdue(actor=actor) == 0
        with clock.at(NOON + timedelta(days=1)):
            assert findings.chase_overdue(actor=actor) == 1
            first = waiting("compliance.action")
            assert findings.chase_overdue(actor=actor) == 1
            assert waiting("compliance.action") == first
            assert first[0]["title"] == "Overdue action: Buy locks"
            findings.complete_action(late, actor=actor, proof="Receipt")
            assert waiting("compliance.action") == []
            assert findings.chase_overdue(actor=actor) == 0


def test_a_biller_may_not_close_a_finding(biller, acting):
    with acting("owner") as actor:
        found = make_findings(actor, 1)[0]
    assert biller.send(f"compliance/findings/{found.pk}/do/close/").status_code == 403
    with acting("biller") as actor, pytest.raises(Forbidden):
        findings.close_finding(found, actor=actor)
    with acting("owner"):
        assert Finding.objects.get().state == "open"
