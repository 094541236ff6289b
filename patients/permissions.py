"""What can be allowed around patients: registration, coverage, restricted people, complaints."""

from __future__ import annotations

from practice.permissions import Permission


class PatientPermission(Permission):
    """What the patients' tables allow."""

    VIEW_PATIENT = (
        "patients.view_patient",
        "see patients, their contact and their coverage",
        "front_desk physician biller compliance integration",
    )
    CHANGE_PATIENT = (
        "patients.change_patient",
        "register patients and change their contact and coverage",
        "front_desk biller integration",
    )
    CHANGE_REFERRER = (
        "patients.change_referrer",
        "keep referring providers and referral sources",
        "front_desk biller",
    )
    CHANGE_CONSENT_WORDING = (
        "patients.change_consent_wording",
        "keep consent forms and publish the words patients agree to or sign",
        "compliance",
    )
    SIGN_BY_LINK = (
        "patients.sign_by_link",
        "sign one consent, as the link that was sent does",
        "",
    )
    VIEW_REFERRAL = (
        "patients.view_referral",
        "see referrals in and out",
        "front_desk physician compliance",
    )
    CHANGE_REFERRAL = (
        "patients.change_referral",
        "write referrals and keep their steps until the report is in",
        "front_desk physician",
    )
    VIEW_RECORDS_REQUEST = (
        "patients.view_records_request",
        "see requests for records and what was released",
        "front_desk compliance",
    )
    CHANGE_RECORDS_REQUEST = (
        "patients.change_records_request",
        "take requests for records, verify who asks, and release records",
        "front_desk compliance",
    )
    DENY_RECORDS_REQUEST = (
        "patients.deny_records_request",
        "deny requests for records and reopen denied ones",
        "compliance",
    )
    MERGE_PATIENT = (
        "patients.merge_patient",
        "make two records of one person into one, and undo it",
        "compliance",
    )
    REVEAL_SSN = (
        "patients.reveal_ssn",
        "see a patient’s whole social security number; each look is in the read log",
        "biller",
    )
    VIEW_RESTRICTED = (
        "patients.view_restricted",
        "see restricted patients: staff, family, people in the public eye",
        "compliance",
        False,  # reading everything else does not need it: a practice gives it on purpose
    )
    RESTRICT_PATIENT = (
        "patients.restrict_patient",
        "mark a patient's record as restricted and lift that again, with a reason",
        "compliance",
    )
    BREAK_GLASS = (
        "patients.break_glass",
        "open one restricted record for a while, with a reason that is reviewed",
        "front_desk physician biller",
    )
    REVIEW_BREAK_GLASS = (
        "patients.review_break_glass",
        "review who opened restricted records, why, and what they looked at",
        "compliance",
    )
    VIEW_COMPLAINT = "patients.view_complaint", "see complaints and grievances", "front_desk compliance"
    CHANGE_COMPLAINT = (
        "patients.change_complaint",
        "take complaints, acknowledge and look into them",
        "front_desk compliance",
    )
    RESOLVE_COMPLAINT = (
        "patients.resolve_complaint",
        "answer complaints, close and reopen them",
        "compliance",
    )


# Who sees a patient's file sees the patient: the selector decides (practice/services/attachments.py).
ATTACHMENT_DOORS = {"patients.patient": "patients.selectors.patients.visible_to"}
ATTACHMENTS = {
    "patients.patient": PatientPermission.VIEW_PATIENT,
    "patients.complaint": PatientPermission.VIEW_COMPLAINT,
}
