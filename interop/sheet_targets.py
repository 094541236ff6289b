"""What comes in as several files at once."""

from interop.permissions import InteropPermission
from kit.sheet_target import BundleTarget

SYNTHEA = BundleTarget(
    name="interop.synthea",
    label="Synthea export",
    sentence="Another system's whole export: payers, sites, providers, patients, coverage, visits, claims and money.",
    permission=InteropPermission.RUN_IMPORTS,
    view_permission=InteropPermission.VIEW_IMPORTS,
    page="interop:import_new",
    plan="interop.services.imports.plan",
    phi=True,
)
TARGETS = (SYNTHEA,)
