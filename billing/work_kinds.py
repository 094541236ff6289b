"""Kinds of work in billing: each ends when the claim, the denial or the payment itself is settled."""

from practice.work_kinds import WorkKind

KINDS = (
    WorkKind(code="claim.held", label="Held claim", role="biller"),
    WorkKind(code="billing.disclosed", label="Claim sent before the patient asked", role="compliance"),
    WorkKind(code="billing.restricted_unpaid", label="Visit kept from the plan, not paid", role="biller"),
    WorkKind(code="denial.answer", label="Denial", role="biller"),
    WorkKind(code="remittance.exceptions", label="Payment to decide", role="biller"),
)
