"""What billing looks at at the desk: copay and balance; after a visit what was paid, and whether it was charged."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from billing.models import Charge
from billing.permissions import BillingPermission
from billing.selectors import ledger, payments, restrictions
from kit.money import ZERO
from kit.words import counted, dollars
from patients.permissions import PatientPermission
from practice.actor import Actor
from practice.check_in import Item


def items(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """The copay of the visit and the patient's own balance before it."""
    if actor.may(PatientPermission.VIEW_PATIENT):
        yield from _copay(visit, actor=actor, slug=slug)
    if actor.may(BillingPermission.VIEW_LEDGER):
        yield _balance(visit, actor=actor, slug=slug)


def after(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """Copay and balance, what the patient paid today with its receipts, whether the visit is charged, and whether one
    that is kept from a plan is paid in full.
    """
    if actor.may(PatientPermission.VIEW_PATIENT):
        yield from _copay(visit, actor=actor, slug=slug)
    if actor.may(BillingPermission.VIEW_LEDGER):
        yield _balance(visit, actor=actor, slug=slug)
        yield _paid(visit, actor=actor, slug=slug)
    if actor.may(BillingPermission.VIEW_RESTRICTION) and restrictions.kept_from([visit.pk]):
        yield _kept(visit, actor=actor, slug=slug)
    if actor.may(BillingPermission.VIEW_CHARGE):
        many = Charge.objects.filter(appointment=visit, voided_at=None).count()
        yield Item(
            code="charges",
            title="Charges",
            state="ok" if many else "warn",
            detail=f"{counted(many, one='line', many='lines')} entered." if many else "None entered yet.",
            url=reverse("billing:charges", kwargs={"practice": slug, "appointment_id": visit.pk}),
        )


def _way(visit: Any, *, amount: Decimal, actor: Actor, slug: str) -> dict[str, str]:
    """To taking this amount for the visit, for whoever may; else to the account."""
    if actor.may(BillingPermission.TAKE_PAYMENT):
        page = reverse("billing:payment_new", kwargs={"practice": slug})
        return {
            "url": f"{page}?{urlencode({'visit': visit.pk, 'amount': amount})}",
            "link": "Take payment",
        }
    return {"url": _account(visit, slug=slug)} if actor.may(BillingPermission.VIEW_LEDGER) else {}


def _account(visit: Any, *, slug: str) -> str:
    return reverse("billing:account", kwargs={"practice": slug, "pk": visit.patient_id})


def _copay(visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]:
    """Nothing where no plan is billed."""
    card = payments.card_of(visit)
    if card is None:
        return
    copay, due = card.copay, payments.copay_due(visit, card=card)
    if copay is None:
        yield Item(code="copay", title="Copay", state="warn", detail="The card on file names none.")
    elif due:
        partly = f" of {dollars(copay)}" if due != copay else ""
        yield Item(
            code="copay",
            title="Copay",
            state="warn",
            detail=f"{dollars(due)}{partly} due today.",
            **_way(visit, amount=due, actor=actor, slug=slug),  # type: ignore[arg-type]
        )
    else:
        paid = payments.held_for(visit) >= copay > 0
        yield Item(code="copay", title="Copay", detail=f"{dollars(copay)}, paid." if paid else "None is due.")


def _balance(visit: Any, *, actor: Actor, slug: str) -> Item:
    owed = ledger.owed_of(visit.patient, actor=actor)
    parts = f": {owed.parts}" if owed.parts else ""
    if owed.net > 0:
        return Item(
            code="balance",
            title="Balance",
            state="warn",
            detail=f"The patient owes {dollars(owed.net)}{parts}.",
            todo="Ask for payment",
            **_way(visit, amount=owed.net, actor=actor, slug=slug),  # type: ignore[arg-type]
        )
    credit = f" {dollars(-owed.net)} is on account." if owed.net < 0 and not parts else ""
    return Item(
        code="balance",
        title="Balance",
        detail=f"Nothing is owed{parts}.{credit}",
        url=_account(visit, slug=slug),
    )


def _kept(visit: Any, *, actor: Actor, slug: str) -> Item:
    """45 CFR 164.522(a)(1)(vi) binds for what was paid in full by somebody else than the plan."""
    owes = restrictions.patient_owes(visit)
    way: dict[str, str] = {"url": _account(visit, slug=slug)}
    if owes == 0:
        state, detail, todo = "ok", "Paid in full.", ""
    elif owes is None:
        state, detail, todo = "warn", "Not charged yet.", "Charge the visit, so that it can be paid in full"
    else:
        state, detail = "warn", f"The patient still owes {dollars(owes)} of it."
        todo = "Ask for payment in full: the plan is told nothing because of it"
        way = _way(visit, amount=owes, actor=actor, slug=slug) or way
    return Item(
        code="restriction",
        title="Not disclosed to the plan",
        state=state,  # type: ignore[arg-type]
        detail=detail,
        todo=todo,
        **way,  # type: ignore[arg-type]
    )


def _paid(visit: Any, *, actor: Actor, slug: str) -> Item:
    """The receipt of the day, or the list of them."""
    taken = payments.of_day(visit.patient_id, day=visit.local_day, actor=actor)
    if not taken:
        return Item(code="receipt", title="Receipt", detail="Nothing was paid today.")
    total = sum((each.amount for each in taken), ZERO)
    numbers = ", ".join(each.number for each in taken)
    last = reverse("billing:receipt", kwargs={"practice": slug, "pk": taken[-1].pk})
    every = reverse("kit:billing_patient_payment_list", kwargs={"practice": slug})
    narrowed = urlencode({"view": "all", "patient": visit.patient_id})
    return Item(
        code="receipt",
        title="Receipt",
        detail=f"{dollars(total)} paid today, {numbers}.",
        url=last if len(taken) == 1 else f"{every}?{narrowed}",
        link="Print receipt" if len(taken) == 1 else "Receipts",
    )
