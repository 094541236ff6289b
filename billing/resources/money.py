"""Payments of payers, the files they came in, and the patient ledger, declared for the kit.

One payment has a page of its own at the same address, where it is posted; its endpoints are hand-made like it.
"""

from billing.permissions import BillingPermission as P
from kit.resource import Child, Column, Filter, FormSpec, Link, Resource, SavedView, Section

REMITTANCES = "billing.selectors.remittances"

REMITTANCE = Resource(
    name="billing.remittance",
    model="billing.Remittance",
    singular="payment",
    plural="remittances",
    path="billing/remittances",
    nav="billing",
    selector=f"{REMITTANCES}.inbox",
    view_permission=P.VIEW_REMITTANCE,
    columns=(
        Column("trace_number", "Trace number", sort=""),
        Column("payer_name", "Payer"),
        Column("paid_on", "Paid on"),
        Column("amount", total=True),
        Column("claims_in_it", "Claims", kind="number"),
        Column("unapplied", total=True),
        Column("state", sort=""),
        Column("claims_waiting", "Waiting", kind="number"),
        Column("method", sort=""),
        Column("created_at", "Received"),
    ),
    search=("trace_number",),
    search_hint="trace number",
    filters=(
        Filter("payer"),
        Filter("state"),
        Filter("paid_on", "Paid on"),
        Filter("amount"),
        Filter("created_at", "Received"),
    ),
    views=(
        SavedView(
            slug="action",
            label="Needs action",
            where={"state__in": ("review", "refused", "quarantined")},
            done="No payment needs a decision.",
        ),
        SavedView(
            slug="ready", label="Ready to post", where={"state": "staged"}, done="Every payment is posted."
        ),
        SavedView(
            slug="waiting",
            label="Not posted",
            where={"state__in": ("staged", "review", "refused", "quarantined")},
            done="Every payment is posted.",
        ),
        SavedView(
            slug="unapplied",
            label="Unapplied",
            narrow=f"{REMITTANCES}.unapplied",
            done="Every dollar of the posted payments is on a claim.",
        ),
        SavedView(slug="posted", label="Posted", where={"state": "posted"}),
    ),
    links=(
        Link("Look for new files", "billing:remittance_look", P.IMPORT_REMITTANCE, post=True),
        Link("Upload a file", "kit:billing_remittance_file_create", P.IMPORT_REMITTANCE),
    ),
    default_sort="-paid_on",
    title="trace_number",
    status="state",
    sections=(Section("Payment", ("payer_name", "paid_on", "amount", "unapplied")),),
    api=False,
    empty="Payments of payers (835). Upload a file, or let Wellrun look into the incoming folder.",
)

FILE = Resource(
    name="billing.remittance_file",
    model="billing.RemittanceFile",
    singular="remittance file",
    plural="remittance files",
    path="billing/remittances/files",
    nav="billing",
    selector=f"{REMITTANCES}.files",
    view_permission=P.VIEW_REMITTANCE,
    columns=(
        Column("name", sort=""),
        Column("created_at", "Received"),
        Column("state", sort=""),
        Column("size", "Bytes"),
        Column("problems", "What was not taken", kind="lines"),
    ),
    filters=(Filter("state"), Filter("created_at", "Received")),
    views=(
        SavedView(slug="all", label="All"),
        SavedView(slug="refused", label="Refused", where={"state": "refused"}, done="No file was refused."),
    ),
    default_sort="-created_at",
    title="name",
    status="state",
    subtitle=(Column("created_at"),),
    sections=(
        Section(
            "File", (Column("created_at", "Received"), Column("size", "Bytes"), Column("sha256", "SHA-256"))
        ),
        Section("What was not taken, and where", (Column("problems", "Problems", kind="lines"),)),
    ),
    children=(Child("billing.remittance", "file", "Payments of this file"),),
    form=FormSpec(form="billing.forms_remittances.UploadForm"),
    create="billing.services.incoming.upload",
    create_label="Upload file",
    create_permission=P.IMPORT_REMITTANCE,
    api=False,
    empty="The files of payers as they came.",
)

LEDGER = Resource(
    name="billing.ledger_entry",
    model="billing.LedgerEntry",
    singular="ledger entry",
    plural="ledger entries",
    path="billing/ledger",
    api_path="ledger-entries",
    nav="billing",
    nav_label="Ledger",
    selector="billing.selectors.ledger.listed",
    view_permission=P.VIEW_LEDGER,
    columns=(
        Column("posted_on", "Posted"),
        Column("patient"),
        Column("kind", "Entry", sort=""),
        Column("code"),
        Column("party", "Of whom"),
        Column("why", "Reason"),
        Column("amount", total=True),
        Column("service_date"),
        Column("claim"),
        Column("method", sort=""),
        Column("location"),
    ),
    find="billing.selectors.ledger.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(
        Filter("kind", "Entry"),
        Filter("payer"),
        Filter("location"),
        Filter("posted_on", "Posted"),
        Filter("amount"),
        Filter("patient"),
        Filter("claim"),
    ),
    views=(
        SavedView(slug="all", label="All"),
        SavedView(slug="payments", label="Payments", where={"kind__in": ("insurance_payment", "patient_payment")}),
        SavedView(slug="adjustments", label="Adjustments", where={"kind__in": ("adjustment", "write_off")}),
    ),
    default_sort="-posted_on",
    facts=(Column("amount"),),
    subtitle=(Column("patient"),),
    sections=(
        Section(
            "Entry",
            (
                "patient",
                Column("kind", "Entry"),
                Column("party", "Of whom"),
                "claim",
                Column("code"),
                "amount",
                "service_date",
                Column("posted_on", "Posted"),
                Column("why", "Reason"),
                "method",
                "location",
                "reverses",
            ),
        ),
    ),
    api_fields=(
        "id", "kind", "patient", "charge", "claim", "location", "payer", "amount", "service_date", "posted_on",
        "group_code", "reason_code", "method", "memo", "reverses", "source_kind", "source_key", "created_at",
        "created_by",
    ),
    empty="Every movement of money on patient accounts, as it was written.",
    phi=True,
)  # fmt: skip
