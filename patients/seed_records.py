"""Requests for records of the demo, each at another stage, told on the days they happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from kit import clock
from patients.models import Patient
from patients.models.consent import ConsentForm, PatientConsent
from patients.services import records_desk as desk
from practice.story import Story

Told = tuple[int, Callable[..., Any], dict[str, Any]]
NOBODY: dict[str, Any] = {}
OFFICE: dict[str, Any] = {
    "address_line": "40 Court Street",
    "city": "Harborview",
    "state": "NY",
    "postal_code": "10562",
}
SEEN = {"shown": "photo", "basis": "own"}
# days ago it came in, who asks, their name, what for; then the steps: days ago, service, what was said
STORY: tuple[tuple[int, str, str, str, tuple[Told, ...]], ...] = (
    (33, "patient", "", "Everything of the last two years", ((30, desk.verify, SEEN), (29, desk.start, {}))),
    (26, "agency", "County Health Department", "Immunization record", (
        (24, desk.verify, {"shown": "letterhead", "basis": "law", "authority": "N.Y. Pub. Health Law 2168"}),
        (23, desk.prepare, {"pages": 2}),
        (22, desk.release, {"purpose": "Public health report"}),
    )),
    (24, "patient", "", "Laboratory results of this year", (
        (23, desk.verify, SEEN), (21, desk.prepare, {"pages": 12}), (20, desk.release, {}),
    )),
    (20, "provider", "Harborview Cardiology", "Last two visit notes", (
        (20, desk.verify, {"shown": "called", "basis": "treatment"}), (19, desk.prepare, {"pages": 6}),
    )),
    (18, "attorney", "Lyle Prescott, attorney", "Records of the accident", ()),
    (12, "employer", "Copperline Networks", "Whole record", (
        (10, desk.deny, {"ground": "unproved", "reason": "No release signed by the patient was sent"}),
    )),
    (6, "patient", "", "Notes of the visit in spring", (
        (5, desk.verify, SEEN), (2, desk.extend, {"reason": "The notes lie in the archive of the former practice"}),
    )),
    (1, "payer", "Alder Mutual", "Notes of one visit", ()),
)  # fmt: skip


def seed(story: Story) -> None:
    """The open ones wait on the list of work; one attorney has a release that holds."""
    people = [each for each in story.kept["patients"] if not each.is_restricted and each.deceased_on is None]
    for place, (ago, asker, requester, what, steps) in enumerate(STORY):
        with _on(story, ago=ago):
            made = desk.receive(
                patient=people[(place * 3) % len(people)],
                asker=asker,
                requester=requester,
                what=what,
                actor=story.actor,
                **(NOBODY if asker == "patient" else OFFICE),
            )
        for before, step, said in steps:
            with _on(story, ago=before):
                made = step(made, actor=story.actor, **said)
    _with_a_release(story)


def _with_a_release(story: Story) -> None:
    signed = PatientConsent.objects.filter(version__form__kind=ConsentForm.Kind.RELEASE, revocations=None)
    consent = signed.select_related("patient").order_by("signed_at").first()
    if consent is None:
        return
    patient: Patient = consent.patient
    made = desk.receive(
        patient=patient,
        asker="other",
        requester=consent.recipient,
        what=consent.covers,
        actor=story.actor,
        **OFFICE,
    )
    desk.verify(made, shown="signature", basis="authorization", consent=consent, actor=story.actor)


def _on(story: Story, *, ago: int) -> Any:
    return clock.at(datetime.combine(story.today - timedelta(days=ago), time(16, 0), tzinfo=UTC))
