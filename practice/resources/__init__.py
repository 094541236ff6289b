"""The tenant's own records, declared for the kit: one file a group, together here in the order of the navigation."""

from practice.resources.announcements import ANNOUNCEMENTS
from practice.resources.approvals import APPROVALS
from practice.resources.checklists import CHECKLISTS
from practice.resources.forms import FORMS
from practice.resources.imports import IMPORTS
from practice.resources.letters import LETTERS
from practice.resources.machines import MACHINES
from practice.resources.people import PEOPLE
from practice.resources.phone import PHONE
from practice.resources.rules import RULES
from practice.resources.settings import SETTINGS

RESOURCES = (
    *SETTINGS,
    *RULES,
    *PEOPLE,
    *LETTERS,
    *CHECKLISTS,
    *APPROVALS,
    *FORMS,
    *IMPORTS,
    *MACHINES,
    *PHONE,
    *ANNOUNCEMENTS,
)
