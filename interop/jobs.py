"""Background steps of the import centre."""

from interop.services import imports
from practice import jobs


@jobs.kind(imports.KIND, label="Import")
def import_files(job: jobs.Job) -> None:
    """Carry an import through from where it stands."""
    imports.carry_out(job)
