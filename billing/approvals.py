"""What billing lets somebody ask for that somebody else must agree to."""

from billing.permissions import BillingPermission as P
from practice.approvals import ApprovalKind

WRITE_OFF = ApprovalKind(
    key="billing.write_off",
    label="Write-off",
    subject="billing.DenialCase",
    ask_permission=P.WORK_DENIAL,
    decide_permission=P.APPROVE_WRITE_OFF,
    snapshot="billing.services.write_offs.snapshot",
    on_approve="billing.services.write_offs.carry_out",
    on_refuse="billing.services.write_offs.give_back",
)
KINDS = (WRITE_OFF,)
