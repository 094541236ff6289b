"""Audits: which items they ask, what an answer must bring, and what stands in the way of closing."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.models import Audit, AuditAnswer, ChecklistItem, Finding
from compliance.rules import still_before_closing
from compliance.selectors.audits import progress
from compliance.services import audits, findings
from compliance.services.programmes import install_programme, shipped_items
from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Attachment

NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)
PDF = b"%PDF-1.7 evidence"


@pytest.fixture(autouse=True)
def still_clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(NOON):
        yield


def start(actor, *, checklist="security", **details):
    programme = install_programme(actor=actor, checklist=checklist)
    return audits.start_audit(actor=actor, programme=programme, name="HIPAA 2026", **details)


def one(audit, code):
    return audit.answers.select_related("item", "audit_round").get(item__code=code)


def state_of(audit):
    return list(audit.answers.order_by("id").values("answer", "notes", "alternative", "answered_on"))


def test_the_shipped_checklists_have_the_items_of_the_handbook():
    security = shipped_items("security")
    assert [item.code for item in security] == [f"S{number}" for number in range(1, 50)]
    assert {item.code for item in shipped_items("privacy")} == {
        *(f"P{number}" for number in range(1, 15)),
        *(f"B{number}" for number in range(6)),
    }
    assert sum(not item.is_required for item in security) == 22
    assert all(item.citation.startswith("45 CFR 164.") and len(item.text) <= 300 for item in security)


def test_installing_twice_is_once(acting):
    with acting("owner") as actor:
        first = install_programme(actor=actor, checklist="privacy")
        rows = list(ChecklistItem.objects.order_by("id").values())
        assert install_programme(actor=actor, checklist="privacy") == first
        assert [{**row, "updated_at": None} for row in ChecklistItem.objects.order_by("id").values()] == [
            {**row, "updated_at": None} for row in rows
        ]


@pytest.mark.parametrize(("day", "part_two"), [(date(2026, 2, 15), False), (date(2026, 2, 16), True)])
def test_an_audit_asks_what_is_in_force_on_its_first_day(acting, day, part_two):
    with acting("owner") as actor:
        audit = start(actor, checklist="privacy", started_on=day)
        assert audit.answers.count() == 20
        assert ("Part 2" in one(audit, "P1").item.text) is part_two


def test_an_audit_ends_after_it_begins_and_has_a_name_of_its_own(acting):
    with acting("owner") as actor:
        audit = start(actor)
        for refused in ({"due_on": date(2026, 3, 3)}, {}):
            with pytest.raises(DomainError):
                start(actor, **refused)
        assert list(Audit.objects.all()) == [audit]


@pytest.mark.parametrize(
    ("code", "given", "field"),
    [
        ("S2", {"answer": "met"}, "notes"),
        ("S2", {"answer": "partly", "notes": "  "}, "notes"),
        ("S2", {"answer": "na"}, "notes"),
        ("S7", {"answer": "not_met"}, "alternative"),
        ("S2", {"answer": "open"}, "answer"),
        ("S2", {"answer": "perhaps", "notes": "x"}, "answer"),
    ],
)
def test_an_answer_without_its_proof_is_refused_at_its_field(acting, code, given, field):
    with acting("owner") as actor:
        audit = start(actor)
        before = state_of(audit)
        with pytest.raises(DomainError) as refused:
            audits.answer(one(audit, code), actor=actor, **given)
        assert refused.value.field == field
        assert state_of(audit) == before


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("S2", {"answer": "met", "notes": "Done in January"}),
        ("S2", {"answer": "not_met"}),
        ("S7", {"answer": "not_met", "alternative": "Two people; each sees the other's work"}),
    ],
)
def test_an_answer_with_its_proof_is_kept_with_who_and_when(acting, code, given):
    with acting("owner") as actor:
        audit = start(actor)
        audits.answer(one(audit, code), actor=actor, **given)
        kept = one(audit, code)
        assert (kept.answer, kept.answered_on, kept.answered_by_id) == (
            given["answer"], date(2026, 3, 4), actor.membership_id,
        )  # fmt: skip


def test_evidence_is_proof_enough_and_is_counted(acting):
    with acting("owner") as actor:
        audit = start(actor)
        audits.attach(one(audit, "S2"), actor=actor, file=SimpleUploadedFile("risk.pdf", PDF), note="2026")
        audits.answer(one(audit, "S2"), actor=actor, answer="met")
        told = progress(audit)
        assert (told.items, told.answered, told.waiting, told.met, told.files) == (49, 1, 48, 1, 1)


def test_what_is_no_document_is_not_kept(acting):
    with acting("owner") as actor:
        audit = start(actor)
        with pytest.raises(DomainError):
            audits.attach(one(audit, "S2"), actor=actor, file=SimpleUploadedFile("x.exe", b"MZ\x00\xff\xfe"))
        assert Attachment.objects.count() == 0


def test_closing_waits_for_answers_and_high_findings():
    assert still_before_closing(unanswered=0, high_findings=0) == ""
    words = still_before_closing(unanswered=2, high_findings=1)
    assert words == "2 items without an answer and 1 high finding open"


def test_an_audit_closes_when_nothing_stands_in_the_way_and_then_stays(acting):
    with acting("owner") as actor:
        audit = start(actor, checklist="privacy")
        with pytest.raises(DomainError, match="20 items"):
            audits.close_audit(audit, actor=actor)
        for record in audit.answers.all():
            audits.answer(record, actor=actor, answer="not_met")
        found = findings.raise_finding(one(audit, "P2"), actor=actor, title="All see all", severity="high")
        findings.raise_finding(one(audit, "P5"), actor=actor, title="No log", severity="low")
        with pytest.raises(DomainError, match="1 high finding"):
            audits.close_audit(audit, actor=actor)
        assert Audit.objects.get().state == "open"
        Finding.objects.filter(pk=found.pk).update(state=Finding.State.CLOSED)
        audits.close_audit(audit, actor=actor)
        assert (Audit.objects.get().state, Audit.objects.get().closed_on) == ("closed", date(2026, 3, 4))
        before = state_of(audit)
        for act in (
            lambda: audits.answer(one(audit, "P2"), actor=actor, answer="met", notes="x"),
            lambda: audits.attach(one(audit, "P2"), actor=actor, file=SimpleUploadedFile("a.pdf", PDF)),
            lambda: findings.raise_finding(one(audit, "P2"), actor=actor, title="More", severity="low"),
            lambda: audits.close_audit(audit, actor=actor),
        ):
            with pytest.raises(Conflict):
                act()
        assert state_of(audit) == before
        assert (Finding.objects.count(), Attachment.objects.count()) == (2, 0)


def test_a_physician_neither_sees_nor_answers(physician, acting):
    with acting("owner") as actor:
        audit = start(actor)
        record = one(audit, "S2")
    assert physician.at(f"compliance/audits/{audit.pk}/").status_code == 403
    with acting("physician") as actor, pytest.raises(Forbidden):
        audits.answer(record, actor=actor, answer="met", notes="x")
    with acting("owner"):
        assert AuditAnswer.objects.exclude(answer="open").count() == 0
