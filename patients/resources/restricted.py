"""Restricted records and what was opened of them by break-glass, declared for the kit."""

from kit.resource import Action, Column, Filter, Resource, SavedView, Section
from patients.permissions import PatientPermission as P

NAME = Column("name", sort="last_name_key,first_name_key")

RESTRICTED = Resource(
    name="patients.restricted",
    model="patients.Patient",
    singular="restricted record",
    plural="restricted records",
    path="patients/restricted",
    nav="patients",
    nav_label="Restricted records",
    selector="patients.selectors.patients.restricted_records",
    view_permission=P.VIEW_RESTRICTED,
    columns=(
        NAME,
        Column("mrn", "Record"),
        Column("birth_date", "Born"),
        Column("restriction_reason", "Why", sort=""),
        Column("standing", "Status"),
    ),
    find="patients.selectors.patients.search",
    search_hint="name, birth date or year, telephone or record number",
    views=(
        SavedView(
            slug="restricted",
            label="Restricted",
            narrow="patients.selectors.patients.hidden_now",
            done="No record is restricted.",
        ),
        SavedView(
            slug="suggested",
            label="Works here, not restricted",
            narrow="patients.selectors.patients.to_restrict",
            done="Nobody who works here has a record that everybody sees.",
        ),
    ),
    default_sort="name",
    status="standing",
    sections=(Section("Record", ("mrn", "birth_date", "restriction_reason")),),
    api=False,
    empty="Staff, family and people in the public eye, hidden from everybody without the right to see them.",
    phi=True,
)

OPENING = Resource(
    name="patients.opening",
    model="patients.BreakGlass",
    singular="opened record",
    plural="opened restricted records",
    path="patients/break-glass/opened",
    nav="compliance",
    nav_label="Break-glass",
    selector="patients.selectors.break_glass.visible_to",
    view_permission=P.REVIEW_BREAK_GLASS,
    columns=(
        Column("membership", "Opened by", sort=""),
        Column("starts_at", "When"),
        Column("patient_shown", "Patient"),
        Column("reason", "Why", sort=""),
        Column("look_count", "Looked at", kind="number"),
        Column("ended_at", "Ended", kind="datetime"),
        Column("review", kind="status"),
    ),
    filters=(Filter("reason", "Why"), Filter("starts_at", "When")),
    views=(
        SavedView(
            slug="open",
            label="To review",
            narrow="patients.selectors.break_glass.to_review",
            done="Nothing to review",
        ),
    ),
    default_sort="-starts_at",
    status="review",
    subtitle=(Column("starts_at"), Column("patient_shown")),
    sections=(
        Section(
            "Why",
            (
                Column("membership", "Opened by"),
                Column("patient_shown", "Patient"),
                "reason",
                Column("words", "In their words"),
                Column("ended_at", "Open until", kind="datetime"),
            ),
        ),
        Section("Review", (Column("review", "Found", kind="status"), Column("review_note", "By"))),
    ),
    actions=(
        Action(
            name="review",
            label="Review",
            service="patients.services.break_glass.review",
            permission=P.REVIEW_BREAK_GLASS,
            when="is_waiting",
            form="patients.break_glass_forms.ReviewForm",
            hint="Was there a need, and did they look at no more than it took?",
            done="Reviewed",
        ),
    ),
    api=False,
    empty="When somebody breaks the glass, it stands here with the reason and everything they looked at.",
    phi=True,
)
