"""Where a template says so, nobody signs what they answered themselves: not on the page, not over REST."""

import json

import pytest

from kit.errors import DomainError
from practice.models import ChecklistRun, Role
from practice.services import checklist_runs
from tests.cast import actor_named, in_practice
from tests.practice.checklist_samples import make_run

pytestmark = pytest.mark.django_db
STEPS = "number: Cash [0.. $]\ntext: Word (optional)"


@pytest.fixture
def run(acting):
    with acting("owner") as actor:
        made = make_run(actor, steps=STEPS, second_person=True, role=Role.objects.get(code="front_desk"))
    with acting("front_desk") as actor:
        checklist_runs.answer(made, step=made.version.steps.get(position=1), value="200", actor=actor)
    return made


def state(run):
    with in_practice(actor_named("owner")):
        return ChecklistRun.objects.get(pk=run.pk).state


def test_whoever_answered_does_not_sign_and_is_told_so(run, front_desk):
    page = front_desk.at(f"checklists/{run.pk}/").content.decode()
    assert "a second person signs this checklist" in page
    assert "Save and sign" not in page
    signing = {"signed_name": "Fay Flores", "do": "sign"}
    refused = front_desk.send(f"checklists/{run.pk}/", signing)
    assert refused.status_code == 422
    over_rest = front_desk.post(
        f"/p/harbor/api/v1/checklists/{run.pk}/sign/",
        json.dumps({"signed_name": "Fay Flores"}),
        content_type="application/json",
    )
    assert over_rest.status_code == 422
    assert state(run) == "open"


def test_a_second_person_signs(run, manager):
    assert "Save and sign" in manager.at(f"checklists/{run.pk}/").content.decode()
    signing = {"signed_name": "Mara Mendez", "do": "sign"}
    assert manager.send(f"checklists/{run.pk}/", signing).status_code == 302
    assert state(run) == "signed"


def test_a_second_person_who_adds_an_answer_is_none_any_more(run, acting):
    with acting("manager") as actor:
        word = run.version.steps.get(position=2)
        checklist_runs.answer(run, step=word, value="Counted twice", actor=actor)
        with pytest.raises(DomainError, match="second person"):
            checklist_runs.sign(run, signed_name=actor.name, actor=actor)
        checklist_runs.answer(run, step=word, value="", actor=actor)
        assert checklist_runs.sign(run, signed_name=actor.name, actor=actor).state == "signed"
