"""What can be allowed around programmes, audits and what they find."""

from __future__ import annotations

from practice.permissions import Permission


class CompliancePermission(Permission):
    """What the compliance tables allow."""

    VIEW_COMPLIANCE = (
        "compliance.view_compliance",
        "see programmes, audits, findings and their evidence",
        "compliance",
    )
    CHANGE_COMPLIANCE = (
        "compliance.change_compliance",
        "run audits: answer, attach evidence, raise findings, plan and finish actions",
        "compliance",
    )
    CLOSE_FINDING = "compliance.close_finding", "close findings and audits", "compliance"


ATTACHMENTS = {
    "compliance.auditanswer": CompliancePermission.VIEW_COMPLIANCE,
    "compliance.finding": CompliancePermission.VIEW_COMPLIANCE,
    "compliance.correctiveaction": CompliancePermission.VIEW_COMPLIANCE,
}
