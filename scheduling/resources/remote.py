"""Calendar addresses, declared for the kit."""

from kit.resource import Action, Column, Filter, Link, Resource, Section
from scheduling.permissions import SchedulingPermission as P

FEEDS = Resource(
    name="scheduling.feed",
    model="scheduling.CalendarFeed",
    singular="calendar address",
    plural="calendar addresses",
    path="settings/calendar-addresses",
    nav="settings",
    selector="scheduling.selectors.feeds.visible_to",
    view_permission=P.MAKE_FEED,
    columns=(
        Column("name"),
        Column("provider"),
        Column("standing", "State", kind="status"),
        Column("last_read", "Last read", kind="datetime"),
        Column("changed_at", "Address since", sort=""),
        Column("made_by", "Made by", sort=""),
    ),
    filters=(Filter("provider"),),
    links=(Link("Make calendar address", "scheduling:feed_new", P.MAKE_FEED),),
    default_sort="-id",
    subtitle=(Column("standing", kind="status"),),
    sections=(
        Section(
            "Calendar address",
            (
                "name",
                "provider",
                "made_by",
                "changed_at",
                Column("last_read", "Last read", kind="datetime"),
                "revoked_at",
            ),
        ),
    ),
    actions=(
        Action(
            name="revoke",
            label="Revoke",
            service="scheduling.services.feeds.revoke",
            permission=P.MAKE_FEED,
            when="is_live",
            danger=True,
            consequence="Calendars that read it show nothing new any more.",
            done="Revoked",
        ),
    ),
    api=False,
    export=False,
    empty="Secret addresses at which calendars read a provider’s busy times.",
)

REMOTE = (FEEDS,)
