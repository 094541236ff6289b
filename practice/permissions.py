"""What can be allowed, in a sentence each, and which default roles have it.

Every app declares its own enum in ``<app>/permissions.py`` with this base; a role is a set of them.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

# The ten default roles a practice starts with (ARCHITECTURE.md 4): code, name, what it is for, escalates to.
DEFAULT_ROLES: tuple[tuple[str, str, str, str], ...] = (
    ("owner", "Owner", "Owns the practice: sees every figure, approves budgets and reports.", ""),
    ("manager", "Practice manager", "Runs everything that is not medicine.", "owner"),
    (
        "physician",
        "Physician",
        "Treats patients; sees the schedule, own claims and the owners' page.",
        "manager",
    ),
    ("front_desk", "Front desk", "Books, checks in, takes complaints.", "manager"),
    ("biller", "Biller", "Claims, remittances, denials, patient accounts.", "manager"),
    ("hr", "HR", "Staff files, licences, training.", "manager"),
    ("compliance", "Compliance officer", "HIPAA and OSHA programmes, audits, incidents.", "owner"),
    ("auditor", "Auditor", "Reads; changes nothing.", "owner"),
    (
        "outside_biller",
        "Outside biller",
        "An outside company's biller: claims and remittances only.",
        "biller",
    ),
    ("integration", "Integration client", "A REST client that joins an EHR.", "manager"),
)
# Whose holders sign in with a second factor, until the practice decides otherwise (ARCHITECTURE.md 4).
SECOND_FACTOR_ROLES = frozenset({"owner", "manager", "biller", "hr", "compliance"})
EVERYONE = frozenset(code for code, *_ in DEFAULT_ROLES)
MANAGERS = frozenset({"owner", "manager"})


class Permission(StrEnum):
    """A permission: its value is its name in the database, its sentence what it lets a person do.

    Members are declared ``VIEW_CLAIM = "billing.view_claim", "see claims and their lines", "biller physician"``;
    owner and manager hold every permission, an auditor every one that begins with "view" and does not opt out
    with a fourth value: ``False`` for what even a reader of everything sees only when the practice says so.
    ``"owner!"`` means those roles and nobody else.
    """

    sentence: str
    default_roles: frozenset[str]

    def __new__(
        cls, value: str, sentence: str = "", roles: str = "", for_auditors: object = True
    ) -> Permission:
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        named = EVERYONE if roles == "*" else frozenset(roles.rstrip("!").split())
        if unknown := named - EVERYONE:
            raise ValueError(f"{value}: unknown default roles {sorted(unknown)}")
        reads = bool(for_auditors) and value.split(".")[1].startswith("view")
        wider = named | MANAGERS | ({"auditor"} if reads else set())
        member.default_roles = named if roles.endswith("!") else wider
        return member


class PracticePermission(Permission):
    """What the tenant's own tables allow."""

    VIEW_WORK = "practice.view_work", "see what waits for them in My work", "*"
    DO_WORK = (
        "practice.do_work",
        "take, snooze and finish what waits for them, and make reminders",
        "physician front_desk biller hr compliance outside_biller integration",
    )
    ASSIGN_WORK = "practice.assign_work", "hand work to other people and roles", "biller hr compliance"
    VIEW_ALL_WORK = "practice.view_all_work", "see everybody's work and how much each person has", ""
    VIEW_BRIEF = "practice.view_brief", "see the Monday brief and get it by mail", "biller hr compliance"
    MARK_BRIEF = "practice.mark_brief", "put lines of the Monday brief aside", ""
    VIEW_SETTINGS = "practice.view_settings", "see locations, payers, roles and settings", ""
    CHANGE_SETTINGS = "practice.change_settings", "change locations, payers, billing entity and settings", ""
    VIEW_RULES = (
        "practice.view_rules",
        "see rules with their sources, and count deadlines",
        "physician front_desk biller hr compliance outside_biller",
    )
    CHANGE_RULES = "practice.change_rules", "give rules the practice's own values", ""
    CHECK_RULES = "practice.check_rules", "confirm that a rule was compared with its source", "compliance"
    CHANGE_ROLES = "practice.change_roles", "change who may do what", ""
    CHANGE_TOKENS = "practice.change_tokens", "make and revoke API tokens", ""
    CHANGE_DISPLAYS = "practice.change_displays", "make and end wall displays", ""
    SHOW_WALL = "practice.show_wall", "show a location's flow without names, as a wall display does", ""
    ATTACH_FILE = (
        "practice.attach_file",
        "attach files to records they may see",
        "physician front_desk biller hr compliance outside_biller integration",
    )
    WITHDRAW_FILE = "practice.withdraw_file", "withdraw files that somebody else attached", ""
    WRITE_NOTE = (
        "practice.write_note",
        "write notes on records they may see, and mention people in them",
        "physician front_desk biller hr compliance outside_biller integration",
    )
    PIN_NOTE = "practice.pin_note", "pin notes on top of a record's notes", "physician biller hr compliance"
    VIEW_PHONE = (
        "practice.view_phone_message",
        "see phone messages about records they may see",
        "physician front_desk biller hr compliance outside_biller",
    )
    TAKE_PHONE = (
        "practice.take_phone_message",
        "take phone messages and correct them",
        "physician front_desk biller hr compliance outside_biller",
    )
    ANSWER_PHONE = (
        "practice.answer_phone_message",
        "call back, hand over and close phone messages",
        "physician front_desk biller hr compliance outside_biller",
    )
    ANNOUNCE = (
        "practice.announce",
        "announce things, and see who has read them",
        "hr compliance",
    )
    SHARE_VIEWS = "practice.share_views", "share a saved view of a list with everyone", ""
    VIEW_APPROVALS = (
        "practice.view_approvals",
        "see the approvals they asked for, can decide or have decided, and name a stand-in",
        "*",
    )
    VIEW_EVERY_APPROVAL = (
        "practice.view_every_approval",
        "see every approval with its history",
        "compliance",
    )
    CHANGE_APPROVAL_LIMITS = (
        "practice.change_approval_limits",
        "set who may approve what, up to which amount",
        "owner!",
    )
    VIEW_FORMS = "practice.view_forms", "see the forms people outside fill in, and their links", ""
    CHANGE_FORMS = "practice.change_forms", "make and publish forms for people outside, and links to them", ""
    REVIEW_SUBMISSIONS = (
        "practice.review_submissions",
        "read what people outside have sent, accept or reject it",
        "front_desk compliance",
    )
    FILL_FORM = "practice.fill_form", "fill in one form, as a public link does", ""
    READ_ONLINE = "practice.read_online", "read one letter, as the link that was mailed does", ""
    VIEW_IMPORTS = "practice.view_imports", "see what sheets were imported and what was refused", ""
    RUN_IMPORTS = "practice.run_imports", "import sheets of what they may change, and undo imports", ""
    VIEW_JOBS = "practice.view_jobs", "see background work and run it again", "biller"
    VIEW_AUDIT = "practice.view_audit", "see who changed and who looked at what", "compliance"
    VIEW_LETTER = (
        "practice.view_letter",
        "see letters and messages about records they may see",
        "front_desk physician biller outside_biller hr compliance",
    )
    SEND_LETTER = (
        "practice.send_letter",
        "write, print, send and reprint letters",
        "front_desk biller hr compliance",
    )
    LOG_MESSAGE = (
        "practice.log_message",
        "log mail, faxes, e-mails and calls, and say that they are answered",
        "front_desk physician biller outside_biller hr compliance",
    )
    CHANGE_LETTERS = (
        "practice.change_letters",
        "change and publish letter templates and the letterhead",
        "compliance",
    )
    VIEW_CHECKLISTS = (
        "practice.view_checklists",
        "see checklists, what was answered and who signed",
        "physician front_desk biller hr compliance",
    )
    RUN_CHECKLISTS = (
        "practice.run_checklists",
        "answer and sign checklists at their locations",
        "physician front_desk biller hr compliance",
    )
    CHANGE_CHECKLISTS = "practice.change_checklists", "make checklists, change their steps, start them", ""
    EXPORT_PRACTICE = "practice.export_practice", "export everything of the practice", "owner!"
    EXPORT_SEALED = (
        "practice.export_sealed",
        "include tax ids, SSNs and other sealed values in an export",
        "owner!",
    )
    DESTROY_PRACTICE = (
        "practice.destroy_practice",
        "ask for or approve the end of the practice's data",
        "owner!",
    )


# An uploaded sheet goes back to whoever may import, and sees its run.
ATTACHMENTS = {"practice.importrun": PracticePermission.RUN_IMPORTS}
# What the areas of a role's page are called, by the app that declares the permissions.
AREAS = {
    "practice": "Practice and settings",
    "staff": "Staff",
    "patients": "Patients and complaints",
    "finance": "Books and budgets",
    "scheduling": "Schedule",
    "billing": "Billing",
    "operations": "Operations",
    "compliance": "Compliance",
    "reports": "Reports",
    "interop": "Imports and exchange",
}


def areas() -> list[tuple[str, list[Permission]]]:
    """Every permission of the house by area, in ladder order: what a role's page lists."""
    found: dict[str, list[Permission]] = {}
    for permission in all_permissions().values():
        found.setdefault(permission.value.split(".")[0], []).append(permission)
    return [(AREAS.get(app, app.capitalize()), entries) for app, entries in found.items()]


@lru_cache(maxsize=1)
def all_permissions() -> dict[str, Permission]:
    """Every permission of the house by its value."""
    from practice.discovery import modules

    found: dict[str, Permission] = {}
    for module in modules("permissions"):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Permission):
                found |= {member.value: member for member in thing}
    return found


def default_permissions(role_code: str) -> frozenset[str]:
    """The permissions a default role starts with."""
    return frozenset(
        value for value, permission in all_permissions().items() if role_code in permission.default_roles
    )


# Who opens files of the tenant's own records; which ones they see, their doors say.
ATTACHMENTS = {
    "practice.letter": PracticePermission.VIEW_LETTER,
    "practice.letterbatch": PracticePermission.SEND_LETTER,
    "practice.letterhead": PracticePermission.VIEW_LETTER,
    "practice.correspondence": PracticePermission.VIEW_LETTER,
    "practice.checklistrun": PracticePermission.VIEW_CHECKLISTS,
    "practice.formsubmission": PracticePermission.REVIEW_SUBMISSIONS,  # once a member has taken them
}
ATTACHMENT_DOORS = {
    "practice.letterbatch": "practice.selectors.letters.batches",
    "practice.formsubmission": "practice.selectors.forms.submissions",
}
