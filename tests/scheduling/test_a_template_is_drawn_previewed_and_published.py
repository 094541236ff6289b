"""The editor, the preview, the lists and REST of supply, as requests."""

import html
import json
import re
from datetime import time, timedelta

import pytest

from scheduling.models import Appointment, Displacement, ScheduleException, ScheduleTemplate
from scheduling.rules.weeks import WeekBlock
from scheduling.selectors.templates import week_of
from scheduling.services import availability, kinds, resources, templates
from tests.cast import in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1/"


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        made = make_clinic(actor)
        for resource in made.resources:
            availability.regenerate(resource, actor=actor)
        return made


@pytest.fixture
def draft(site):
    with in_practice(site.actor) as actor:
        return templates.draft(
            resource=site.resources[0], valid_from=MONDAY + timedelta(days=1), actor=actor, cycle_weeks=2
        )


def week_page(person, draft):
    return person.at(f"scheduling/templates/{draft.pk}/week/").content.decode()


def fields(text):
    """What a browser would send back of the editor."""
    form = text[text.index("wr-form--week") : text.index("<template data-row-template")]
    given = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for tag in re.findall(r"<input[^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            given[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        given[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', body)[1]
    given.pop("copy_to", None)
    return {name: html.unescape(value) for name, value in given.items()}


def send(person, draft, given):
    return person.send(f"scheduling/templates/{draft.pk}/week/", given)


def test_the_editor_shows_the_week_as_a_picture_and_as_a_table(site, draft, manager):
    text = week_page(manager, draft)
    assert "Week of P. Lee0, MD" in text
    assert 'data-week-grid data-first="7"' in text
    assert (
        text.count("data-block-row") == 10 + 3 + 1
    )  # its blocks, three empty rows, the pattern of a new one
    assert 'value="8:00 AM"' in text
    assert "Week 2" in text


def test_what_is_typed_is_saved_as_the_week(site, draft, manager):
    given = fields(week_page(manager, draft))
    row = {
        "weekday": "5", "cycle_week": "2", "starts_at": "9 am", "ends_at": "11:30", "kind": "held", "types": "new, PE",
        "release_hours_before": "24", "capacity": "2", "label": "Saturday",
    }  # fmt: skip
    given |= {f"blocks-10-{name}": value for name, value in row.items()}
    given["blocks-0-starts_at"] = ""  # emptied: removed
    answer = send(manager, draft, given | {"do": "save"})
    assert answer.status_code == 302, answer.content.decode()
    with in_practice(site.actor):
        blocks = week_of(draft)
        assert len(blocks) == 10
        last = blocks[-1]
        assert (last.weekday, last.cycle_week, last.starts_at, last.ends_at) == (5, 2, time(9), time(11, 30))
        assert (last.kind, last.capacity, last.release_hours_before) == ("held", 2, 24)
        assert last.types == {site.types["new"].pk, site.types["pe"].pk}


def test_a_block_that_cannot_be_is_marked_and_nothing_is_saved(site, draft, manager):
    with in_practice(site.actor):
        before = week_of(draft)
    given = fields(week_page(manager, draft))
    overlap = given | {
        "blocks-10-weekday": "0",
        "blocks-10-starts_at": "11:00 AM",
        "blocks-10-ends_at": "2:00 PM",
    }
    answer = send(manager, draft, overlap)
    assert answer.status_code == 422
    assert "overlaps the block before it" in answer.content.decode()
    typed = given | {
        "blocks-10-weekday": "6", "blocks-10-starts_at": "8:00 AM", "blocks-10-ends_at": "9:00 AM",
        "blocks-10-types": "xx", "idempotency_key": "another",
    }  # fmt: skip
    answer = send(manager, draft, typed)
    assert answer.status_code == 422
    assert "No visit type has the code “xx”" in answer.content.decode()
    with in_practice(site.actor):
        assert week_of(draft) == before


def test_a_day_is_copied_to_others_by_one_button(site, draft, manager):
    given = fields(week_page(manager, draft)) | {"do": "copy_day", "copy_from": "0", "copy_to": ["5", "6"]}
    assert send(manager, draft, given).status_code == 302
    with in_practice(site.actor):
        assert {block.weekday for block in week_of(draft)} == set(range(7))


def test_two_people_in_one_draft_never_overwrite_each_other(site, draft, manager, owner):
    first, second = fields(week_page(manager, draft)), fields(week_page(owner, draft))
    assert send(manager, draft, first | {"blocks-0-label": "Mine", "do": "save"}).status_code == 302
    answer = send(owner, draft, second | {"blocks-0-label": "Theirs", "do": "save"})
    assert answer.status_code == 409
    with in_practice(site.actor):
        assert week_of(draft)[0].label == "Mine"


def test_the_preview_tells_hours_and_visits_and_changes_nothing(site, draft, manager):
    tuesday = MONDAY + timedelta(days=1)
    with in_practice(site.actor):
        kept = site.book(site.patient("Inside", "Ida"), starts_at=at(9, day=tuesday))
        lost = site.book(site.patient("Outside", "Otto"), starts_at=at(15, day=tuesday))
        mornings = [block for block in week_of(draft) if block.starts_at < time(12)]
        templates.set_week(draft, blocks=mornings, actor=site.actor)
    text = manager.at(f"scheduling/templates/{draft.pk}/preview/").content.decode()
    assert "Otto Outside" in text
    assert "Ida Inside" not in text
    assert "−160 h" in text  # eight weeks of five afternoons of four hours
    assert "320 h" in text
    with in_practice(site.actor):
        assert not Displacement.objects.exists()
        assert Appointment.objects.get(pk=lost.pk).starts_at == lost.starts_at
        assert ScheduleTemplate.objects.get(pk=draft.pk).state == "draft"
    page = manager.at(f"scheduling/templates/{draft.pk}/preview/").content.decode()
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page[page.index("do/publish") :])[1]
    answer = manager.send(f"scheduling/templates/{draft.pk}/do/publish/", {"idempotency_key": key})
    assert answer.status_code == 302
    with in_practice(site.actor):
        assert Displacement.objects.get().appointment == lost
        assert kept.pk != lost.pk


def test_a_published_version_has_no_editor_and_no_preview(site, manager):
    with in_practice(site.actor):
        version = ScheduleTemplate.objects.first()
    for page in ("week", "preview"):
        answer = manager.at(f"scheduling/templates/{version.pk}/{page}/")
        assert answer.status_code == 409
    page = manager.at(f"scheduling/templates/{version.pk}/").content.decode()
    assert "8:00 AM to 12:00 PM, open" in page
    assert "Draw the week" not in page


def test_only_who_may_change_templates_opens_the_editor(site, draft, front_desk, stranger):
    for page in ("week", "preview"):
        assert front_desk.at(f"scheduling/templates/{draft.pk}/{page}/").status_code == 403
        assert stranger.at(f"scheduling/templates/{draft.pk}/{page}/").status_code == 404
    assert send(front_desk, draft, {}).status_code == 403


def test_the_front_desk_settles_a_displaced_visit_from_its_page(site, front_desk, manager):
    with in_practice(site.actor):
        visit = site.book(site.patient("Moved", "Mary"), starts_at=at(9))
    form = {
        "resource": str(site.resources[0].pk), "kind": "closed", "starts_on": "03/02/2026", "ends_on": "03/02/2026",
        "starts_at": "8:00 AM", "ends_at": "12:00 PM", "reason": "Dentist", "source": "leave",
    }  # fmt: skip
    answer = manager.send("scheduling/exceptions/new/", form | {"idempotency_key": "e1"})
    assert answer.status_code == 302, answer.content.decode()
    listed = front_desk.at("scheduling/displaced/").content.decode()
    assert "Mary Moved" in listed
    with in_practice(site.actor):
        row = Displacement.objects.get()
    page = front_desk.at(f"scheduling/displaced/{row.pk}/").content.decode()
    assert f"scheduling/visits/{visit.pk}/move/" in page
    move = front_desk.at(f"scheduling/visits/{visit.pk}/move/").content.decode()
    slot = re.findall(r'name="slot" value="([^"|]+\|[^"]+)"', move)[0]
    key = re.search(r'name="idempotency_key" value="([^"]+)"', move)[1]
    data = {"slot": slot, "version": 1, "idempotency_key": key}
    assert front_desk.send(f"scheduling/visits/{visit.pk}/move/", data).status_code == 302
    with in_practice(site.actor):
        row.refresh_from_db()
        assert row.state == "moved"


def test_an_exception_without_hours_names_the_field(site, manager):
    form = {
        "resource": str(site.resources[0].pk), "kind": "extra", "starts_on": "03/07/2026", "ends_on": "03/07/2026",
        "reason": "Flu clinic", "source": "manual", "idempotency_key": "e2",
    }  # fmt: skip
    answer = manager.send("scheduling/exceptions/new/", form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Enter the time it begins" in text, re.findall(r"wr-problem.*?</ul>", text, re.DOTALL)
    with in_practice(site.actor):
        assert not ScheduleException.objects.exists()


def call(person, path, data, method="put", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    act = getattr(person, method)
    return act(f"{API}{path}", json.dumps(data), content_type="application/json", headers=named)


def test_a_draft_is_made_written_and_published_by_rest(site, manager):
    body = {"resource": str(site.resources[0].pk), "valid_from": "2026-03-09", "cycle_weeks": 1}
    made = call(manager, "scheduling/templates/", body, "post")
    assert made.status_code == 201, made.content
    path = f"scheduling/templates/{made.json()['id']}/"
    read = manager.get(f"{API}{path}blocks/")
    assert len(read.json()["blocks"]) == 10
    week = {"blocks": [{"weekday": 0, "starts_at": "08:00", "ends_at": "09:00"}]}
    assert call(manager, f"{path}blocks/", week).status_code == 428
    wrong = {"blocks": [*week["blocks"], {"weekday": 0, "starts_at": "08:30", "ends_at": "09:30"}]}
    refused = call(manager, f"{path}blocks/", wrong, If_Match=read["ETag"])
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "blocks.1.starts_at")
    written = call(manager, f"{path}blocks/", week, If_Match=read["ETag"])
    assert (written.status_code, len(written.json()["blocks"])) == (200, 1)
    effect = manager.get(f"{API}{path}preview/").json()
    assert effect["hours"][0]["change"] == (8 * 60 - 8 * 40 * 60)
    assert call(manager, f"{path}publish/", {}, "post").status_code == 200
    query = {"resource": str(site.resources[0].pk), "from_day": "2026-03-09", "to_day": "2026-03-15"}
    rows = manager.get(f"{API}availability/", query).json()["results"]
    assert [(row["starts_at"], row["kind"]) for row in rows] == [("2026-03-09T12:00:00Z", "open")]


def test_open_time_is_asked_for_in_bounds(site, front_desk, stranger):
    resource = str(site.resources[0].pk)
    assert front_desk.get(f"{API}availability/").status_code == 422
    long = {"resource": resource, "from_day": "2026-03-02", "to_day": "2026-05-02"}
    assert front_desk.get(f"{API}availability/", long).status_code == 422
    foreign = stranger.get("/p/summit/api/v1/availability/", {"resource": resource})
    assert foreign.json()["results"] == []


def test_the_lab_is_shown_with_and_without_a_what_if(site, manager, front_desk):
    page = manager.at("scheduling/access/").content.decode()
    assert "Third next available" in page
    assert "Supply against demand" in page
    asked = manager.at("scheduling/access/", hours="-10", overbook="5").content.decode()
    assert "With your change, nothing is written" in asked
    wrong = manager.at("scheduling/access/", hours="many")
    assert wrong.status_code == 422
    assert "There is a problem" in wrong.content.decode()
    assert front_desk.at("scheduling/access/").status_code == 403
    rows = manager.get(f"{API}access/", {"type": str(site.types["fu"].pk)}).json()
    assert [row["days"] for row in rows["results"]] == [0, 0]
    assert front_desk.get(f"{API}access/").status_code == 403


def test_the_first_hours_of_a_device_show_whom_they_would_leave_without_it(site, manager):
    with in_practice(site.actor) as actor:
        device = resources.add(actor=actor, kind="device", name="Scanner", group="us", location=site.site)
        kinds.add_need(actor=actor, type=site.types["pe"], kind="device", group="us", count=1)
        inside = site.book(
            site.patient("Inside", "Ida"), starts_at=at(9, day=MONDAY + timedelta(days=7)), kind="pe"
        )
        site.book(
            site.patient("Outside", "Otto"), starts_at=at(15, day=MONDAY + timedelta(days=7)), kind="pe"
        )
        made = templates.draft(resource=device, valid_from=MONDAY, actor=actor)
        mornings = [WeekBlock(weekday=0, starts_at=time(8), ends_at=time(12))]
        templates.set_week(made, blocks=mornings, actor=actor)
    text = manager.at(f"scheduling/templates/{made.pk}/preview/").content.decode()
    assert "Otto Outside" in text
    assert "Ida Inside" not in text
    with in_practice(site.actor) as actor:
        templates.publish(made, actor=actor)
        assert Displacement.objects.get().appointment.patient.first_name == "Otto"
        assert Appointment.objects.get(pk=inside.pk).starts_at == inside.starts_at
