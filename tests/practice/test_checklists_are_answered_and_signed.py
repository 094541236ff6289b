"""Going through a checklist: answers are kept row by row, limits raise work, a signature closes it."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kit import etags
from kit.errors import Conflict, DomainError, Forbidden, StepUpNeeded
from practice.models import Attachment, ChecklistAnswer, ChecklistRun, ChecklistTemplate, Role, WorkItem
from practice.models.checklist import StepKind
from practice.rules import checklist_text
from practice.services import attachments, checklist_runs, checklists
from tests.cast import actor_named, in_practice
from tests.practice.checklist_samples import make_run, make_site

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "a7358f6d0000000049454e44ae426082"
)


@pytest.fixture
def run(acting):
    with acting("owner") as actor:
        return make_run(actor)


def now(run):
    with in_practice(actor_named("owner")):
        return ChecklistRun.objects.get(pk=run.pk)


def answers(run):
    with in_practice(actor_named("owner")):
        rows = ChecklistAnswer.objects.filter(run=run).order_by("created_at", "id")
        return list(rows.values_list("step__position", "value", "outside"))


def step(run, position):
    return run.version.steps.get(position=position)


def test_one_page_answers_and_signs(run, front_desk):
    page = front_desk.at(f"checklists/{run.pk}/")
    assert b"Lights on" in page.content
    done = front_desk.send(
        f"checklists/{run.pk}/",
        {"step-1": "on", "step-2": "38.5", "signed_name": "fay  flores", "do": "sign"},
    )
    assert done.status_code == 302
    signed = now(run)
    assert (signed.state, signed.signed_name) == ("signed", "fay flores")
    assert answers(run) == [(1, "done", False), (2, "38.5", False)]
    sheet = front_desk.at(f"checklists/{run.pk}/print/").content.decode()
    assert "Signed by fay flores" in sheet
    assert "38.5 °F" in sheet
    again = front_desk.send(f"checklists/{run.pk}/", {"step-2": "40", "do": "save"})
    assert again.status_code == 409
    assert len(answers(run)) == 2


def test_signing_waits_for_every_required_answer_and_keeps_nothing(run, front_desk):
    refused = front_desk.send(
        f"checklists/{run.pk}/", {"step-1": "on", "signed_name": "Fay Flores", "do": "sign"}
    )
    assert refused.status_code == 422
    assert "Still to answer: Refrigerator" in refused.content.decode()
    assert now(run).state == "open"
    assert answers(run) == []


def test_nobody_signs_with_another_name(run, front_desk):
    given = {"step-1": "on", "step-2": "38", "signed_name": "Olive Owens", "do": "sign"}
    refused = front_desk.send(f"checklists/{run.pk}/", given)
    assert refused.status_code == 422
    assert "Type your name as it is kept here: Fay Flores" in refused.content.decode()
    assert now(run).state == "open"


def test_signing_without_a_name_asks_for_a_fresh_sign_in(run, acting):
    with acting("front_desk") as actor:
        with pytest.raises(StepUpNeeded):
            checklist_runs.sign(run, actor=replace(actor, fresh=False))
        for position, value in ((1, "done"), (2, "38")):
            checklist_runs.answer(run, step=step(run, position), value=value, actor=actor)
        assert checklist_runs.sign(run, actor=actor).signed_name == "Fay Flores"


def test_a_reading_outside_its_limits_is_work_until_it_is_corrected(run, acting):
    with acting("front_desk") as actor:
        checklist_runs.answer(run, step=step(run, 2), value="46.5", actor=actor)
        item = WorkItem.objects.get(kind="practice.checklist_limit")
        assert item.title.startswith("Refrigerator: 46.5 °F")
        checklist_runs.answer(run, step=step(run, 2), value="46.5", actor=actor)
        checklist_runs.answer(run, step=step(run, 2), value="46", actor=actor)
        item.refresh_from_db()
        assert item.state == "done"
    assert answers(run) == [(2, "46.5", True), (2, "46", False)]


def test_a_file_is_kept_with_the_run(run, front_desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = SimpleUploadedFile("shelf.png", PNG, content_type="image/png")
    assert front_desk.send(f"checklists/{run.pk}/", {"step-3": photo, "do": "save"}).status_code == 302
    with in_practice(actor_named("owner")):
        kept = Attachment.objects.get(ref__record_id=run.pk)
    assert answers(run) == [(3, kept.name, False)]


@pytest.mark.parametrize(
    ("position", "value"), [(1, "maybe"), (2, "cold"), (2, "NaN"), (2, "38.555"), (3, "x")]
)
def test_an_answer_that_is_none_is_refused(run, acting, position, value):
    with acting("front_desk") as actor, pytest.raises(DomainError):
        checklist_runs.answer(run, step=step(run, position), value=value, actor=actor)
    assert answers(run) == []


def test_only_its_role_and_managers_answer_a_checklist_of_a_role(acting):
    with acting("owner") as actor:
        run = make_run(actor, role=Role.objects.get(code="front_desk"))
    with acting("biller") as actor, pytest.raises(Forbidden):
        checklist_runs.answer(run, step=step(run, 1), value="done", actor=actor)
    assert answers(run) == []
    for key in ("front_desk", "manager"):
        with acting(key) as actor:
            assert checklist_runs.may_do(run, actor=actor)


def test_other_locations_and_other_practices_find_nothing(run, acting, stranger):
    with acting("owner") as actor:
        other = make_site(actor)
    with acting("front_desk") as actor:
        elsewhere = replace(actor, locations=frozenset({other.pk}))
        with pytest.raises(Forbidden):
            checklist_runs.answer(run, step=step(run, 1), value="done", actor=elsewhere)
    for path in ("", "print/"):
        assert stranger.at(f"checklists/{run.pk}/{path}").status_code == 404
    assert stranger.send(f"checklists/{run.pk}/", {"step-1": "on"}).status_code == 404
    assert answers(run) == []


def test_a_change_of_steps_leaves_runs_their_own(run, manager):
    where = f"settings/checklist-templates/{run.template_id}/do/steps/"
    assert b"Refrigerator" in manager.at(where).content
    given = {
        "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0",
        "steps-0-text": "Second", "steps-0-position": "20", "steps-0-kind": "tick",
        "steps-1-text": "First", "steps-1-position": "10", "steps-1-kind": "number", "steps-1-lowest": "1",
    }  # fmt: skip
    with in_practice(actor_named("owner")):
        version = etags.etag_of(ChecklistTemplate.objects.get(pk=run.template_id))
    assert manager.send(where, {**given, "steps-1-highest": "0", "_version": version}).status_code == 422
    assert manager.send(where, {**given, "_version": version}).status_code == 302
    with in_practice(actor_named("owner")):
        template = ChecklistTemplate.objects.get(pk=run.template_id)
        texts = [each.text for each in checklists.steps_of(checklists.newest(template))]
        assert (template.version, texts) == (2, ["First", "Second"])
    assert now(run).version_id == run.version_id
    page = manager.at(f"checklists/{run.pk}/").content.decode()
    assert "Refrigerator" in page
    assert "Second" not in page
    done = {"step-1": "on", "step-2": "38", "signed_name": "Mara Mendez", "do": "sign"}
    assert manager.send(f"checklists/{run.pk}/", done).status_code == 302
    assert now(run).state == "signed"


def test_who_may_only_run_checklists_changes_none(run, front_desk, acting):
    where = f"settings/checklist-templates/{run.template_id}/do/steps/"
    assert front_desk.send(where, {}).status_code == 403
    with acting("front_desk") as actor, pytest.raises(Forbidden):
        checklists.pause(run.template, actor=actor)


def test_two_do_not_start_or_sign_the_same(run, acting):
    with acting("owner") as actor:
        checklists.start(run.template, actor=actor)
        with pytest.raises(Conflict):
            checklists.start(run.template, actor=actor)


def test_a_change_of_role_leaves_runs_their_own(acting):
    with acting("owner") as actor:
        run = make_run(actor, role=Role.objects.get(code="front_desk"))
        checklists.change(run.template, role=Role.objects.get(code="biller"), second_person=True, actor=actor)
    with acting("biller") as actor:
        assert not checklist_runs.may_do(now(run), actor=actor)
    with acting("front_desk") as actor:
        for position, value in ((1, "done"), (2, "38")):
            checklist_runs.answer(run, step=step(run, position), value=value, actor=actor)
        assert checklist_runs.sign(run, signed_name=actor.name, actor=actor).state == "signed"


def test_a_tick_is_undone_and_both_are_kept(run, front_desk):
    where = f"checklists/{run.pk}/"
    front_desk.send(where, {"step-1": "on", "step-2": "50", "do": "save"})
    with in_practice(actor_named("owner")):
        seen = {
            f"seen-{each.step.position}": str(each.pk)
            for each in ChecklistAnswer.objects.filter(run=run).select_related("step")
        }
    assert front_desk.send(where, {**seen, "step-2": "", "do": "save"}).status_code == 302
    assert answers(run) == [(1, "done", False), (2, "50", True), (1, "", False), (2, "", False)]
    with in_practice(actor_named("owner")):
        assert WorkItem.objects.get(kind="practice.checklist_limit").state == "done"
    page = front_desk.at(where).content.decode()
    assert "Taken back" in page
    assert "0 of 4 answered" in page


def test_evidence_that_was_withdrawn_or_taken_back_is_none(acting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with acting("owner") as actor:
        run = make_run(actor, steps="file: Photo of the log")
    with acting("front_desk") as actor:
        photo = step(run, 1)
        checklist_runs.answer(run, step=photo, file=("log.png", PNG), actor=actor)
        attachments.withdraw(Attachment.objects.get(ref__record_id=run.pk), reason="Wrong", actor=actor)
        with pytest.raises(DomainError, match="Still to answer: Photo of the log"):
            checklist_runs.sign(run, signed_name=actor.name, actor=actor)
        checklist_runs.answer(run, step=photo, file=("log.png", PNG), actor=actor)
        checklist_runs.answer(run, step=photo, value="", actor=actor)
        with pytest.raises(DomainError, match="Still to answer"):
            checklist_runs.sign(run, signed_name=actor.name, actor=actor)
        checklist_runs.answer(run, step=photo, file=("log.png", PNG), actor=actor)
        assert checklist_runs.sign(run, signed_name=actor.name, actor=actor).state == "signed"


def test_today_is_shown_by_location(run, manager):
    assert manager.at("checklists/today/").status_code == 200
    assert manager.at("checklists/", view="missed").status_code == 200


def test_text_knows_every_kind_of_step():
    assert set(checklist_text.KINDS) == set(StepKind.values)
