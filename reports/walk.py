"""The reports' part of the walk: the night, figures that open their rows, the P&L variance report and its PDF."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from practice.walk import Page, Step, Walker, WalkFailed

KPI = r"/reports/kpi/((?!compute)[a-z0-9_-]+)/"
REPORT = r"/reports/pnl/[0-9a-f-]{36}/$"


def run_the_night(walker: Walker) -> str:
    """Every key figure is computed, and the wall says when."""
    walker.sign_in("manager")
    page = walker.get("reports/kpi/")
    job = walker.wait_for_job(walker.submit(page, page.form(words="Compute again")))
    wall = walker.get(job.link(href=r"/reports/kpi/$", words="Continue")).expect("Numbers as of")
    walker.kept["kpis"] = sorted(set(re.findall(KPI + r'[^"]*"', wall.text)))
    if len(walker.kept["kpis"]) < 10:
        raise WalkFailed(f"the wall shows {len(walker.kept['kpis'])} key figures, not ten")
    return f"{len(walker.kept['kpis'])} key figures computed"


def open_the_rows(walker: Walker) -> str:
    """Each figure opens the rows it counts and they add up; the walk's visit is one of today's."""
    rows = 0
    for code in walker.kept["kpis"]:
        page = walker.get(f"reports/kpi/{code}/")
        if "These rows add up to" in page.text:
            raise WalkFailed(f"the rows of {code} do not add up to it")
        rows += sum(int(each.replace(",", "")) for each in re.findall(r"Total of ([\d,]+) rows?<", page.text))
    today = walker.kept["today"]
    visits = walker.get(f"reports/kpi/visits/?from={today}&to={today}")
    page = visits
    while walker.kept["patient"] not in page.text:
        page = walker.get(page.url.split("?")[0] + page.link(href=r"top=", words="Next").split("#")[0])
    shown = re.search(r"<dt>Visits</dt><dd>([\d,]+)</dd>", visits.text)
    counted = re.search(r"Total of ([\d,]+) rows?<", visits.text)
    if shown is None or counted is None or shown[1] != counted[1]:
        raise WalkFailed(f"{shown and shown[1]} visits are made of {counted and counted[1]} rows")
    answer = walker.api(f"kpis/visits/?from={today}&to={today}").text
    if not re.search(rf'"(?:value|numerator)":"?{shown[1]}(?:\.0+)?"?[,}}]', answer):
        raise WalkFailed(f"REST does not say {shown[1]} visits: {answer[:300]}")
    return f"{len(walker.kept['kpis'])} figures of {rows} rows, all add up; {shown[1]} visits today, also by REST"


def make_the_report(walker: Walker) -> str:
    """Last month's P&L by cash, made in the background; it cannot be final before its variances are explained."""
    first = date.fromisoformat(walker.kept["today"]).replace(day=1)
    month = f"{first - timedelta(days=1):%Y-%m}"
    page = walker.get("reports/pnl/new/")
    job = walker.wait_for_job(walker.submit(page, page.form(field="basis"), month=month, basis="cash"))
    report = walker.get(job.link(href=rf"/reports/pnl/month/{month}/cash/", words="Continue")).expect(
        "P&amp;L variance", "Finalize"
    )
    if not re.search(REPORT, report.url):
        raise WalkFailed(f"the finished job leads to {report.url}")
    explained = 0
    if "Before it can be final" in report.text:
        walker.submit(report, report.form(action="/finalize/"), status=422)
    while "Before it can be final" in report.text and explained < 60:
        report = _explain_one(walker, report=report)
        explained += 1
    final = walker.submit(report, report.form(action="/finalize/")).expect("Final")
    walker.kept["report"] = final.url
    return f"{month} by cash: {explained} variances explained, then final"


def _explain_one(walker: Walker, *, report: Page) -> Page:
    missing = walker.get(report.url.split("?")[0] + report.link(href=r"#explain$").split("#")[0])
    form = missing.form(action="/explain/")
    text = "Fewer visits than planned in the last week of the month, made up for in the next one."
    said: dict[str, Any] = {
        name: value for name, value in {"text": text, "action": "Watch weekly"}.items() if name in form.fields
    }
    cause = re.search(r'<(?:input|option)[^>]*value="(volume|timing)"', missing.text)
    return walker.submit(missing, form, cause=cause[1] if cause else "timing", **said)


def get_the_pdf(walker: Walker) -> str:
    """The report as a PDF, for who cannot click."""
    report = walker.get(walker.kept["report"])
    if "Make PDF" in report.text:
        job = walker.wait_for_job(walker.submit(report, report.form(words="Make PDF")))
        if "Pango" in job.text or "unavailable" in job.text:
            return "skipped: this machine has no Pango, all else works without"
        report = walker.get(walker.kept["report"])
    file = walker.get(report.link(href=r"/files/[0-9a-f-]{36}/$", words="Download PDF"))
    if not file.content.startswith(b"%PDF-") or len(file.content) < 5_000:
        raise WalkFailed(f"the file of {len(file.content)} bytes is no PDF")
    return f"{len(file.content) // 1024} kB of PDF"


def open_the_owners_page(walker: Walker) -> str:
    """The owner sees what the month brought; a tile opens its rows; the front desk may not."""
    walker.sign_in("owner")
    page = walker.get("reports/owner/").expect("Owners", "Visits")
    tiles = sorted(set(re.findall(KPI, page.text)))
    walker.get(page.link(href=KPI)).expect("Definition")
    walker.sign_in("front_desk")
    walker.get("reports/owner/", status=403)
    return f"{len(tiles)} figures open their rows; the front desk is refused"


STEPS: tuple[Step, ...] = (
    ("Run the night", run_the_night),
    ("Open the rows behind the figures", open_the_rows),
    ("Make the P&L variance report", make_the_report),
    ("Download its PDF", get_the_pdf),
    ("Open the owners' page", open_the_owners_page),
)
