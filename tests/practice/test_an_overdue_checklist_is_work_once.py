"""A checklist that is not signed when it is due is one item of work until it is signed, however often one looks."""

from datetime import UTC, datetime

import pytest

from kit import clock
from practice.models import ChecklistRun, JobRun, WorkItem
from practice.services import checklist_days, checklist_runs, work_desk
from tests.practice.checklist_samples import make_site, make_template

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 11, 24, 12, 59, tzinfo=UTC), datetime(2026, 11, 24, 13, 1, tzinfo=UTC)
NEXT = datetime(2026, 11, 25, 7, tzinfo=UTC)
KIND = "practice.checklist_overdue"


@pytest.fixture
def owner(acting):
    with acting("owner") as actor:
        yield actor


@pytest.fixture
def run(owner):
    with clock.at(MORNING):
        template = make_template(owner, location=make_site(owner), steps="tick: Lights on")
    return ChecklistRun.objects.get(template=template)


def chase(owner, moment):
    with clock.at(moment):
        return checklist_days.chase(actor=owner)


def test_it_is_looked_at_when_it_is_due(run):
    job = JobRun.objects.get(kind="practice.checklists_due")
    assert (job.key, job.run_after) == ("2026-11-24T13:00:00+00:00", run.due_at)


def test_it_is_one_item_from_the_due_hour_on(run, owner):
    assert chase(owner, BEFORE) == 0
    assert WorkItem.objects.filter(kind=KIND).count() == 0
    for _ in range(3):
        chase(owner, AFTER)
    with clock.at(NEXT):
        checklist_days.close_day(actor=owner)
        checklist_days.close_day(actor=owner)
    item = WorkItem.objects.get(kind=KIND)
    assert (item.state, item.ref.record_id) == ("open", run.pk)
    assert "was not signed on 11/24/2026" in item.title


def test_a_signature_ends_it(run, owner):
    chase(owner, AFTER)
    with clock.at(AFTER):
        checklist_runs.answer(run, step=run.version.steps.get(), value="done", actor=owner)
        assert checklist_runs.sign(run, signed_name=owner.name, actor=owner).state == "late"
    item = WorkItem.objects.get(kind=KIND)
    assert (item.state, item.outcome) == ("done", f"Signed by {owner.name}")
    chase(owner, NEXT)
    assert WorkItem.objects.filter(kind=KIND).count() == 1


def test_what_somebody_has_dealt_with_does_not_come_back(run, owner):
    chase(owner, AFTER)
    work_desk.done([WorkItem.objects.get(kind=KIND)], outcome="Told them", actor=owner)
    chase(owner, AFTER)
    assert [item.state for item in WorkItem.objects.filter(kind=KIND)] == ["done"]
