"""Forms for people outside, and what they sent, declared for the kit. Their pages are hand-made."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

FORM = Resource(
    name="practice.form",
    model="practice.PublicForm",
    singular="form",
    plural="forms",
    path="settings/forms",
    nav="settings",
    nav_label="Public forms",
    selector="practice.selectors.forms.visible_to",
    view_permission=P.VIEW_FORMS,
    columns=(
        Column("name"),
        Column("purpose_label", "Purpose"),
        Column("to_review", "To review", kind="number"),
        Column("is_active", "Switched on"),
        Column("created_at", "Made"),
    ),
    filters=(Filter("is_active", "Switched on"),),
    default_sort="name",
    title="name",
    sections=(Section("Form", (Column("purpose_label", "Purpose"), Column("is_active", "Switched on"))),),
    form=FormSpec(form="practice.forms.builder.FormForm"),
    create="practice.services.forms.add_form",
    create_permission=P.CHANGE_FORMS,
    update="practice.services.forms.change_form",
    update_permission=P.CHANGE_FORMS,
    api_fields=("id", "name", "purpose", "purpose_label", "is_active", "created_at", "updated_at"),
    empty="Forms that people without an account fill in: a complaint, feedback, a registration.",
)

SUBMISSION = Resource(
    name="practice.submission",
    model="practice.FormSubmission",
    singular="form submission",
    plural="form submissions",
    path="submissions",
    nav="today",
    selector="practice.selectors.forms.submissions",
    view_permission=P.REVIEW_SUBMISSIONS,
    columns=(
        Column("number", "Submission", kind="text"),
        Column("form"),
        Column("link", "Came by"),
        Column("sent_at", "Sent"),
        Column("state"),
        Column("reviewed_by", "Reviewed by", needs=("reviewed_by__user",)),
    ),
    filters=(Filter("state"), Filter("form"), Filter("sent_at", "Sent")),
    views=(
        SavedView(
            slug="waiting",
            label="To review",
            narrow="practice.selectors.forms.waiting",
            sort="sent_at",
            done="Everything that was sent is reviewed.",
        ),
    ),
    default_sort="-number",
    title="number",
    status="state",
    sections=(
        Section(
            "Submission",
            (
                "form",
                Column("link", "Came by"),
                Column("sent_at", "Sent"),
                Column("reviewed_by", "Reviewed by", needs=("reviewed_by__user",)),
                Column("reviewed_at", "Reviewed"),
            ),
        ),
    ),
    actions=(
        Action(
            name="accept",
            label="Accept",
            service="practice.services.submissions.accept",
            permission=P.REVIEW_SUBMISSIONS,
            when="is_waiting",
            form="practice.forms.builder.AcceptForm",
            consequence="It becomes what its form is for, and its files are attached to that once they are judged.",
            done="Accepted",
            keyed=True,
        ),
        Action(
            name="reject",
            label="Reject",
            service="practice.services.submissions.reject",
            permission=P.REVIEW_SUBMISSIONS,
            when="is_waiting",
            reason=True,
            danger=True,
            consequence="Nothing comes of it. Its files are destroyed; what was typed stays with your reason.",
            done="Rejected",
        ),
    ),
    api_fields=(
        "id", "number", "form", "link", "sent_at", "state", "reviewed_at", "created_at", "updated_at",
    ),
    phi=True,
    empty="What people outside sent through your forms, until somebody has looked at it.",
)  # fmt: skip

FORMS = (FORM, SUBMISSION)
