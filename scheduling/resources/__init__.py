"""The schedule's records, declared for the kit: visits, and what can be booked."""

from scheduling.resources.flow import FLOW
from scheduling.resources.supply import SUPPLY
from scheduling.resources.visits import VISITS

RESOURCES = (*VISITS, *FLOW, *SUPPLY)
