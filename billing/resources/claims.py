"""Charges and claims, declared for the kit. One claim has a page of its own at the same address: the bench."""

from billing.permissions import BillingPermission as P
from kit.resource import Action, Column, Filter, Link, Resource, SavedView, Section

CLAIMS = "billing.selectors.claims"
PATIENTS = "the patient’s name, birth date, telephone or record number"
ASKS = ("held", "rejected", "denied", "reversed")

CLAIM = Resource(
    name="billing.claim",
    model="billing.Claim",
    singular="claim",
    plural="claims",
    path="billing/claims",
    api_path="claims",
    nav="billing",
    selector=f"{CLAIMS}.openable",
    listed=f"{CLAIMS}.listed",
    view_permission=P.VIEW_CLAIM,
    columns=(
        Column("control_number", "Claim", sort=""),
        Column("patient_shown", "Patient"),
        Column("service_date"),
        Column("payer"),
        Column("state", "Status", sort=""),
        Column("next_step", "Next action"),
        Column("total", "Charged", total=True),
        Column("file_by", "File by"),
        Column("age", "Days old", kind="number"),
        Column("rendering_provider", "Provider"),
        Column("first_submitted_on", "First sent"),
    ),
    find=f"{CLAIMS}.search",
    search_hint=f"claim number, or {PATIENTS}",
    filters=(
        Filter("payer"),
        Filter("state", "Status"),
        Filter("rendering_provider", "Provider"),
        Filter("service_date"),
        Filter("file_by", "File by"),
        Filter("total", "Charged"),
    ),
    views=(
        SavedView(
            slug="action",
            label="Needs action",
            where={"state__in": ASKS},
            sort="file_by",
            done="No claim waits.",
        ),
        SavedView(
            slug="ready",
            label="Ready",
            where={"state": "ready"},
            sort="file_by",
            done="No claim waits to be sent.",
        ),
        SavedView(
            slug="filing",
            label="Timely filing",
            narrow=f"{CLAIMS}.in_danger",
            sort="file_by",
            done="No claim is near its last day.",
        ),
        SavedView(
            slug="submitted",
            label="Submitted",
            where={"state__in": ("submitted", "accepted")},
            sort="file_by",
            done="No claim is with a payer.",
        ),
        SavedView(
            slug="unanswered",
            label="No response",
            narrow=f"{CLAIMS}.unanswered",
            sort="first_submitted_on",
            done="No payer is late with an answer.",
        ),
        SavedView(
            slug="denied",
            label="Denied",
            where={"state__in": ("denied", "partly_paid")},
            sort="file_by",
            done="No denied claim.",
        ),
    ),
    links=(Link("Send ready claims", "billing:claims_submit", P.SUBMIT_CLAIM),),
    default_sort="-service_date",
    title="control_number",
    status="state",
    sections=(Section("Claim", ("payer", "service_date", "total", "file_by")),),
    actions=(
        Action(
            name="submit",
            label="Submit",
            service="billing.services.submission.submit_one",
            permission=P.SUBMIT_CLAIM,
            keyed=True,
            hint="The answer is the claim, held when a rule found something new",
            done="Checked once more and handed on",
        ),
    ),
    api_fields=(
        "id", "control_number", "appointment", "patient", "coverage", "payer", "rendering_provider", "location",
        "frequency", "part", "service_date", "total", "state", "payer_control_number", "first_submitted_on",
        "adjudicated_on", "file_by", "updated_at",
    ),
    empty="A claim is made from the charges of a completed visit.",
    phi=True,
)  # fmt: skip

CHARGE = Resource(
    name="billing.charge",
    model="billing.Charge",
    singular="charge",
    plural="charges",
    path="billing/charges",
    api_path="charges",
    nav="billing",
    selector="billing.selectors.charges.live",
    view_permission=P.VIEW_CHARGE,
    columns=(
        Column("code"),
        Column("patient"),
        Column("service_date"),
        Column("provider"),
        Column("diagnosis_codes", "Diagnoses", kind="lines"),
        Column("units", sort=""),
        Column("amount", total=True),
        Column("location"),
        Column("posted_on", "Entered"),
    ),
    find="billing.selectors.charges.search",
    search_hint=PATIENTS,
    filters=(
        Filter("provider"),
        Filter("location"),
        Filter("service_date"),
        Filter("posted_on", "Entered"),
        Filter("amount"),
    ),
    views=(
        SavedView(
            slug="open",
            label="On no claim",
            narrow="billing.selectors.charges.not_claimed",
            sort="service_date",
            done="Every charge of the last 60 days is on a claim.",
        ),
    ),
    default_sort="-service_date",
    title="code",
    subtitle=(Column("patient"), Column("service_date")),
    facts=(Column("amount"), Column("units")),
    sections=(
        Section(
            "Charge",
            (
                "patient",
                Column("appointment", "Visit", needs=("appointment__patient",)),
                "procedure",
                Column("modifiers", kind="lines"),
                Column("diagnosis_codes", "Diagnoses", kind="lines"),
                "units",
                "amount",
            ),
        ),
        Section("Where", ("provider", "location", "place_of_service", "service_date", "posted_on")),
    ),
    actions=(
        Action(
            name="void",
            label="Take back",
            service="billing.services.charges.void",
            permission=P.CAPTURE_CHARGE,
            danger=True,
            consequence="Mirror entries take it off the patient’s account, and it leaves its claim. Not possible once "
            "a claim with it was sent or money was posted on it.",
            done="Taken back",
        ),
    ),
    api_fields=(
        "id", "appointment", "patient", "provider", "location", "code", "modifiers", "diagnosis_codes", "units",
        "amount", "service_date", "posted_on", "updated_at",
    ),
    empty="What was done at visits and what it costs, entered on the page of each visit.",
    phi=True,
)  # fmt: skip
