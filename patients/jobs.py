"""Background work around patients."""

from patients import complaint_jobs  # noqa: F401  its kinds register on import
