"""The audit page and the page of one control, with a file taken in and given back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.models import AuditAnswer, Finding
from practice.models import Attachment
from tests.compliance.samples import make_answers, make_findings

PDF = b"%PDF-1.7 evidence"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_findings_come_first_with_their_citation_and_the_state_of_their_plan(owner, acting):
    with acting("owner") as actor:
        found = make_findings(actor, 1)[0]
        audit = found.answer.audit_round
    page = owner.at(f"compliance/audits/{audit.pk}/").content.decode()
    assert found.title in page
    assert found.answer.item.citation in page
    assert "Plan missing" in page
    assert "1 of 49" in page


def test_controls_are_listed_in_the_order_of_the_rule(owner, acting):
    with acting("owner") as actor:
        audit = make_answers(actor, 1)[0].audit_round
    page = owner.at(f"compliance/audits/{audit.pk}/", tab="controls").content.decode()
    assert page.index(">S1<") < page.index(">S2<") < page.index(">S10<") < page.index(">S49<")


def test_a_control_is_answered_with_a_file_and_shows_a_finding(owner, acting):
    with acting("owner") as actor:
        record = make_answers(actor, 1)[0]
    here = f"compliance/answers/{record.pk}/"
    refused = owner.send(f"{here}do/answer/", {"answer": "partly"})
    assert refused.status_code == 422
    assert "Attach evidence first" in refused.content.decode()
    kept = owner.send(f"{here}do/attach/", {"file": SimpleUploadedFile("plan.pdf", PDF), "note": "The plan"})
    assert kept.status_code == 302
    assert owner.send(f"{here}do/answer/", {"answer": "partly"}).status_code == 302
    assert owner.send(f"{here}do/finding/", {"title": "Plan is old", "severity": "low"}).status_code == 302
    page = owner.at(here).content.decode()
    assert "plan.pdf" in page
    assert "Plan is old" in page
    assert "Partly met" in page
    with acting("owner"):
        assert AuditAnswer.objects.get(pk=record.pk).answer == "partly"
        assert Finding.objects.get().title == "Plan is old"
        file = Attachment.objects.get()
    answer = owner.at(f"files/{file.pk}/download/")
    assert b"".join(answer.streaming_content) == PDF


def test_the_file_stays_shut_for_those_who_may_not_see_audits(owner, biller, stranger, acting):
    with acting("owner") as actor:
        record = make_answers(actor, 1)[0]
    owner.send(f"compliance/answers/{record.pk}/do/attach/", {"file": SimpleUploadedFile("a.pdf", PDF)})
    with acting("owner"):
        file = Attachment.objects.get()
    assert biller.at(f"files/{file.pk}/download/").status_code == 404
    assert stranger.at(f"files/{file.pk}/download/").status_code == 404


def test_another_practice_finds_neither_audit_nor_control(stranger, acting):
    with acting("owner") as actor:
        record = make_answers(actor, 1)[0]
    assert stranger.at(f"compliance/audits/{record.audit_round_id}/").status_code == 404
    assert stranger.at(f"compliance/answers/{record.pk}/").status_code == 404


def test_a_page_costs_the_same_for_many_findings_as_for_one(owner, acting, django_assert_max_num_queries):
    with acting("owner") as actor:
        audit = make_findings(actor, 12)[0].answer.audit_round
    owner.at(f"compliance/audits/{audit.pk}/")
    for tab in ("findings", "controls"):
        with django_assert_max_num_queries(40):
            assert owner.at(f"compliance/audits/{audit.pk}/", tab=tab).status_code == 200
