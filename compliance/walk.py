"""Compliance's part of the walk: a control is answered with evidence, a gap becomes a finding with an action."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from practice.walk import Page, Step, Walker, WalkFailed

ANSWER = r"/compliance/answers/[0-9a-f-]{36}/$"
EVIDENCE = b"Risk analysis of this year: every system that holds patient data, with owner and safeguards.\n"


def _open_control(walker: Walker) -> Page:
    """The first control of the running HIPAA audit that nobody has answered."""
    audit = walker.get(
        walker.get("compliance/audits/?view=open").link(href=r"/compliance/audits/[0-9a-f-]{36}/$")
    )
    controls = walker.get(audit.url + "?tab=controls")
    waiting = [row for row in re.findall(r"(?s)<tr>.*?</tr>", controls.text) if "Not answered" in row]
    found = re.search(r'href="([^"]+/compliance/answers/[0-9a-f-]{36}/)"', waiting[0]) if waiting else None
    if found is None:
        raise WalkFailed("every control of the audit is answered already")
    walker.kept["audit"] = audit.url
    return walker.get(found[1])


def answer_a_control(walker: Walker) -> str:
    """ "Met" needs something that shows it; the evidence is kept as it was given and counted on the audit."""
    walker.sign_in("compliance")
    control = _open_control(walker)
    files = re.search(r"<dt>Evidence</dt><dd>(\d+)", walker.get(walker.kept["audit"]).text)
    asked = walker.get(control.link(href=r"/do/answer/$"))
    walker.submit(asked, asked.form(field="notes"), status=422, answer="met").expect("There is a problem")
    page = walker.get(control.link(href=r"/do/attach/$"))
    given = {"file": ("risk-analysis.txt", EVIDENCE)}
    kept = walker.submit(page, page.form(field="note"), files=given, note="This year's").expect(
        "risk-analysis.txt"
    )
    if walker.get(kept.link(href=r"/files/[0-9a-f-]{36}/$")).content != EVIDENCE:
        raise WalkFailed("the evidence comes back changed")
    walker.submit(asked, asked.form(field="notes"), answer="met", notes="Reviewed by the officer").expect(
        "Met"
    )
    after = re.search(r"<dt>Evidence</dt><dd>(\d+)", walker.get(walker.kept["audit"]).text)
    if files is None or after is None or int(after[1]) != int(files[1]) + 1:
        raise WalkFailed("the audit does not count the new evidence")
    return f"met needs evidence; risk-analysis.txt kept to the byte, {after[1]} files on the audit"


def find_a_gap(walker: Walker) -> str:
    """A control that is not met gets a finding; it cannot be closed before its corrective action is done."""
    control = _open_control(walker)
    asked = walker.get(control.link(href=r"/do/answer/$"))
    form = asked.form(field="notes")
    words: dict[str, Any] = {"notes": "No proof found"}
    if "alternative" in form.fields:
        words["alternative"] = "Locked room"
    unmet = walker.submit(asked, form, answer="not_met", **words).expect("Not met")
    page = walker.get(unmet.link(href=r"/do/finding/$"))
    title = "Nobody has written down who may enter the server room"
    walker.submit(page, page.form(field="title"), title=title, severity="high").expect(title)
    finding = walker.get(
        walker.get("compliance/findings/?view=open").link(href=r"/compliance/findings/", words=title)
    )
    page = walker.get(finding.link(href=r"/do/close/$"))
    walker.submit(page, page.form(field="idempotency_key"), status=422)
    walker.get(walker.kept["audit"]).expect(title, "Plan missing")
    page = walker.get(finding.link(href=r"/compliance/actions/new/"))
    key = finding.url.rstrip("/").rsplit("/", 1)[-1]
    action: dict[str, Any] = {
        "finding": key,
        "text": "Write the access list",
        "due_on": f"{date.today() + timedelta(days=5):%m/%d/%Y}",
    }
    made = walker.submit(page, page.form(field="due_on"), **action).expect("Write the access list")
    page = walker.get(made.link(href=r"/do/complete/$"))
    walker.submit(page, page.form(field="proof"), proof="List signed, filed under S7").expect("Done")
    page = walker.get(finding.link(href=r"/do/close/$"))
    walker.submit(page, page.form(field="idempotency_key")).expect("Closed")
    return "finding raised, not closed before its action is done, then closed"


STEPS: tuple[Step, ...] = (
    ("Answer a HIPAA control", answer_a_control),
    ("Find a gap and close it", find_a_gap),
)
