"""Billing's records, declared for the kit: one file a group, together here in the order of the navigation."""

from billing.resources.claims import CHARGE, CLAIM
from billing.resources.codes import CATALOGUE
from billing.resources.money import FILE, LEDGER, REMITTANCE
from billing.resources.payments import PAYMENT
from billing.resources.restrictions import RESTRICTION

RESOURCES = (CLAIM, REMITTANCE, FILE, CHARGE, PAYMENT, LEDGER, RESTRICTION, *CATALOGUE)
