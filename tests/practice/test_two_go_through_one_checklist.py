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


HTMX = {"HX-Request": "true"}


def tick(visitor, run, position, **given):
    return visitor.post(f"/p/harbor/checklists/{run.pk}/lines/{position}/", given, headers=HTMX)


@pytest.mark.django_db
def test_each_tick_is_saved_at_once_with_who_and_when_and_is_undone(run, front_desk):
    done = tick(front_desk, run, 1, **{"step-1": "on", "seen-1": ""})
    said = done.content.decode()
    assert done.status_code == 200
    assert re.search(r'name="step-1"[^>]*checked', said)
    for words in ("Fay Flores, ", "Saved: Lights on", "1 of 3 answered", 'id="line-1"'):
        assert words in said, words
    assert 'id="line-2"' not in said
    assert answers(run) == [(1, "done")]
    again = tick(front_desk, run, 1, **{"step-1": "on", "seen-1": ""})
    assert (again.status_code, answers(run)) == (200, [(1, "done")])
    undone = tick(front_desk, run, 1, undo="1", **seen_on(again))
    assert "Taken back: Lights on" in undone.content.decode()
    assert re.search(r'name="step-1"[^>]*autofocus', undone.content.decode())
    assert answers(run) == [(1, "done"), (1, "")]
    tick(front_desk, run, 1, **{"step-1": "on"}, **seen_on(undone))
    unticked = tick(front_desk, run, 1, **seen_on(front_desk.at(f"checklists/{run.pk}/")))
    assert "0 of 3 answered" in unticked.content.decode()
    assert [value for _, value in answers(run)] == ["done", "", "done", ""]


@pytest.mark.django_db
def test_without_script_undo_goes_back_to_the_page(run, front_desk):
    where = f"checklists/{run.pk}/"
    front_desk.send(where, {"step-1": "on", "do": "save"})
    back = front_desk.send(f"{where}lines/1/", {"undo": "1", **seen_on(front_desk.at(where)), "step-2": "on"})
    assert (back.status_code, back["Location"].endswith(where)) == (302, True)
    assert answers(run) == [(1, "done"), (1, "")]


@pytest.mark.django_db
def test_a_page_that_asks_again_is_given_the_lines_that_others_changed(run, front_desk, manager):
    early = seen_on(front_desk.at(f"checklists/{run.pk}/"))
    assert front_desk.at(f"checklists/{run.pk}/lines/", **early).status_code == 204
    tick(manager, run, 2, **{"step-2": "on", "seen-2": ""})
    told = front_desk.at(f"checklists/{run.pk}/lines/", **early)
    said = told.content.decode()
    assert re.search(r'id="line-2" hx-swap-oob="true"', said)
    assert "Mara Mendez, " in said
    assert 'id="line-1"' not in said
    assert front_desk.at(f"checklists/{run.pk}/lines/", **early | seen_on(told)).status_code == 204


@pytest.mark.django_db
def test_a_line_says_what_is_wrong_and_keeps_nothing(run, front_desk, manager):
    wrong = tick(front_desk, run, 3, **{"step-3": "much", "seen-3": ""})
    assert (wrong.status_code, answers(run)) == (422, [])
    assert 'value="much"' in wrong.content.decode()
    tick(manager, run, 3, **{"step-3": "200", "seen-3": ""})
    late = tick(front_desk, run, 3, **{"step-3": "210", "seen-3": ""})
    assert late.status_code == 422
    assert "Mara Mendez answered “$200.00” in the meantime" in late.content.decode()
    assert 'value="210"' in late.content.decode()
    assert answers(run) == [(3, "200")]
    assert tick(front_desk, run, 9, **{"step-9": "on"}).status_code == 404
    front_desk.send(
        f"checklists/{run.pk}/", {"step-1": "on", "step-2": "on", "signed_name": "Fay Flores", "do": "sign"}
    )
    signed = tick(manager, run, 1, **{"seen-1": ""}, undo="1")
    assert signed.status_code == 422
    assert "nothing in it changes any more" in signed.content.decode()
    asked = manager.at(f"checklists/{run.pk}/lines/")
    assert (asked.status_code, asked["HX-Refresh"]) == (204, "true")


@pytest.mark.django_db
def test_whoever_ticks_a_line_does_not_sign_what_a_second_person_signs(acting, front_desk, manager):
    with acting("owner") as actor:
        run = make_run(actor, steps="tick: Lights on", second_person=True)
    said = tick(front_desk, run, 1, **{"step-1": "on", "seen-1": ""}).content.decode()
    assert "a second person signs this checklist" in said
    assert 'name="signed_name"' not in said
    signs = {
        **seen_on(front_desk.at(f"checklists/{run.pk}/")),
        "step-1": "on",
        "signed_name": "Fay Flores",
        "do": "sign",
    }
    assert front_desk.send(f"checklists/{run.pk}/", signs).status_code == 422
    assert 'name="signed_name"' in manager.at(f"checklists/{run.pk}/").content.decode()


@pytest.mark.django_db
def test_who_may_only_read_and_other_practices_tick_nothing(run, physician, stranger):
    where = f"checklists/{run.pk}/lines/"
    assert stranger.send(f"{where}1/", {"step-1": "on"}).status_code == 404
    assert stranger.at(where).status_code == 404
    assert answers(run) == []
