"""The schedule's records, declared for the kit: visits, who waits for one, and what can be booked."""

from scheduling.resources.flow import FLOW
from scheduling.resources.missed import MISSED
from scheduling.resources.outreach import OUTREACH
from scheduling.resources.reach import REACH
from scheduling.resources.remote import REMOTE
from scheduling.resources.series import REPEATING
from scheduling.resources.supply import SUPPLY
from scheduling.resources.visits import VISITS
from scheduling.resources.waiting import WAITING

RESOURCES = (
    *VISITS,
    *FLOW,
    *WAITING,
    *OUTREACH,
    *REPEATING,
    *REACH,
    *MISSED,
    *REMOTE,
    *SUPPLY,
)
