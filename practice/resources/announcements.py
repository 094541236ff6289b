"""Announcements, declared for the kit. Reading one and who has read it stand in a box on its page."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, Section
from practice.permissions import PracticePermission as P

ANNOUNCEMENT = Resource(
    name="practice.announcement",
    model="practice.Announcement",
    singular="announcement",
    plural="announcements",
    path="announcements",
    nav="today",
    selector="practice.selectors.announcements.visible_to",
    view_permission=P.VIEW_WORK,
    columns=(
        Column("title", sort=""),
        Column("from_on", "From"),
        Column("until_on", "Until"),
        Column("must_confirm", "Confirmed by all"),
        Column("author", needs=("author__user",)),
        Column("standing", "State", kind="status", sort=""),
    ),
    filters=(Filter("must_confirm", "Confirmed by all"), Filter("from_on", "From")),
    default_sort="-from_on",
    subtitle=(Column("standing", kind="status"),),
    sections=(
        Section(
            "Announcement",
            (
                Column("text", kind="lines"), Column("from_on", "From"), Column("until_on", "Until"),
                Column("must_confirm", "Confirmed by all"), "version",
                Column("author", needs=("author__user",)),
            ),
        ),
    ),
    form=FormSpec(form="practice.forms.announcements.AnnouncementForm"),
    create="practice.services.announcements.announce",
    create_permission=P.ANNOUNCE,
    update="practice.services.announcements.change",
    update_permission=P.ANNOUNCE,
    actions=(
        Action(
            name="remind",
            label="Remind",
            service="practice.services.announcements.remind",
            permission=P.ANNOUNCE,
            when="is_standing",
            hint="Tells those who have not read it, once a day",
            done="They are told",
        ),
        Action(
            name="withdraw",
            label="Withdraw",
            service="practice.services.announcements.withdraw",
            permission=P.ANNOUNCE,
            when="is_standing",
            danger=True,
            consequence="Nobody is shown it any more. It stays on file with who has read it.",
            done="Withdrawn",
        ),
    ),
    api_fields=(
        "id", "title", "text", "from_on", "until_on", "must_confirm", "version", "withdrawn_at", "created_at",
        "updated_at",
    ),
    empty="What everybody, some roles or some locations should know.",
)  # fmt: skip

ANNOUNCEMENTS = (ANNOUNCEMENT,)
