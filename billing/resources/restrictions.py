"""Visits that are not disclosed to a plan, declared for the kit. One is made on the visit's own page."""

from billing.permissions import BillingPermission as P
from kit.resource import Action, Column, Filter, Resource, SavedView, Section

RESTRICTION = Resource(
    name="billing.restriction",
    model="billing.PlanRestriction",
    singular="visit not disclosed",
    plural="visits not disclosed",
    path="billing/restrictions",
    nav="billing",
    nav_label="Not disclosed to plans",
    selector="billing.selectors.restrictions.visible_to",
    view_permission=P.VIEW_RESTRICTION,
    columns=(
        Column("plan", "Not disclosed to", needs=("payer",)),
        Column("appointment__patient", "Patient", sort=""),
        Column("appointment__local_day", "Visit on", sort=""),
        Column("standing", "Status"),
        Column("asked_by", "Who asked", sort=""),
        Column("asked_on", "Asked on"),
        Column("lifted_on", "Undone on", sort=""),
    ),
    default_sort="-asked_on",
    find="billing.selectors.restrictions.search",
    search_hint="the patient’s name, birth date, telephone or record number",
    filters=(Filter("payer", "Plan"), Filter("asked_on", "Asked on")),
    views=(
        SavedView(
            slug="open",
            label="In force",
            narrow="billing.selectors.restrictions.in_force",
            done="Every plan may be told of every visit.",
        ),
        SavedView(slug="all", label="All"),
    ),
    status="standing",
    subtitle=(Column("appointment__patient", "Patient"),),
    sections=(
        Section(
            "Request",
            (
                Column("appointment", "Visit"),
                Column("appointment__patient", "Patient"),
                Column("plan", "Not disclosed to", needs=("payer",)),
                Column("asked_by", "Who asked"),
                Column("asked_on", "Asked on"),
                Column("note", "How it is paid"),
            ),
        ),
        Section("Undone", (Column("lifted_on", "On"), Column("lifted_reason", "Why"))),
    ),
    actions=(
        Action(
            name="lift",
            label="Disclose after all",
            service="billing.services.restrictions.lift",
            permission=P.LIFT_RESTRICTION,
            when="is_open",
            reason=True,
            danger=True,
            consequence="Claims of this visit that were held go to the plan, and new ones are made.",
            done="The plan may be told",
        ),
    ),
    api_fields=(
        "id", "appointment", "payer", "asked_by", "asked_on", "note", "lifted_on", "lifted_reason", "created_at",
        "updated_at",
    ),
    empty="Visits that patients pay in full and keep from their plans. No claim goes out while one stands here.",
    phi=True,
)  # fmt: skip
