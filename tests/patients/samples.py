"""Records of patients' Resources for the cases every Resource has (tests/resources)."""

from tests.patients.complaint_samples import COMPLAINT_SAMPLES

SAMPLES = {**COMPLAINT_SAMPLES}
