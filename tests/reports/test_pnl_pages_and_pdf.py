"""The pages of the P&L variance report and its PDF, made by the job."""

import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from kit.pdf import PdfUnavailable, _weasyprint
from practice import jobs
from practice.models import Attachment, JobRun
from practice.worker import run_waiting
from reports.models import VarianceExplanation, VarianceLine, VarianceReport
from reports.selectors import pnl as selectors
from reports.services import pnl
from tests.cast import actor_named, in_practice
from tests.reports.pnl_world import MONTH, NOW, books

pytestmark = pytest.mark.django_db


def made():
    with in_practice(actor_named("manager")) as actor, clock.at(NOW):
        books(actor)
        return pnl.make(MONTH, basis="accrual", actor=actor)


def lines(report):
    with in_practice(actor_named("manager")):
        return {line.account.number: line for line in report.lines.select_related("account")}


def body(response):
    return response.content.decode()


def explained(client, report, *, account, text="Agency cover."):
    line = lines(report)[account]
    return client.send(f"reports/pnl/{report.pk}/explain/{line.pk}/", {"cause": "one_off", "text": text})


def test_the_page_shows_reading_and_what_is_missing(manager):
    report = made()
    page = body(manager.at(f"reports/pnl/{report.pk}/"))
    assert "2 explanations missing" in page
    for word in ("Favorable", "Unfavorable", "On budget", "(15,000)", "Net income was $54,800"):
        assert word in page, word


def test_every_actual_opens_the_lines_that_add_up_to_it(manager):
    report = made()
    page = body(manager.at(f"reports/pnl/{report.pk}/"))
    links = [unescape(link) for link in re.findall(r'href="(/p/harbor/finance/lines/\?[^"]+)"', page)]
    with in_practice(actor_named("manager")):
        figures = [each for each in selectors.shown(report).rows if each.row.kind != "group"]
    assert len(links) == 3 * len(figures)
    supplies = next(link for link in links if "12,000" in near(page, link))
    opened = body(manager.get(supplies))
    assert "12,000.00" in opened
    assert "9,000.00" not in opened
    net = body(manager.get(next(link for link in links if "providers,other" in link)))
    assert "100,000.00" in net
    assert "70,000.00" not in net  # the cash book's


def near(page, link):
    return page[page.find(link.replace("&", "&amp;")) :][: len(link) + 120]


def test_a_physician_sees_the_figures_but_no_way_into_the_books(physician):
    page = body(physician.at(f"reports/pnl/{made().pk}/"))
    assert "54,800" in page
    assert "/finance/lines/" not in page
    assert "Save explanation" not in page


def test_who_may_not_see_it_does_not(front_desk, biller, stranger, nobody):
    report = made()
    for client, status in ((front_desk, 403), (biller, 403), (stranger, 404)):
        assert client.at(f"reports/pnl/{report.pk}/").status_code == status
    other = stranger.get(f"/p/summit/reports/pnl/{report.pk}/")
    assert other.status_code == 404
    assert nobody.at("reports/pnl/").status_code == 302


def test_explaining_and_finalizing_from_the_page(manager):
    report = made()
    assert manager.send(f"reports/pnl/{report.pk}/finalize/").status_code == 422
    assert explained(manager, report, account=5800, text="").status_code == 422
    for account in (5800, 7100):
        assert explained(manager, report, account=account).status_code == 302
    assert manager.send(f"reports/pnl/{report.pk}/finalize/").status_code == 302
    page = body(manager.at(f"reports/pnl/{report.pk}/"))
    assert "Final" in page
    assert "Finalize February" not in page
    assert explained(manager, report, account=5800, text="Late words.").status_code == 409
    with in_practice(actor_named("manager")):
        assert VarianceReport.objects.get().state == "final"
        assert set(VarianceExplanation.objects.values_list("text", flat=True)) == {"Agency cover."}


def test_a_physician_may_not_change_it(physician):
    report = made()
    assert explained(physician, report, account=5800).status_code == 403
    assert physician.send(f"reports/pnl/{report.pk}/finalize/").status_code == 403
    assert physician.send("reports/pnl/new/", {"month": "2026-02", "basis": "accrual"}).status_code == 403
    with in_practice(actor_named("manager")):
        assert not VarianceExplanation.objects.exists()
        assert not JobRun.objects.filter(kind__startswith="reports.").exists()


def test_a_line_of_another_report_is_not_found(manager):
    report = made()
    with in_practice(actor_named("manager")) as actor, clock.at(NOW):
        cash = pnl.make(MONTH, basis="cash", actor=actor)
    line = lines(cash)[5800]
    path = f"reports/pnl/{report.pk}/explain/{line.pk}/"
    assert manager.send(path, {"cause": "one_off", "text": "x"}).status_code == 404


@pytest.mark.parametrize("month", ["2199-01", "soon", ""])
def test_a_month_that_cannot_be_made_is_refused_in_words(manager, month):
    answer = manager.send("reports/pnl/new/", {"month": month, "basis": "accrual"})
    assert answer.status_code == 422
    assert "There is a problem" in body(answer)


def test_the_page_costs_the_same_however_much_is_explained(manager):
    report = made()

    def cost():
        manager.at(f"reports/pnl/{report.pk}/")  # shows the message of the last act
        with CaptureQueriesContext(connection) as queries:
            assert manager.at(f"reports/pnl/{report.pk}/").status_code == 200
        return len(queries)

    explained(manager, report, account=5800)
    few = cost()
    for account in lines(report):
        explained(manager, report, account=account)
    assert cost() == few


def test_the_list_names_months_and_what_is_missing(manager):
    made()
    page = body(manager.at("reports/pnl/"))
    assert "February 2026" in page
    assert "2 of 2 missing" in page


@pytest.mark.django_db(transaction=True)
def test_ordered_from_the_page_it_is_made_with_its_pdf(manager):
    try:
        _weasyprint()
    except PdfUnavailable:
        pytest.skip("Pango is not installed")
    from pypdf import PdfReader

    with in_practice(actor_named("manager")) as actor:
        books(actor)
    answer = manager.send("reports/pnl/new/", {"month": "2026-02", "basis": "accrual"})
    assert answer.status_code == 302
    assert "/jobs/" in answer["Location"]
    actor = actor_named("manager")
    run_waiting(practice_id=actor.practice_id)
    with in_practice(actor):
        assert list(JobRun.objects.values_list("kind", "state")) == [("reports.pnl", "done")]
        report = VarianceReport.objects.get()
        file = Attachment.objects.get()
    page = manager.at("reports/pnl/month/2026-02/accrual/", follow="")
    assert page["Location"].endswith(f"/reports/pnl/{report.pk}/")
    assert f"/files/{file.pk}/download/" in body(manager.get(page["Location"]))
    content = b"".join(manager.at(f"files/{file.pk}/download/").streaming_content)
    pdf = PdfReader(io.BytesIO(content))
    text = "\n".join(sheet.extract_text() for sheet in pdf.pages)
    for words in (
        "P&L variance report", "Harbor Family Medicine", "Accrual", "Net income was $54,800, $15,000 under budget",
        "Unfavorable", "(15,000)", "Prior year", "Not explained yet", f"Page 2 of {len(pdf.pages)}",
    ):  # fmt: skip
        assert words in text, words
    assert len(pdf.pages) >= 4


@pytest.mark.django_db(transaction=True)
def test_the_monthly_job_needs_no_arguments_and_twice_is_once():
    actor = actor_named("manager")
    with in_practice(actor):
        books(actor)
        run = jobs.enqueue("reports.pnl", actor=actor, key="2026-02")
    run_waiting(practice_id=actor.practice_id)
    with in_practice(actor):
        jobs.again(JobRun.objects.get(pk=run.pk), actor=actor)
    run_waiting(practice_id=actor.practice_id)
    with in_practice(actor):
        assert JobRun.objects.get().state == "done"
        assert VarianceReport.objects.count() == 1
        assert VarianceLine.objects.count() == 5


def test_a_change_after_the_pdf_asks_for_a_new_one(manager):
    report = made()
    with in_practice(actor_named("manager")) as actor:
        pnl.keep_pdf(report.pk, content=b"%PDF-1.7 test", rendered_from=datetime.now(UTC), actor=actor)
    assert "Download PDF" in body(manager.at(f"reports/pnl/{report.pk}/"))
    explained(manager, report, account=5800)
    assert "Download PDF" not in body(manager.at(f"reports/pnl/{report.pk}/"))
