"""Two people at one checklist: neither undoes the other's ticks, both learn of it, and one signature counts."""

import re
import threading

import pytest
from django.db import connection

from kit.errors import Conflict
from practice.models import ChecklistAnswer, ChecklistRun
from practice.services import checklist_runs
from practice.transactions import acting_in
from tests.cast import actor_named, in_practice
from tests.practice.checklist_samples import make_run

STEPS = "tick: Lights on\ntick: Alarm off\nnumber: Cash [0.. $]"


@pytest.fixture
def run(acting):
    with acting("owner") as actor:
        return make_run(actor, steps=STEPS)


def answers(run):
    with in_practice(actor_named("owner")):
        rows = ChecklistAnswer.objects.filter(run=run).order_by("created_at", "id")
        return list(rows.values_list("step__position", "value"))


def seen_on(page):
    return dict(re.findall(r'name="(seen-\d+)" value="([^"]*)"', page.content.decode()))


@pytest.mark.django_db
def test_a_page_that_was_opened_before_takes_no_tick_back(run, front_desk, manager):
    where = f"checklists/{run.pk}/"
    early = seen_on(front_desk.at(where))
    assert early == {"seen-1": "", "seen-2": "", "seen-3": ""}
    manager.send(where, {**early, "step-2": "on", "step-3": "200", "do": "save"})
    assert front_desk.send(where, {**early, "step-1": "on", "do": "save"}).status_code == 302
    assert answers(run) == [(2, "done"), (3, "200"), (1, "done")]


@pytest.mark.django_db
def test_the_same_answer_twice_is_one_and_another_one_is_asked_about(run, front_desk, manager):
    where = f"checklists/{run.pk}/"
    early = seen_on(front_desk.at(where))
    manager.send(where, {**early, "step-1": "on", "step-3": "200", "do": "save"})
    assert front_desk.send(where, {**early, "step-1": "on", "do": "save"}).status_code == 302
    assert answers(run) == [(1, "done"), (3, "200")]
    refused = front_desk.send(where, {**early, "step-2": "on", "step-3": "210", "do": "save"})
    assert refused.status_code == 409
    said = refused.content.decode()
    assert "Mara Mendez answered “$200.00” in the meantime" in said
    assert answers(run) == [(1, "done"), (3, "200")]
    assert re.search(r'name="step-1"[^>]*checked', said), "what the other one ticked is shown as it stands"
    assert re.search(r'name="step-2"[^>]*checked', said), "what was typed is kept"
    again = {"step-1": "on", "step-2": "on", "step-3": "210", "do": "save", **seen_on(refused)}
    assert front_desk.send(where, again).status_code == 302
    assert answers(run) == [(1, "done"), (3, "200"), (2, "done"), (3, "210")]


@pytest.mark.django_db(transaction=True)
def test_ticks_and_signatures_at_the_same_moment_count_once():
    owner = actor_named("owner")
    with acting_in(owner.practice_id, actor=owner):
        run = make_run(owner, steps="tick: Lights on")
        step = run.version.steps.get()
    people = [actor_named("front_desk"), actor_named("manager")] * 3
    results = together(people, lambda actor: checklist_runs.answer(run, step=step, value="done", actor=actor))
    assert results == ["done"] * 6
    with acting_in(owner.practice_id, actor=owner):
        assert ChecklistAnswer.objects.filter(run=run).count() == 1
    results = together(people, lambda actor: checklist_runs.sign(run, signed_name=actor.name, actor=actor))
    assert sorted(results, key=str) == sorted(["done", *[Conflict] * 5], key=str)
    with acting_in(owner.practice_id, actor=owner):
        assert ChecklistRun.objects.get(pk=run.pk).state == "signed"


def together(people, act):
    gate, results = threading.Barrier(len(people)), []

    def do(actor):
        try:
            gate.wait(10)
            with acting_in(actor.practice_id, actor=actor):
                act(actor)
            results.append("done")
        except Exception as error:
            results.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
