"""Checklists and runs for the cases every Resource has (taken up by tests/practice/samples.py)."""

import itertools
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from kit.testing import Sample
from practice.models import ChecklistRun
from practice.rules.recurrence import moment
from practice.services import checklists, places

NUMBERS = itertools.count(1)
STEPS = "tick: Lights on\nnumber: Refrigerator [36..46 °F]\nfile: Photo (optional)\ntext: Word (optional)"


def make_template(actor, *, steps=STEPS, started=True, **values):
    given = {"name": f"List {next(NUMBERS)}", "recurrence": "daily", "due_time": time(8)}
    made = checklists.add(actor=actor, **given | values)
    made = checklists.write_steps(made, steps=steps, actor=actor)
    return checklists.start(made, actor=actor) if started else made


def make_site(actor, **values):
    return places.add_location(actor=actor, name=f"Place {next(NUMBERS)}", **values)


def make_run(actor, *, site=None, **values):
    """A run of an ordinary Tuesday in the future, whatever day the test runs on."""
    site = site or make_site(actor)
    template = make_template(actor, **{"location": site, "started": False} | values)
    version = checklists.newest(template)
    day = date(2030, 1, 1) + timedelta(days=next(NUMBERS))
    return ChecklistRun.objects.create(
        practice_id=actor.practice_id, template=template, version=version, location=site, on=day,
        due_at=moment(day, at=time(8), zone=ZoneInfo(site.timezone)), role=template.role,
        second_person=template.second_person,
    )  # fmt: skip


def _runs(actor, count):
    site = make_site(actor)
    return [make_run(actor, site=site) for _ in range(count)]


def _template_form(actor):
    return {"name": f"List {next(NUMBERS)}", "recurrence": "daily", "due_time": "08:00"}


CHECKLIST_SAMPLES = {
    "practice.checklist_run": Sample(make=_runs),
    "practice.checklist_template": Sample(
        make=lambda actor, n: [make_template(actor, started=False) for _ in range(n)], form=_template_form
    ),
}
