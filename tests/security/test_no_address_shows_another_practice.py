"""Every address of the resolver × another practice: 404 for what is foreign, and never a word of it.

Addresses are enumerated, never listed by hand; one whose parameters nobody can fill in fails the suite. Each run asks
every fourth one, the deep tier all of them.
"""

import re

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from practice import jobs
from practice.actor import system_actor
from practice.models import JobRun, Practice
from practice.transactions import acting_in
from practice.worker import run
from tests.cast import Visitor, actor_named, in_practice, owner_cursor
from tests.security.two_practices import CANARY, fingerprint, mark, shows_canary, tell
from tests.tiers import share

# What another practice's row looks like: unknown, or refused before anybody looked for it.
HIDDEN = {403, 404, 405, 415, 428}
# What a parameter of an address stands for. Rows are taken from harbor, the practice that is not asked.
ROWS = {
    "appointment_id": "scheduling.Appointment",
    "attachment_id": "practice.Attachment",
    "account_id": "finance.Account",
    "bulk_id": "practice.BulkRun",
    "budget_id": "finance.Budget",
    "charge_id": "billing.Charge",
    "batch_id": "practice.LetterBatch",
    "display_id": "practice.WallDisplay",
    "claim_id": "billing.Claim",
    "denial_id": "billing.DenialCase",
    "export_id": "practice.PracticeExport",
    "field_id": "practice.FormField",
    "finding_id": "billing.ScrubFinding",
    "file_id": "billing.RemittanceFile",
    "journal_id": "finance.Journal",
    "invitation_id": "practice.Invitation",
    "item_id": "practice.WorkItem",
    "job_id": "practice.JobRun",
    "letter_id": "practice.Letter",
    "line_id": "reports.VarianceLine",
    "link_id": "practice.PublicLink",
    "patient_id": "patients.Patient",
    "provider_id": "staff.Provider",
    "announcement_id": "practice.Announcement",
    "note_id": "practice.Note",
    "notice_id": "practice.Notice",
    "remittance_id": "billing.Remittance",
    "report_id": "reports.VarianceReport",
    "run_id": "practice.ImportRun",
    "section_id": "practice.FormSection",
    "token_id": "practice.ApiToken",
    "version_id": "patients.ConsentVersion",
}
PLAIN = {
    "action": "close", "account": "4100", "day": "2026-11-20", "form": "csv", "format": "json", "kpi": "visits",
    "code": "visits", "number": "4100", "month": "2026-10", "name": "x", "key": "x", "year": "2026",
    "side": "numerator", "week": "2026-11-16",
    "step": "confirm",
    "act": "start",
    "basis": "accrual",
    "pages": "x",
    "secret": "x",
    "kind": "practice.location",
}  # fmt: skip
# What ``pk`` means behind a word of the address, for pages and endpoints that are not a Resource's.
PK = {
    "accounts": "patients.Patient",
    "answers": "compliance.AuditAnswer",
    "approvals": "practice.ApprovalRequest",
    "audits": "compliance.Audit",
    "appointments": "scheduling.Appointment",
    "break-glass": "patients.BreakGlass",
    "budgets": "finance.Budget",
    "calendar-addresses": "scheduling.CalendarFeed",
    "charges": "billing.Charge",
    "checklist-templates": "practice.ChecklistTemplate",
    "checklists": "practice.ChecklistRun",
    "claims": "billing.Claim",
    "coverages": "patients.Coverage",
    "denials": "billing.DenialCase",
    "fill": "scheduling.WaitlistEntry",
    "forms": "practice.PublicForm",
    "imports": "practice.ImportRun",
    "journals": "finance.Journal",
    "letter-templates": "practice.LetterTemplate",
    "letter-versions": "practice.LetterVersion",
    "letters": "practice.Letter",
    "patients": "patients.Patient",
    "payments": "billing.PatientPayment",
    "people": "practice.Membership",
    "pnl": "reports.VarianceReport",
    "remittances": "billing.Remittance",
    "records": "practice.Location",
    "roles": "practice.Role",
    "submissions": "practice.FormSubmission",
    "flow": "scheduling.Appointment",
    "templates": "scheduling.ScheduleTemplate",
    "visits": "scheduling.Appointment",
    "waitlist": "scheduling.WaitlistEntry",
    "work-items": "practice.WorkItem",
}


def practice_addresses():
    """(name, route, parameters, defaults) of every address below /p/<slug>/."""

    def walk(patterns, route, namespaces):
        for entry in patterns:
            here = route + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield ":".join([*namespaces, entry.name or "?"]), here, entry
            else:
                names = [*namespaces, entry.namespace] if entry.namespace else namespaces
                yield from walk(entry.url_patterns, here, names)

    for name, route, entry in walk(get_resolver().url_patterns, "", []):
        if route.startswith("p/<slug:practice>/"):
            yield name, route, entry


class Rows(dict):
    """Model label -> id of harbor's first row, each asked once; an id of nothing where there is none."""

    def __missing__(self, label):
        with owner_cursor() as cursor:
            cursor.execute(
                f'SELECT t.id FROM "{apps.get_model(label)._meta.db_table}" t JOIN practice_practice p '
                "ON p.id = t.practice_id WHERE p.slug = 'harbor' ORDER BY t.id LIMIT 1"
            )
            found = cursor.fetchone()
        self[label] = str(found[0]) if found else "01890000-0000-7000-8000-000000000000"
        return self[label]


def model_of(before, entry):
    resource = (entry.default_args or {}).get("resource")
    if resource is not None:
        return resource.model
    view = getattr(entry.callback, "cls", None)
    resource = getattr(view, "resource", None)
    if resource is not None:
        return resource.model
    queryset = getattr(view, "queryset", None)
    model = getattr(view, "model", None) or getattr(queryset, "model", None)
    words = [word for word in before.split("/") if word]
    return model._meta.label if model is not None else next((PK[w] for w in reversed(words) if w in PK), None)


def filled(name, route, entry, rows):
    """The address with harbor's ids in it, by ``Rows``; raises for a parameter nobody knows."""

    def value(match):
        parameter = match["name"]
        if parameter == "practice":
            return "{slug}"
        if parameter in ("pk", "id"):
            label = model_of(route[: match.start()], entry)
            assert label, f"{name}: which model is <{parameter}> of {route}? Add it to PK."
            return rows[label]
        if parameter in ROWS:
            return rows[ROWS[parameter]]
        if parameter == "code" and "rules/" in route:
            return "work.snooze_days"  # a rule's; elsewhere a key figure's
        assert parameter in PLAIN, f"{name}: what is <{parameter}> of {route}? Add it to ROWS or PLAIN."
        return PLAIN[parameter]

    address = re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", value, route)
    regex = re.compile(r"\(\?P<(?P<name>\w+)>[^)]*\)")
    address = regex.sub(value, address)
    return "/" + address.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "").replace(
        "/?", "/"
    )


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_no_address_and_no_job_of_one_practice_shows_or_touches_another(settings, tmp_path, evidence):
    addresses = share(practice_addresses(), one_in=14)
    nothing_of_one_practice_shows_in_another(settings, tmp_path, addresses=addresses)
    evidence(addresses=len(addresses), answers=4 * len(addresses), shown=0)


def nothing_of_one_practice_shows_in_another(settings, tmp_path, *, addresses):
    settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING = tmp_path / "m", tmp_path / "o", tmp_path / "i"
    tell("harbor", number=1)
    tell("summit", number=2)
    assert mark("harbor") > 60
    before = fingerprint("harbor")

    from practice.models import User

    stranger = Visitor(slug="summit")
    stranger.force_login(User.objects.get(email="stranger@summit.example"))
    nobody = Visitor(slug="harbor")
    problems, seen, rows = [], 0, Rows()
    for name, route, entry in addresses:
        address = filled(name, route, entry, rows)
        names_a_row = "uuid" in route
        for slug in ("harbor", "summit"):
            for method in ("get", "post"):
                answer = getattr(stranger, method)(address.format(slug=slug))
                seen += 1
                where = f"{method} {slug} {name}: {answer.status_code}"
                if shows_canary(answer):
                    problems.append(f"LEAK {where}")
                if answer.status_code >= 500:
                    problems.append(f"5xx {where}")
                foreign_row = slug == "summit" and names_a_row and answer.status_code not in HIDDEN
                if (slug == "harbor" and answer.status_code != 404) or foreign_row:
                    problems.append(f"STATUS {where}")
        anonymous = nobody.get(address.format(slug="harbor"))
        if anonymous.status_code not in (302, 401, 404) or shows_canary(anonymous):
            problems.append(f"ANONYMOUS {name}: {anonymous.status_code}")
    assert problems == []
    assert seen == 4 * len(addresses) > 100
    assert fingerprint("harbor") == before

    _every_job_of_summit(settings)
    assert fingerprint("harbor") == before


def _every_job_of_summit(settings):
    """Run each kind of job in summit, with arguments that name harbor's rows where it takes any."""
    summit = Practice.objects.get(slug="summit")
    actor = system_actor(practice_id=summit.id, request_id="canary")
    rows = Rows()
    foreign = {parameter: rows[label] for parameter, label in ROWS.items()}
    for kind in [name for name in jobs.KINDS if not name.startswith("test.")]:
        with acting_in(summit.id, actor=actor):
            job = jobs.enqueue(kind, actor=actor, key=f"2026-10-{kind}"[:7] + "-canary", args=dict(foreign))
        run(job_id=job.id, practice_id=summit.id)
        with in_practice(actor_named("stranger")):
            done = JobRun.objects.get(pk=job.id)
            told = f"{done.result}{done.error}{done.progress_note}"
        assert CANARY not in told, kind
    for path in [*settings.OUTGOING.rglob("*"), *settings.INCOMING.rglob("*")]:
        if path.is_file() and "summit" in str(path):
            assert CANARY not in path.read_text(errors="replace"), path
