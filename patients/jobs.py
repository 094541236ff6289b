"""Background work around patients."""

from patients import break_glass_jobs, complaint_jobs, consent_jobs, consent_link_work, referral_jobs  # noqa: F401  their kinds register on import
