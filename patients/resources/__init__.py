"""Patients' records, declared for the kit: one file a group, together here in the order of the navigation."""

from patients.resources.around import CONTACT, FAMILY, FLAG, GUARANTOR, REFERRER, RULING, SOURCE
from patients.resources.cases import CASE, COVERAGE, MEDICARE, SELF_PAY
from patients.resources.complaints import COMPLAINT, STEP
from patients.resources.consents import FORM, LINK, SIGNED, VERSION
from patients.resources.contact import CONFIDENTIAL, CONSENT, OWN, REPRESENTATIVE, WORDING
from patients.resources.merges import MERGE, MOVE
from patients.resources.patients import PATIENT
from patients.resources.records_desk import RELEASE, REQUEST
from patients.resources.records_desk import STEP as RECORDS_STEP
from patients.resources.referrals import REFERRAL
from patients.resources.referrals import STEP as REFERRAL_STEP
from patients.resources.restricted import OPENING, RESTRICTED

RESOURCES = (
    PATIENT, CASE, COVERAGE, SELF_PAY, MEDICARE, COMPLAINT, STEP, RESTRICTED, OPENING, CONTACT, GUARANTOR, FAMILY, FLAG,
    REFERRER, RULING, SOURCE,
    SIGNED, LINK, FORM, VERSION, CONSENT, WORDING, CONFIDENTIAL, REPRESENTATIVE, OWN,
    REFERRAL, REFERRAL_STEP, REQUEST, RECORDS_STEP, RELEASE, MERGE, MOVE,
)  # fmt: skip
