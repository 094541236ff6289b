"""The page of background work: by state and kind, paged by key, in plain words; the asker sees their own."""

import re

import pytest
from django.db import connection

from practice import jobs
from practice.models import JobRun
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db


@jobs.kind("test.page", label="Counting pages")
def count_pages(job):
    pass


@jobs.kind("test.other", label="Another kind")
def another(job):
    pass


def made(number, *, of="manager", kind="test.page", **values):
    actor = actor_named(of)
    with in_practice(actor):
        rows = [
            JobRun(
                practice_id=actor.practice_id,
                kind=kind,
                key=f"{kind}-{n}",
                requested_by=actor.user_id,
                **values,
            )
            for n in range(number)
        ]
        return JobRun.objects.bulk_create(rows, batch_size=500)


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_three_thousand_rows_are_paged_without_a_gap_and_without_more_queries(manager):
    rows = made(3_000)
    address, seen, pages, costs = "jobs/", [], 0, set()
    while address:
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        page = text(manager.get(f"/p/harbor/{address}"))
        connection.force_debug_cursor = False
        costs.add(len(connection.queries_log) - before)
        seen += re.findall(r'<th scope="row"><a href="/p/harbor/jobs/([0-9a-f-]{36})/"', page)
        after = re.search(r'href="(\?[^"]+)" rel="next"', page)
        address = "jobs/" + after[1].replace("&amp;", "&") if after else ""
        pages += 1
    assert pages == 60
    assert len(seen) == len(set(seen)) == len(rows)
    assert max(costs) < 45


def test_rows_are_found_by_state_and_by_the_name_of_the_work(manager):
    made(2, state="failed", error="The file is gone.")
    made(3, kind="test.other", state="failed", error="No room on the disk.")
    made(1, kind="test.other", of="stranger", state="failed", error="Of summit")
    every = text(manager.at("jobs/", view="failed"))
    assert (every.count("The file is gone."), every.count("No room on the disk.")) == (2, 3)
    assert "Of summit" not in every
    one = text(manager.at("jobs/", view="failed", q="another"))
    assert one.count("No room on the disk.") == 3
    assert "The file is gone." not in one
    assert "match" in text(manager.at("jobs/", view="done", q="another kind"))
    assert "Nothing has failed" not in every


def test_failed_work_is_run_again_from_the_page_one_by_one_or_together(manager):
    rows = made(3, state="failed", error="The file is gone.", attempts=5)
    response = manager.send(f"jobs/{rows[0].pk}/do/again/")
    assert (response.status_code, response["Location"]) == (302, f"/p/harbor/jobs/{rows[0].pk}/?done=again")
    manager.send("jobs/bulk/again/", {"pk": [str(row.pk) for row in rows[1:]]})
    with in_practice(actor_named("manager")):
        found = JobRun.objects.filter(kind="test.page")
        assert set(found.values_list("state", "attempts", "error")) == {("queued", 0, "")}


def test_the_asker_sees_their_own_work_but_neither_the_list_nor_others(front_desk):
    (own,) = made(1, of="front_desk")
    (other,) = made(1, kind="test.other")
    assert front_desk.at(f"jobs/{own.pk}/").status_code == 200
    assert front_desk.at(f"jobs/{other.pk}/").status_code == 403
    assert front_desk.at("jobs/").status_code == 403
    assert front_desk.send(f"jobs/{own.pk}/do/again/").status_code == 403
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practice_jobrun WHERE state <> 'queued'")
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil.example"]
)
def test_finished_work_leads_on_within_this_site_alone(manager, address):
    [job] = made(1, state="done")
    page = manager.get(f"/p/harbor/jobs/{job.pk}/", {"next": address}).content.decode()
    assert ("Continue" in page, address in page) == (False, False)
    page = manager.get(f"/p/harbor/jobs/{job.pk}/", {"next": "/p/harbor/work/"}).content.decode()
    assert 'href="/p/harbor/work/">Continue' in page
