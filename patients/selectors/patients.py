"""The only doors to patients."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from kit import clock
from patients.models import Coverage, Patient, PatientWord
from patients.permissions import PatientPermission
from patients.rules import after_prefix
from patients.rules.search import Figure, Search, read_search
from patients.selectors import restricted
from patients.selectors.confidential import called, written
from practice.actor import Actor
from practice.selectors import work
from staff.models import Provider

HITS = 20


def visible_to(actor: Actor) -> QuerySet[Patient]:
    """Patients the actor may see: none entered in error or merged into another record, restricted ones for those who
    may or have opened them.
    """
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return Patient.objects.none()
    found = Patient.objects.filter(practice_id=actor.practice_id, entered_in_error=False, merged_into=None)
    return restricted.visible(found, actor=actor, patient="")


def mine(queryset: QuerySet[Patient], *, actor: Actor) -> QuerySet[Patient]:
    """Somebody's own: patients whose usual provider they are, and those they have open work about."""
    working = Q(pk__in=work.of_my_work("patients.patient", actor=actor))
    usual = (
        list(Provider.objects.filter(employee__membership_id=actor.membership_id))
        if actor.membership_id
        else []
    )
    return queryset.filter(working | Q(usual_provider__in=usual) if usual else working)


def get_patient(patient_id: uuid.UUID, *, actor: Actor) -> Patient:
    """One patient. Unknown, foreign, restricted and erroneous ones all look unknown (404)."""
    found = visible_to(actor).select_related("usual_provider").filter(pk=patient_id).first()
    if found is None:
        raise Http404
    return found


def by_number(text: str, *, actor: Actor) -> Patient | None:
    """The patient with this record number, or with this key where an address carries one."""
    if not text.isprintable():  # no number, and more than PostgreSQL takes
        return None
    found = visible_to(actor).filter(mrn=text.strip().upper()).first()
    if found is not None:
        return found
    try:
        key = uuid.UUID(text.strip())
    except ValueError:
        return None
    return visible_to(actor).filter(pk=key).first()


def by_name_and_birth(text: str, *, actor: Actor) -> Patient | None:
    """The one patient somebody means who typed a name and a birth date; None where either is missing or two match."""
    asked = _read(text)
    born = asked.born_on or any(figure.day for figure in asked.figures)
    rows = list(_matching(visible_to(actor), asked=asked, actor=actor)[:2]) if asked.names and born else []
    return rows[0] if len(rows) == 1 else None


def find(text: str, *, actor: Actor, limit: int = HITS) -> list[Patient]:
    """At most ``limit`` patients for what was typed, by name: the one search of palette, booking line and list.

    "smith j" (starts of any parts of the name, in any order), a birth date or year in any usual form, the start of a
    telephone number or its last four digits, of the record number, of a member ID. Nothing readable finds nobody.
    """
    asked = _read(text)
    if asked.empty:
        return []
    return list(_matching(called(visible_to(actor)), asked=asked, actor=actor).order_by(*BY_NAME)[:limit])


BY_NAME = ("last_name_key", "first_name_key", "id")


def listed(actor: Actor) -> QuerySet[Patient]:
    """The same people as ``visible_to``, each with whether something insures them today and where they are reached."""
    today = clock.now().date()
    covered = Coverage.objects.filter(patient=OuterRef("pk"), starts_on__lte=today)
    covered = covered.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    rows: QuerySet[Patient] = written(called(visible_to(actor))).select_related("usual_provider")
    return rows.annotate(is_covered=Exists(covered))


def restricted_records(actor: Actor) -> QuerySet[Patient]:
    """Restricted patients, and people who work here and are treated here but are not restricted."""
    if not actor.may(PatientPermission.VIEW_RESTRICTED):
        return Patient.objects.none()
    suggested = restricted.staff_among_patients(actor).order_by().values("pk")
    return listed(actor).filter(Q(is_restricted=True) | Q(pk__in=suggested))


def hidden_now(queryset: QuerySet[Patient], *, actor: Actor) -> QuerySet[Patient]:
    """The restricted ones."""
    return queryset.filter(is_restricted=True)


def to_restrict(queryset: QuerySet[Patient], *, actor: Actor) -> QuerySet[Patient]:
    """Those who work here and are not restricted."""
    return queryset.filter(is_restricted=False)


def search(queryset: QuerySet[Patient], *, text: str, actor: Actor) -> QuerySet[Patient]:
    """Those of a list who match what was typed, as ``find`` understands it."""
    asked = _read(text)
    return queryset.none() if asked.empty else _matching(queryset, asked=asked, actor=actor)


def named(text: str, *, actor: Actor) -> QuerySet[Patient]:
    """The patients a typed text means, to narrow lists of what is theirs; never one the actor may not see."""
    return search(visible_to(actor), text=text, actor=actor)


def _read(text: str) -> Search:
    return read_search(text, today=clock.now().date())


def _matching(found: QuerySet[Patient], *, asked: Search, actor: Actor) -> QuerySet[Patient]:
    # The practice as a value, not only as the policy's setting: the planner counts by it.
    words = PatientWord.objects.filter(practice_id=actor.practice_id)
    for name in asked.names:
        found = found.filter(_whose(words, said=_starts(name, PatientWord.Kind.NAME)))
    if asked.phone:
        found = found.filter(_whose(words, said=_starts(asked.phone, PatientWord.Kind.PHONE)))
    if asked.born_on:
        found = found.filter(birth_date=asked.born_on)
    if asked.born_in:
        first, last = date(asked.born_in, 1, 1), date(asked.born_in, 12, 31)
        found = found.filter(birth_date__gte=first, birth_date__lte=last)
    for figure in asked.figures:
        found = found.filter(_whose(words, said=_figure(figure)))
    return found


def _figure(figure: Figure) -> Q:
    """A run of digits starts a number of any kind, or is the birth date written together."""
    kinds = PatientWord.Kind
    said = _starts(figure.text, kinds.PHONE, kinds.NUMBER, kinds.MEMBER)
    if figure.day:
        said |= Q(kind=kinds.BORN, word=f"{figure.day:%Y%m%d}")
    return said


def _whose(words: QuerySet[PatientWord], *, said: Q) -> Q:
    return Q(pk__in=words.filter(said).values("patient_id"))


def _starts(prefix: str, *kinds: str) -> Q:
    # A range in byte order, not LIKE: under row-level security only leakproof operators reach the index.
    return Q(kind__in=kinds, word__gte=prefix, word__lt=after_prefix(prefix))
