"""The schedule's records, declared for the kit: visits, and what can be booked."""

from scheduling.resources.missed import MISSED
from scheduling.resources.reach import REACH
from scheduling.resources.remote import REMOTE
from scheduling.resources.supply import SUPPLY
from scheduling.resources.visits import VISITS

RESOURCES = (*VISITS, *REACH, *MISSED, *REMOTE, *SUPPLY)
