"""Records of compliance's Resources for the cases every Resource has (tests/resources)."""

import itertools
from datetime import date

from compliance.models import ChecklistItem, Programme
from compliance.services import audits, findings
from compliance.services.programmes import install_programme
from kit.testing import Sample

NUMBERS = itertools.count(1)


def make_programmes(actor, count):
    """The shipped ones first; more of them, as somebody's older ones, by hand."""
    install_programme(actor=actor, checklist="security")
    return [
        Programme.objects.create(
            practice_id=actor.practice_id, kind="osha", name=f"Programme {next(NUMBERS)}"
        )
        for _ in range(count)
    ]


def make_items(actor, count):
    programme = make_programmes(actor, 1)[0]
    return [
        ChecklistItem.objects.create(
            practice_id=actor.practice_id,
            programme=programme,
            code=f"X{number}",
            citation="45 CFR 164",
            text="Something is asked",
            position=number,
            effective_from=date(2020, 1, 1),
        )
        for number in range(count)
    ]


def make_audits(actor, count):
    programme = install_programme(actor=actor, checklist="privacy")
    return [
        audits.start_audit(actor=actor, programme=programme, name=f"Round {next(NUMBERS)}")
        for _ in range(count)
    ]


def make_answers(actor, count):
    """Answers of one audit, not yet given, required items first."""
    programme = install_programme(actor=actor, checklist="security")
    made = audits.start_audit(actor=actor, programme=programme, name=f"Round {next(NUMBERS)}")
    return list(made.answers.select_related("item").order_by("-item__is_required", "item__position")[:count])


def make_findings(actor, count):
    found = []
    for answer in make_answers(actor, count):
        audits.answer(answer, actor=actor, answer="not_met")
        found.append(findings.raise_finding(answer, actor=actor, title="A gap", severity="medium"))
    return found


def make_actions(actor, count):
    return [
        findings.add_action(actor=actor, finding=finding, text="Mend it", due_on=finding.due_on)
        for finding in make_findings(actor, count)
    ]


def _programme_form(actor):
    return {"checklist": "privacy"}


def _audit_form(actor):
    programme = install_programme(actor=actor, checklist="privacy")
    return {"programme": str(programme.pk), "name": f"Round {next(NUMBERS)}"}


def _action_form(actor):
    finding = make_findings(actor, 1)[0]
    return {"finding": str(finding.pk), "text": "Mend it", "due_on": f"{finding.due_on:%m/%d/%Y}"}


SAMPLES = {
    "compliance.programme": Sample(make=make_programmes, form=_programme_form),
    "compliance.item": Sample(make=make_items),
    "compliance.audit": Sample(make=make_audits, form=_audit_form),
    "compliance.answer": Sample(make=make_answers),
    "compliance.finding": Sample(make=make_findings),
    "compliance.action": Sample(make=make_actions, form=_action_form),
}
