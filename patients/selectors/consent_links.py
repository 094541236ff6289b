"""Reads of links to sign: those a member sees, and the one behind a living address."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from kit import clock
from patients.models import ConsentLink, Patient, Representative
from patients.permissions import PatientPermission
from patients.selectors import restricted
from patients.selectors.around import rows_of
from practice.actor import Actor
from practice.models import Practice
from practice.selectors.outside import holder, link_behind

State = ConsentLink.State
LIVE = (State.GOING, State.OPEN)


def visible_to(actor: Actor) -> QuerySet[ConsentLink]:
    """Links of the patients the actor may see; those of a signer whose own record is hidden are hidden."""
    found = rows_of(ConsentLink, actor=actor).select_related("version__form", "representative", "consent")
    return restricted.visible(found, actor=actor, patient="representative__person", optional=True)


def living(queryset: QuerySet[ConsentLink], *, actor: Actor) -> QuerySet[ConsentLink]:
    """Those that wait to be signed."""
    return queryset.filter(state__in=LIVE, expires_at__gt=clock.now())


def not_out(queryset: QuerySet[ConsentLink], *, actor: Actor) -> QuerySet[ConsentLink]:
    """Not sent, or shut: somebody should look."""
    return queryset.filter(state__in=(State.FAILED, State.SHUT))


def person_of(patient: Patient, *, representative: Representative | None) -> Patient | None:
    """Whose record says how the signer is reached; None for a representative who has none here."""
    return patient if representative is None else representative.person


def signer(*, link_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a living address may do: sign its consent or decline to; for a while after, read what was said.

    None for one that expired, was revoked or shut. Inside ``acting_in``.
    """
    found = ConsentLink.objects.filter(expires_at__gt=clock.now(), state__in=(*LIVE, State.SIGNED))
    link = found.filter(pk=link_id).first()
    if link is None:
        return None
    return holder(
        link,
        practice=practice,
        name="Who was sent a consent",
        permission=PatientPermission.SIGN_BY_LINK,
        request_id=request_id,
    )


def link_of(actor: Actor) -> ConsentLink:
    """The link that a signer came in by, with patient, version and representative, or 404."""
    rows = ConsentLink.objects.select_related("patient", "version__form", "representative")
    return link_behind(rows, actor=actor, permission=PatientPermission.SIGN_BY_LINK)
