"""Members, invitations and roles, declared for the kit. Lists and editors of people and roles are hand-made."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

MEMBER = Resource(
    name="practice.member",
    model="practice.Membership",
    singular="member",
    plural="people",
    path="settings/people",
    nav="settings",
    selector="practice.selectors.members.members",
    view_permission=P.VIEW_SETTINGS,
    columns=(
        Column("name", needs=("user",)),
        Column("email", "Email", needs=("user",)),
        Column("role_names", "Roles"),
        Column("site_names", "Sites"),
        Column("second_factor", "Second factor", kind="status"),
        Column("last_in", "Last here", kind="datetime"),
        Column("standing", "Membership", kind="status"),
    ),
    views=(
        SavedView(slug="current", label="Members", narrow="practice.selectors.members.current"),
        SavedView(
            slug="ended",
            label="Ended",
            narrow="practice.selectors.members.ended",
            done="No membership has ended.",
        ),
    ),
    default_sort="created_at",
    title="name",
    subtitle=(Column("email"),),
    sections=(
        Section(
            "In this practice",
            (
                Column("role_names", "Roles"),
                Column("site_names", "Sites"),
                Column("second_factor", "Second factor", kind="status"),
                Column("last_in", "Last here", kind="datetime"),
                Column("standing", "Membership", kind="status"),
                Column("created_at", "Member since"),
                Column("ended_at", "Ended"),
                Column("end_reason", "Why it ended"),
            ),
        ),
    ),
    form=FormSpec(form="practice.forms.people.MemberForm"),
    update="practice.services.people.change_member",
    update_permission=P.CHANGE_ROLES,
    actions=(
        Action(
            name="end",
            label="Remove",
            service="practice.services.people.end_membership",
            permission=P.CHANGE_ROLES,
            when="is_live",
            danger=True,
            reason=True,
            hint="Closes every way into this practice at once",
            consequence="The person is out at the next click. API tokens and open invitations they made end too. "
            "To let them back in, invite them again.",
            done="The membership has ended",
        ),
    ),
    api_fields=(
        "id", "name", "email", "roles", "locations", "has_second_factor", "needs_second_factor", "last_in",
        "ended_at", "end_reason", "created_at", "updated_at",
    ),
    contested=True,
    empty="Everyone who works in this practice.",
)  # fmt: skip

INVITATION = Resource(
    name="practice.invitation",
    model="practice.Invitation",
    singular="invitation",
    plural="invitations",
    path="settings/invitations",
    nav="settings",
    selector="practice.selectors.invitations.invitations",
    view_permission=P.VIEW_SETTINGS,
    columns=(
        Column("email", "Email"),
        Column("name"),
        Column("role_names", "Roles"),
        Column("site_names", "Sites"),
        Column("standing", "State", kind="status"),
        Column("expires_at", "Works until"),
        Column("invited_by", "Invited by", needs=("invited_by__user",)),
    ),
    views=(
        SavedView(
            slug="waiting",
            label="Waiting",
            narrow="practice.selectors.invitations.waiting",
            done="Nobody is waiting to join.",
        ),
    ),
    filters=(Filter("created_at", "Made"),),
    default_sort="-created_at",
    title="email",
    subtitle=(Column("name"), Column("standing", kind="status")),
    sections=(
        Section(
            "Invitation",
            (
                Column("role_names", "Roles"),
                Column("site_names", "Sites"),
                Column("invited_by", "Invited by", needs=("invited_by__user",)),
                Column("sent_at", "Last mailed"),
                Column("expires_at", "Works until"),
                Column("accepted_at", "Accepted"),
                Column("revoked_at", "Withdrawn"),
            ),
        ),
    ),
    form=FormSpec(form="practice.forms.people.InvitationForm"),
    create="practice.services.invitations.invite",
    create_permission=P.CHANGE_ROLES,
    actions=(
        Action(
            name="resend",
            label="Send again",
            service="practice.services.invitations.resend",
            permission=P.CHANGE_ROLES,
            when="is_waiting",
            hint="A fresh link by mail; the older one stops working",
            bulk=True,
            done="A fresh link is on its way",
        ),
        Action(
            name="revoke",
            label="Withdraw",
            service="practice.services.invitations.revoke",
            permission=P.CHANGE_ROLES,
            when="is_waiting",
            danger=True,
            consequence="The link in the mail stops working at once.",
            bulk=True,
            done="Withdrawn",
        ),
    ),
    api_fields=(
        "id", "email", "name", "roles", "locations", "sent_at", "expires_at", "accepted_at", "revoked_at",
        "created_at", "updated_at",
    ),
    empty="People who were asked by mail to join this practice.",
)  # fmt: skip

ROLE = Resource(
    name="practice.role",
    model="practice.Role",
    singular="role",
    plural="roles",
    path="settings/roles",
    nav="settings",
    selector="practice.selectors.members.roles",
    view_permission=P.VIEW_SETTINGS,
    columns=(
        Column("name"),
        Column("description", "What it is for", sort=""),
        Column("held_by", "Members", kind="number"),
        Column("requires_mfa", "Second factor"),
        Column("escalates_to", "Escalates to"),
    ),
    default_sort="name",
    subtitle=(Column("description"),),
    sections=(Section("What this role can do", (Column("can_do", "Can", kind="lines"),)),),
    form=FormSpec(form="practice.forms.people.RoleForm"),
    create="practice.services.roles.add_role",
    create_permission=P.CHANGE_ROLES,
    update="practice.services.roles.change_role",
    update_permission=P.CHANGE_ROLES,
    actions=(
        Action(
            name="delete",
            label="Delete",
            service="practice.services.roles.delete_role",
            permission=P.CHANGE_ROLES,
            when="deletable",
            danger=True,
            consequence="Only a role that nobody ever held can be deleted.",
            done="Deleted",
        ),
    ),
    api_fields=(
        "id", "code", "name", "description", "escalates_to", "requires_mfa", "grants", "held_by", "created_at",
        "updated_at",
    ),
    contested=True,
    export=False,
    empty="Bundles of permissions.",
)  # fmt: skip

PEOPLE = (MEMBER, INVITATION, ROLE)
