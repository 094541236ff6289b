"""Reads of what patients signed: forms, versions, signatures, and what is missing on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kit.words import us_date
from patients.models import ConsentForm, ConsentVersion, Patient, PatientConsent, Representative
from patients.permissions import PatientPermission
from patients.rules.consents import DECLINED, ENOUGH, Given, State, state_on
from patients.selectors import restricted
from patients.selectors.around import rows_of
from patients.selectors.contact import may
from patients.selectors.coverages import coverages_on
from patients.selectors.merges import same_person
from practice.actor import Actor
from practice.models import Language
from practice.selectors import letter_compose
from practice.selectors.days import practice_today
from practice.selectors.letter_compose import Sheet

ABOUT = "patients.patient"  # the merge fields a consent knows are those of a letter to the patient
Asked = ConsentForm.Asked


def forms(actor: Actor) -> QuerySet[ConsentForm]:
    """Every form people are asked to sign."""
    found = ConsentForm.objects.filter(practice_id=actor.practice_id)
    return found if actor.may(PatientPermission.VIEW_PATIENT) else found.none()


def versions(actor: Actor) -> QuerySet[ConsentVersion]:
    """Everything those forms ever said."""
    return ConsentVersion.objects.filter(form__in=forms(actor)).select_related("form")


def given(actor: Actor) -> QuerySet[PatientConsent]:
    """Signatures and refusals of the patients the actor may see; one given by somebody whose own record is hidden is
    hidden, as that representative is.
    """
    found = rows_of(PatientConsent, actor=actor).select_related("version__form", "representative")
    found = restricted.visible(found, actor=actor, patient="representative__person", optional=True)
    return found.prefetch_related("revocations")


def ended(queryset: QuerySet[PatientConsent], *, actor: Actor) -> QuerySet[PatientConsent]:
    """Those that ended: taken back, or past their last day."""
    today = practice_today(actor)
    return queryset.filter(expires_on__lt=today) | queryset.filter(revocations__revoked_on__lte=today)


def releases(patient: Patient, *, day: date) -> list[PatientConsent]:
    """Releases of information of a patient that hold on a day, the newest first."""
    found = PatientConsent.objects.filter(
        patient__in=same_person(patient),
        version__form__kind=ConsentForm.Kind.RELEASE,
        answer=PatientConsent.Answer.SIGNED,
    )
    rows = found.select_related("version__form").prefetch_related("revocations").order_by("-signed_at", "-id")
    return [each for each in rows if holds(each, day=day)]


def holds(consent: PatientConsent, *, day: date) -> bool:
    """Whether a signature counts on a day."""
    return fact(consent).holds(day, since=0)


def fact(consent: PatientConsent) -> Given:
    """A signature as the rules take it."""
    return Given(
        number=consent.version.number,
        signed=consent.answer == PatientConsent.Answer.SIGNED,
        on=consent.signed_on,
        expires_on=consent.expires_on,
        revoked_on=consent.revoked_on,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one form stands for a patient: whether it is asked, its state, and the version to sign now (None: none
    is in force)."""

    form: ConsentForm
    state: State
    asked: bool
    version: ConsentVersion | None
    refusal: PatientConsent | None = None  # the newest one, where it says how the form stands

    @property
    def missing(self) -> bool:
        """It is asked of this patient, can be signed, and does not hold."""
        return self.asked and self.version is not None and self.state not in ENOUGH

    @property
    def words(self) -> str:
        """ "Notice of privacy practices: not signed yet"."""
        return f"{self.form}: {self.state.lower()}"

    @property
    def declined(self) -> str:
        """ "Declined on 03/02/2026 by Nell Signer: why"; '' where nobody did."""
        if self.refusal is None:
            return ""
        return f"Declined on {us_date(self.refusal.signed_on)} by {self.refusal.signed_by}: {self.refusal.reason}"


def standings(patient: Patient, *, day: date, actor: Actor, telehealth: bool = False) -> list[Standing]:
    """How every form in use stands for a patient on a day, by name. ``telehealth``: the visit of that day is."""
    actor.require(PatientPermission.VIEW_PATIENT)
    in_use = list(forms(actor).filter(is_active=True).order_by("name"))
    said = _by_form(
        ConsentVersion.objects.filter(form__in=in_use, effective_from__lte=day).order_by("number")
    )
    facts: dict[Any, list[Given]] = {}
    refusals: dict[Any, PatientConsent] = {}
    rows = PatientConsent.objects.filter(patient__in=same_person(patient), version__form__in=in_use)
    for row in rows.select_related("version").prefetch_related("revocations").order_by("signed_at", "id"):
        facts.setdefault(row.version.form_id, []).append(fact(row))
        if row.answer == PatientConsent.Answer.REFUSED:
            refusals[row.version.form_id] = row
    asked = {Asked.EVERYONE: True, Asked.TELEHEALTH: telehealth, Asked.REQUEST: False}
    if any(form.asked_of == Asked.INSURED for form in in_use):
        asked[Asked.INSURED] = bool(coverages_on(patient, day=day))
    found = []
    for form in in_use:
        state = state_on(
            facts.get(form.pk, ()),
            day=day,
            since=max((each.number for each in said.get(form.pk, ()) if each.asks_again), default=0),
            refusal_is_enough=form.refusal_is_enough,
        )
        found.append(
            Standing(
                form=form,
                asked=asked[Asked(form.asked_of)],
                version=_spoken(said.get(form.pk, ()), language=patient.language),
                state=state,
                refusal=refusals.get(form.pk) if state in DECLINED else None,
            )
        )
    return found


def missing_consents(
    patient: Patient, *, day: date, actor: Actor, telehealth: bool = False
) -> list[Standing]:
    """What a patient should sign on a day and has not, or what no longer holds. Nobody is turned away for it."""
    found = standings(patient, day=day, actor=actor, telehealth=telehealth)
    return [each for each in found if each.missing]


def signers(patient: Patient, *, day: date, actor: Actor) -> list[Representative]:
    """Who may sign for a patient on a day beside, or instead of, the patient."""
    found = Representative.objects.filter(patient=patient, may_sign=True).select_related("patient")
    return [
        each for each in found.order_by("name", "id") if may(each, power="may_sign", actor=actor, day=day)
    ]


def paper(version: ConsentVersion, *, patient: Patient, day: date, actor: Actor) -> Sheet:
    """A version with the patient's values in it, as page and PDF show it. DomainError for a text that cannot be."""
    return letter_compose.compose(
        record=patient,
        kind=ABOUT,
        subject=version.title,
        body=version.body,
        language=version.language,
        words="",
        day=day,
        actor=actor,
    ).sheet


def _by_form(rows: Iterable[ConsentVersion]) -> dict[Any, list[ConsentVersion]]:
    found: dict[Any, list[ConsentVersion]] = {}
    for row in rows:
        found.setdefault(row.form_id, []).append(row)
    return found


def _spoken(said: Iterable[ConsentVersion], *, language: str) -> ConsentVersion | None:
    """The newest version in the patient's language, else in English, else in any."""
    newest = {each.language: each for each in said}
    return newest.get(language) or newest.get(Language.EN) or next(iter(newest.values()), None)
