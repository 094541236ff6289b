"""Reads about remittances: the inbox, one payment with its claims, and what a file still needs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from billing.models import (
    DenialCase,
    LedgerEntry,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
)
from billing.permissions import BillingPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.encrypted import reveal

ZERO = Decimal("0.00")
State = Remittance.State
UNPOSTED = (State.STAGED, State.REVIEW, State.REFUSED, State.QUARANTINED)


def visible_to(actor: Actor) -> QuerySet[Remittance]:
    """Payments of the practice; none without the permission."""
    if not actor.may(BillingPermission.VIEW_REMITTANCE):
        return Remittance.objects.none()
    return Remittance.objects.select_related("file", "payer").defer("file__content")  # 20 MB at worst


def inbox(actor: Actor) -> QuerySet[Remittance]:
    """Payments with how many claims they have and how many are not posted."""
    return visible_to(actor).annotate(
        claim_count=Count("claims"), unposted=Count("claims", filter=Q(claims__posted=False))
    )


def unapplied(queryset: QuerySet[Remittance], *, actor: Actor) -> QuerySet[Remittance]:
    """Posted, with money that waits for a decision about a claim."""
    return queryset.filter(state=Remittance.State.POSTED).exclude(unapplied=0)


def files(actor: Actor) -> QuerySet[RemittanceFile]:
    """The files as they came, without their text."""
    if not actor.may(BillingPermission.VIEW_REMITTANCE):
        return RemittanceFile.objects.none()
    return RemittanceFile.objects.defer("content")


def get_file(file_id: uuid.UUID, *, actor: Actor) -> RemittanceFile:
    """One received file, or 404."""
    if actor.may(BillingPermission.VIEW_REMITTANCE):
        found = RemittanceFile.objects.filter(pk=file_id).first()
        if found is not None:
            return found
    raise Http404


def get_remittance(remittance_id: uuid.UUID, *, actor: Actor) -> Remittance:
    """One payment, or 404 for what is unknown, foreign or not for this actor."""
    found = visible_to(actor).filter(pk=remittance_id).first()
    if found is None:
        raise Http404
    return found


def file_names_hidden(file: RemittanceFile, *, actor: Actor) -> bool:
    """Whether a received file names a patient whom this actor may not see, in its text or by its claims."""
    names = restricted.hidden_names(actor)
    if not names:
        return False
    if restricted.mentions(reveal(file, "content"), names=names):
        return True
    hidden = restricted.hidden_patients(actor).values("pk")
    return RemittanceClaim.objects.filter(remittance__file=file, claim__patient__in=hidden).exists()


def get_remittance_claim(row_id: uuid.UUID, *, actor: Actor) -> RemittanceClaim:
    """One claim of a payment, or 404."""
    if actor.may(BillingPermission.VIEW_REMITTANCE):
        found = RemittanceClaim.objects.select_related("remittance", "claim").filter(pk=row_id).first()
        if found is not None:
            return found
    raise Http404


def rows_of(remittance: Remittance) -> QuerySet[RemittanceClaim]:
    """The claims of a payment with all that posting and its page need, in a handful of queries."""
    return (
        RemittanceClaim.objects.filter(remittance=remittance)
        .select_related("claim__patient", "claim__payer", "claim__coverage")
        .prefetch_related(
            "lines__claim_line__charge__procedure", "adjustments", "claim__lines__charge__procedure"
        )
        .order_by("position")
    )


def provider_adjustments(remittance: Remittance) -> QuerySet[ProviderAdjustment]:
    """What the payer kept or added beside the claims (PLB)."""
    return ProviderAdjustment.objects.filter(remittance=remittance).order_by("position")


def entries_of(remittance: Remittance) -> QuerySet[LedgerEntry]:
    """Every ledger entry this payment made: on its claims, with keys that begin with its id."""
    claims = RemittanceClaim.objects.filter(remittance=remittance, claim__isnull=False).values("claim_id")
    return (
        LedgerEntry.objects.filter(
            claim_id__in=claims, source_kind="remittance", source_key__startswith=f"{remittance.pk}/"
        )
        .select_related("patient", "charge__procedure", "payer", "reverses")
        .order_by("source_key")
    )


@dataclass(slots=True)
class Booked:
    """What posting one claim of a payment wrote, in dollars."""

    written_off: Decimal = ZERO
    denied: Decimal = ZERO


def booked(remittance: Remittance) -> dict[int, Booked]:
    """Write-offs and denials of each posted claim, by its position in the payment."""
    found: dict[int, Booked] = defaultdict(Booked)
    for entry in entries_of(remittance):
        if entry.kind == LedgerEntry.Kind.ADJUSTMENT:
            found[int(entry.source_key.split("/")[1])].written_off -= entry.amount
    cases = DenialCase.objects.filter(adjustment__remittance_claim__remittance=remittance)
    for position, amount in cases.values_list("adjustment__remittance_claim__position", "amount"):
        found[position].denied += amount
    return dict(found)
