"""What billing looks at at the desk: what is owed before a visit; after it what was paid and whether it was charged."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from billing.models import Charge, LedgerEntry
from billing.permissions import BillingPermission
from billing.selectors import ledger, restrictions
from kit.words import counted, dollars
from practice.actor import Actor
from practice.check_in import Item


def items(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """The patient's own balance before the visit."""
    if actor.may(BillingPermission.VIEW_LEDGER):
        yield _balance(visit, actor=actor, slug=slug)


def after(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """The balance, what the patient paid today (the account is the receipt), whether the visit is charged, and whether
    one that is kept from a plan is paid in full.
    """
    if actor.may(BillingPermission.VIEW_LEDGER):
        yield _balance(visit, actor=actor, slug=slug)
        yield _paid(visit, actor=actor, slug=slug)
    if actor.may(BillingPermission.VIEW_RESTRICTION) and restrictions.kept_from([visit.pk]):
        yield _kept(visit, slug=slug)
    if actor.may(BillingPermission.VIEW_CHARGE):
        many = Charge.objects.filter(appointment=visit, voided_at=None).count()
        yield Item(
            code="charges",
            title="Charges",
            state="ok" if many else "warn",
            detail=f"{counted(many, one='line', many='lines')} entered." if many else "None entered yet.",
            url=reverse("billing:charges", kwargs={"practice": slug, "appointment_id": visit.pk}),
        )


def _account(visit: Any, *, slug: str) -> str:
    return reverse("billing:account", kwargs={"practice": slug, "pk": visit.patient_id})


def _balance(visit: Any, *, actor: Actor, slug: str) -> Item:
    owed = ledger.owed_by({visit.patient_id}, actor=actor).get(visit.patient_id, Decimal(0))
    if owed > 0:
        detail, todo = f"The patient owes {dollars(owed)}.", "Ask for payment"
        return Item(
            code="balance",
            title="Balance",
            state="warn",
            detail=detail,
            todo=todo,
            url=_account(visit, slug=slug),
        )
    return Item(code="balance", title="Balance", detail="Nothing is owed.", url=_account(visit, slug=slug))


def _kept(visit: Any, *, slug: str) -> Item:
    """45 CFR 164.522(a)(1)(vi) binds for what was paid in full by somebody else than the plan."""
    owes = restrictions.patient_owes(visit)
    if owes == 0:
        state, detail, todo = "ok", "Paid in full.", ""
    elif owes is None:
        state, detail, todo = "warn", "Not charged yet.", "Charge the visit, so that it can be paid in full"
    else:
        state, detail = "warn", f"The patient still owes {dollars(owes)} of it."
        todo = "Ask for payment in full: the plan is told nothing because of it"
    return Item(
        code="restriction",
        title="Not disclosed to the plan",
        state=state,  # type: ignore[arg-type]
        detail=detail,
        todo=todo,
        url=_account(visit, slug=slug),
    )


def _paid(visit: Any, *, actor: Actor, slug: str) -> Item:
    today = ledger.visible_to(actor).filter(
        patient_id=visit.patient_id, posted_on=visit.local_day, kind=LedgerEntry.Kind.PATIENT_PAYMENT
    )
    paid = -(today.aggregate(total=Sum("amount"))["total"] or Decimal(0))
    return Item(
        code="receipt",
        title="Receipt",
        detail=f"{dollars(paid)} paid today." if paid else "Nothing was paid today.",
        todo="Print the account as the receipt" if paid else "",
        url=_account(visit, slug=slug),
    )
