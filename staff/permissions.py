"""What can be allowed around the people who work here and what they hold."""

from __future__ import annotations

from practice.permissions import Permission


class StaffPermission(Permission):
    """What the staff tables allow."""

    VIEW_EMPLOYEE = "staff.view_employee", "see who works here and how to reach them", "hr compliance"
    CHANGE_EMPLOYEE = "staff.change_employee", "hire people, change their details and end employment", "hr"
    VIEW_PROVIDER = (
        "staff.view_provider",
        "see who treats and is billed for",
        "hr compliance physician front_desk biller integration",
    )
    CHANGE_PROVIDER = "staff.change_provider", "add providers and change their NPI and specialty", "hr"
    VIEW_CREDENTIAL = (
        "staff.view_credential",
        "see licences and certificates and when they expire",
        "hr compliance",
    )
    CHANGE_CREDENTIAL = "staff.change_credential", "add, verify and renew licences and certificates", "hr"
    VIEW_ENROLMENT = "staff.view_enrolment", "see with which payers providers are enrolled", "hr biller"
    CHANGE_ENROLMENT = "staff.change_enrolment", "work on payer enrolments", "hr"


ATTACHMENTS = {
    "staff.employee": StaffPermission.CHANGE_EMPLOYEE,
    "staff.credential": StaffPermission.VIEW_CREDENTIAL,
    "staff.payerenrolment": StaffPermission.VIEW_ENROLMENT,
}
