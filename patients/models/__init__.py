"""People treated here: who they are, what covers them, what they complained about, who opened their records in need."""

from patients.models.around import DuplicateRuling, EmergencyContact, FamilyLink, Guarantor, PatientFlag
from patients.models.break_glass import BreakGlass, BreakGlassClosing, BreakGlassReview
from patients.models.case import Case, SelfPay, VisitCase
from patients.models.complaint import Complaint, ComplaintEvent
from patients.models.consent import ConsentForm, ConsentRevocation, ConsentVersion, PatientConsent
from patients.models.consent_link import ConsentLink
from patients.models.contact import (
    ConfidentialContact,
    ConsentWording,
    ContactConsent,
    OwnConsent,
    Representative,
)
from patients.models.coverage import Coverage
from patients.models.medicare import MedicareAnswers
from patients.models.merge import MergeMove, MergeValue, PatientMerge
from patients.models.patient import Patient
from patients.models.records import RecordsRelease, RecordsRequest, RecordsStep
from patients.models.referral import Referral, ReferralStep
from patients.models.referring import ReferralSource, ReferringProvider
from patients.models.word import PatientWord

__all__ = [
    "BreakGlass",
    "BreakGlassClosing",
    "BreakGlassReview",
    "Case",
    "Complaint",
    "ComplaintEvent",
    "ConfidentialContact",
    "ConsentForm",
    "ConsentLink",
    "ConsentRevocation",
    "ConsentVersion",
    "ConsentWording",
    "ContactConsent",
    "Coverage",
    "DuplicateRuling",
    "EmergencyContact",
    "FamilyLink",
    "Guarantor",
    "MedicareAnswers",
    "MergeMove",
    "MergeValue",
    "OwnConsent",
    "Patient",
    "PatientConsent",
    "PatientFlag",
    "PatientMerge",
    "PatientWord",
    "RecordsRelease",
    "RecordsRequest",
    "RecordsStep",
    "Referral",
    "ReferralSource",
    "ReferralStep",
    "ReferringProvider",
    "Representative",
    "SelfPay",
    "VisitCase",
]
