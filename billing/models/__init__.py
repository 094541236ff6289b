"""The revenue cycle: charges, claims, remittances, the patient ledger, denials."""

from billing.models.charge import Charge, ChargeDiagnosis, FeeScheduleLine, ProcedureCode, UnmappedCode
from billing.models.claim import (
    Claim,
    ClaimBatch,
    ClaimDiagnosis,
    ClaimEvent,
    ClaimLine,
    ScrubFinding,
    ScrubRule,
)
from billing.models.denial import AdjustmentRule, DenialCase, DenialEvent
from billing.models.ledger import LedgerEntry, OpenItem
from billing.models.payment import PatientPayment
from billing.models.remittance import (
    ProviderAdjustment,
    Remittance,
    RemittanceAdjustment,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
)
from billing.models.restriction import PlanRestriction

__all__ = [
    "AdjustmentRule",
    "Charge",
    "ChargeDiagnosis",
    "Claim",
    "ClaimBatch",
    "ClaimDiagnosis",
    "ClaimEvent",
    "ClaimLine",
    "DenialCase",
    "DenialEvent",
    "FeeScheduleLine",
    "LedgerEntry",
    "OpenItem",
    "PatientPayment",
    "PlanRestriction",
    "ProcedureCode",
    "ProviderAdjustment",
    "Remittance",
    "RemittanceAdjustment",
    "RemittanceClaim",
    "RemittanceFile",
    "RemittanceLine",
    "ScrubFinding",
    "ScrubRule",
    "UnmappedCode",
]
