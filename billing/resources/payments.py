"""Patients' payments, declared for the kit. They are taken and their receipts printed on pages of their own."""

from billing.permissions import BillingPermission as P
from kit.resource import Action, Column, Filter, FormSpec, Link, Resource, SavedView, Section

SELECTORS = "billing.selectors.payments"

PAYMENT = Resource(
    name="billing.patient_payment",
    model="billing.PatientPayment",
    singular="patient payment",
    plural="patient payments",
    path="billing/payments",
    api_path="patient-payments",
    nav="billing",
    nav_label="Payments",
    selector=f"{SELECTORS}.visible_to",
    view_permission=P.VIEW_LEDGER,
    columns=(
        Column("number", "Receipt", sort=""),
        Column("received_on", "Date"),
        Column("patient"),
        Column("counted", "Amount", kind="money", total=True),
        Column("method", "Paid by", sort=""),
        Column("received_by", "Taken by", needs=("received_by__user",)),
        Column("standing", "Status"),
        Column("visit__local_day", "Visit", sort=""),
        Column("amount", "As taken", sort=""),
        Column("reference", sort=""),
        Column("location"),
    ),
    find=f"{SELECTORS}.search",
    search_hint="receipt number, or the patient’s name, birth date, telephone or record number",
    filters=(
        Filter("method", "Paid by"),
        Filter("location"),
        Filter("received_on", "Date"),
        Filter("amount"),
        Filter("patient"),
        Filter("visit"),
    ),
    views=(
        SavedView(slug="today", label="Today", narrow=f"{SELECTORS}.today", done="Nothing was taken today yet."),
        SavedView(slug="all", label="All"),
        SavedView(
            slug="voided", label="Voided", narrow=f"{SELECTORS}.voided", done="No payment was taken back."
        ),
    ),
    links=(Link("Day’s till", "billing:till", P.VIEW_LEDGER),),
    default_sort="-received_on",
    title="number",
    status="standing",
    subtitle=(Column("patient"),),
    facts=(Column("amount", "As taken"), Column("balance_after", "Balance after it")),
    sections=(
        Section(
            "Payment",
            (
                "patient",
                Column("received_on", "Date"),
                Column("method", "Paid by"),
                Column("reference", "Check or approval number"),
                Column("received_by", "Taken by", needs=("received_by__user",)),
                "location",
                "visit",
                "note",
            ),
        ),
        Section(
            "Voided",
            (
                Column("voided_at", "When"),
                Column("voided_by", "By", needs=("voided_by__user",)),
                Column("voided_reason", "Why"),
            ),
        ),
    ),
    form=FormSpec(form="billing.forms_payments.PaymentForm"),
    create="billing.services.payments.take",
    create_label="Take payment",
    create_permission=P.TAKE_PAYMENT,
    actions=(
        Action(
            name="void",
            label="Void",
            service="billing.services.payments.void",
            permission=P.VOID_PAYMENT,
            when="can_void",
            reason=True,
            danger=True,
            consequence="The patient owes again what it had paid. Receipt and reason stay on file.",
            done="Voided",
            keyed=True,
        ),
    ),
    api_fields=(
        "id", "number", "patient", "visit", "location", "amount", "method", "reference", "note", "received_on",
        "received_by", "balance_after", "voided_at", "voided_reason", "created_at", "updated_at",
    ),
    keyed=True,
    empty="What patients paid: at the desk, by mail, on the phone. Each with its receipt.",
    phi=True,
)  # fmt: skip
