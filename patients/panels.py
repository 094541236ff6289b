"""What the patients' room itself adds to the pages of patients and of opened records."""

from __future__ import annotations

from django.urls import reverse

from kit.status import Status
from kit.words import dollars
from patients.models import BreakGlass, Patient, PatientConsent
from patients.permissions import PatientPermission
from patients.selectors import around, break_glass, coverages, records_desk
from patients.selectors import medicare as medicare_order
from patients.selectors.consents import missing_consents
from patients.selectors.reach import reach_of
from practice.actor import Actor
from practice.panels import Box, Fact, Panel, Step
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today

LOOKS = 300
REQUESTS = 5


def marks(patient: Patient, *, actor: Actor, slug: str) -> Panel:
    """The flags that are up, and that an interpreter is needed: beside the name, where nobody misses them."""
    shown = [flag.shown for flag in around.flags_of(patient, actor=actor)]
    if patient.needs_interpreter:
        shown.append(Status(f"Interpreter: {patient.get_language_display()}", "info"))
    if reach_of(patient).confidential:
        shown.append(Status("Confidential contact", "warn"))
    steps: tuple[Step, ...] = ()
    if patient.ssn_last4 and actor.may(PatientPermission.REVEAL_SSN):
        address = reverse("patients:ssn", kwargs={"practice": slug, "pk": patient.pk})
        steps = (Step(label="Social security number", url=address),)
    if actor.may(PatientPermission.MERGE_PATIENT):
        address = reverse("patients:merge", kwargs={"practice": slug})
        steps = (*steps, Step(label="Merge", url=f"{address}?kept={patient.pk}"))
    return Panel(marks=tuple(shown), steps=steps)


def coverage(patient: Patient, *, actor: Actor, slug: str) -> Panel:
    """What insures the patient today, the copay, and the way to who saw the record."""
    today = practice_today(actor)
    first = coverages.coverage_on(patient, day=today)
    agreed = first is None and coverages.pays_alone(patient, day=today)
    facts = (
        Fact(
            label="Coverage today",
            value=str(first.payer) if first else "Self-pay" if agreed else "None",
            note=f"Member {first.member_id}" if first else "By agreement" if agreed else "Patient pays",
        ),
        Fact(label="Copay", value=dollars(first.copay) if first and first.copay is not None else "Not known"),
    )
    steps: tuple[Step, ...] = ()
    if actor.may(PracticePermission.VIEW_AUDIT):
        address = reverse("patients:access", kwargs={"practice": slug, "pk": patient.pk})
        steps = (Step(label="Who saw this record", url=address),)
    return Panel(facts=facts, steps=steps)


def medicare(patient: Patient, *, actor: Actor, slug: str) -> Panel | None:
    """Whether Medicare is billed first or second today and why, or that the questionnaire must be asked."""
    order = medicare_order.order_on(patient, day=practice_today(actor))
    if order is None:
        return None
    place = {True: "First", False: "Second", None: "Ask"}[order.first]
    steps: tuple[Step, ...] = ()
    if order.first is None and actor.may(PatientPermission.CHANGE_PATIENT):
        address = reverse("kit:patients_medicare_create", kwargs={"practice": slug})
        steps = (Step(label="Medicare questions", url=f"{address}?patient={patient.pk}"),)
    fact = Fact(label="Medicare is billed", value=place, note=order.words, tone="warn" if order.warn else "")
    return Panel(facts=(fact,), steps=steps)


def consents(patient: Patient, *, actor: Actor, slug: str) -> Panel:
    """What the patient should sign today, and the way to the page where it is signed."""
    today = practice_today(actor)
    missing = missing_consents(patient, day=today, actor=actor)
    may_sign = actor.may(PatientPermission.CHANGE_PATIENT)
    url = reverse("patients:sign", kwargs={"practice": slug, "pk": patient.pk}) if may_sign else ""
    box = Box(
        title="Consents",
        template="patients/_consents_box.html",
        context={"missing": missing, "url": url, "on": today},
        link=("Consents and signatures", url) if url else None,
    )
    marks = (Status(f"To sign: {len(missing)}", "warn"),) if missing else ()
    return Panel(boxes=(box,), marks=marks)


def signature(consent: PatientConsent, *, actor: Actor, slug: str) -> Panel | None:
    """What was drawn beside the typed name."""
    if not consent.drawing:
        return None
    box = Box(title="Drawn signature", template="patients/_signature.html", context={"consent": consent})
    return Panel(boxes=(box,))


def records(patient: Patient, *, actor: Actor, slug: str) -> Panel | None:
    """Open requests for the patient's records, how long the record is kept, and the way to take a request."""
    if not actor.may(PatientPermission.VIEW_RECORDS_REQUEST):
        return None
    waiting = records_desk.still_open(records_desk.visible_to(actor), actor=actor).filter(patient=patient)
    context = {
        "waiting": list(waiting.order_by("due_on", "id")[:REQUESTS]),
        "today": practice_today(actor),
        "kept": records_desk.retention(patient, actor=actor),
        "log": f"{reverse('kit:patients_records_release_list', kwargs={'practice': slug})}?patient={patient.pk}",
    }
    take = reverse("kit:patients_records_request_create", kwargs={"practice": slug})
    may = actor.may(PatientPermission.CHANGE_RECORDS_REQUEST)
    box = Box(
        title="Records desk",
        template="patients/_records_box.html",
        context=context,
        link=("Take a request", f"{take}?patient={patient.pk}") if may else None,
    )
    return Panel(boxes=(box,))


def looks(grant: BreakGlass, *, actor: Actor, slug: str) -> Panel:
    """Everything that was looked at under an opened record."""
    found = list(break_glass.looks(grant)[: LOOKS + 1])
    context = {"looks": found[:LOOKS], "more": len(found) > LOOKS}
    return Panel(boxes=(Box(title="What they looked at", template="patients/_looks.html", context=context),))
