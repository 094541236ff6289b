"""Announcements, declared for the kit: their words, each version of them, and who has read which."""

from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

FOR = Column("receivers", "For", sort="", kind="text")
ASKS = Column("asks", "Asks to", sort="", kind="text")
BY = Column("author", "By", needs=("author__user",))


def _tab(slug: str, label: str, narrow: str, done: str) -> SavedView:
    return SavedView(slug=slug, label=label, narrow=f"practice.selectors.announcements.{narrow}", done=done)


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
        Column("title", sort="title_lower"),
        FOR,
        Column("from_on", "From"),
        Column("until_on", "Until"),
        ASKS,
        BY,
        Column("standing", "State", kind="status", sort=""),
    ),
    search=("title_lower",),
    search_hint="title",
    filters=(Filter("must_confirm", "Must be confirmed"), Filter("from_on", "From")),
    views=(
        _tab("read", "To read", "to_read", "You have read everything."),
        _tab("shown", "Announced", "shown", "Nothing is announced today."),
        _tab("planned", "Planned", "planned", "Nothing is planned."),
        _tab("over", "Over", "over", "Nothing has ended."),
    ),
    default_sort="-from_on",
    title="title",
    subtitle=(Column("standing", kind="status"), FOR),
    sections=(
        Section(
            "Announcement",
            (
                Column("lines", "Text", kind="lines"), FOR, Column("from_on", "From"), Column("until_on", "Until"),
                ASKS, BY, "version",
            ),
        ),
    ),
    children=(
        Child("practice.announcement_version", "announcement", "Versions"),
        Child("practice.announcement_receipt", "announcement", "Who has read it"),
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
            when="is_shown",
            hint="Tells those who have not read it, once a day",
            done="Those who have not read it are told",
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
        "id", "title", "text", "from_on", "until_on", "must_confirm", "version", "asked_version", "author",
        "withdrawn_at", "created_at", "updated_at",
    ),
    empty="What everybody, some roles or some locations should know.",
)  # fmt: skip

VERSION = Resource(
    name="practice.announcement_version",
    model="practice.AnnouncementVersion",
    singular="version of an announcement",
    plural="versions of announcements",
    path="announcements/versions",
    parent="announcement",
    selector="practice.selectors.announcements.versions",
    view_permission=P.VIEW_WORK,
    columns=(
        Column("title", sort=""),
        Column("number", "Version"),
        Column("material", "Asks again"),
        Column("by", "By", needs=("by__user",)),
        Column("created_at", "Written"),
    ),
    default_sort="-created_at",
    subtitle=(Column("announcement"),),
    sections=(
        Section(
            "Words",
            (
                Column("lines", "Text", kind="lines"),
                Column("material", "Asks again"),
                Column("created_at", "Written"),
                "announcement",
            ),
        ),
    ),
    empty="The words of an announcement as they stood, version by version.",
)

RECEIPT = Resource(
    name="practice.announcement_receipt",
    model="practice.AnnouncementReceipt",
    singular="receipt",
    plural="receipts",
    path="announcements/receipts",
    parent="announcement",
    selector="practice.selectors.announcements.receipts_seen_by",
    view_permission=P.ANNOUNCE,
    columns=(
        Column("member", "Who", needs=("member__user",)),
        Column("version"),
        Column("confirmed"),
        Column("created_at", "When"),
        Column("announcement"),
    ),
    filters=(Filter("confirmed"),),
    default_sort="-created_at",
    title="announcement",
    subtitle=(Column("member", needs=("member__user",)),),
    sections=(
        Section("Receipt", ("member", "announcement", "version", "confirmed", Column("created_at", "When"))),
    ),
    empty="Who has read which version of an announcement, and when.",
)

ANNOUNCEMENTS = (ANNOUNCEMENT, VERSION, RECEIPT)
