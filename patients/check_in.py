"""What registration looks at when a patient is checked in: the record's state, who pays, Medicare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from kit.words import us_date
from patients.booking_checks import registration
from patients.models import Coverage
from patients.permissions import PatientPermission
from patients.selectors import cases, coverages, medicare
from patients.selectors.consents import standings
from practice.actor import Actor
from practice.check_in import Item


def items(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """The items of a visit's patient on the visit's day, by the visit's case."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return
    day, patient = visit.local_day, visit.patient
    page = reverse("kit:patients_patient_detail", kwargs={"practice": slug, "pk": patient.pk})
    for warning in registration(patient, day=day, actor=actor):
        yield Item(code=warning.code, title="Record", state="warn", detail=warning.message, url=page)
    case = cases.case_of_visit(visit.pk)
    held = coverages.coverages_on(patient, day=day, case=case)
    if held:
        yield from _insured(held, visit=visit, slug=slug)
    elif coverages.pays_alone(patient, day=day, case=case):
        yield Item(code="coverage", title="Coverage", detail="The patient pays this case by agreement.")
    else:
        yield _uninsured(visit, case=case, page=page)
    yield from _to_sign(visit, actor=actor, slug=slug)
    order = medicare.order_on(patient, day=day, case=case)
    if order is not None:
        yield Item(
            code="medicare",
            title="Medicare questionnaire",
            state="missing" if order.warn else "ok",
            detail=order.words,
            todo="Ask and note the answers" if order.warn else "",
            url=page,
        )


def _to_sign(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """What is not signed; who declined is said as such, and is not asked again as if nobody had been asked."""
    found = standings(visit.patient, day=visit.local_day, actor=actor, telehealth=visit.is_remote)
    to_say = [each for each in found if each.missing or (each.asked and each.declined)]
    url = reverse("patients:sign", kwargs={"practice": slug, "pk": visit.patient.pk})
    for each in to_say:
        said = each.declined or str(each.state)
        yield Item(
            code=f"sign_{each.form.pk.hex}"[:40],
            title=str(each.form),
            state="warn" if each.missing else "ok",
            detail=f"{said.removesuffix('.')}.",
            todo="" if each.declined else "Have it signed",
            url=f"{url}?version={each.version.pk}" if each.version else url,
        )
    if not to_say:
        yield Item(code="sign", title="Signatures", detail="Everything that is asked is signed.")


def _insured(held: list[Coverage], *, visit: Any, slug: str) -> Iterable[Item]:
    first = held[0]
    soon = ""
    if first.ends_on and (first.ends_on - visit.local_day).days <= coverages.SOON_DAYS:
        soon = f". Ends {us_date(first.ends_on)}."
    yield Item(
        code="coverage",
        title="Coverage",
        state="warn" if soon else "ok",
        detail="; ".join(str(each) for each in held) + soon,
        todo="Ask for the new card" if soon else "",
        url=reverse("kit:patients_coverage_detail", kwargs={"practice": slug, "pk": first.pk}),
    )


def _uninsured(visit: Any, *, case: Any, page: str) -> Item:
    """Nothing is in force on the day: what ended last is named."""
    own = Coverage.objects.filter(patient=visit.patient, ends_on__lt=visit.local_day)
    own = own.filter(case=case) if case is not None else own.filter(case__kind="medical")
    last = own.select_related("payer").order_by("-ends_on", "priority", "id").first()
    ended = f"{last.payer} ended on {us_date(last.ends_on)}." if last and last.ends_on else ""
    return Item(
        code="coverage",
        title="Coverage",
        state="missing",
        detail=ended or "None on file for this visit.",
        todo="Ask for the card, or agree on self-pay",
        url=page,
    )
