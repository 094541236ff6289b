"""What can be allowed in billing: charges and claims, remittances and the ledger, denials, codes."""

from __future__ import annotations

from practice.permissions import Permission

_BILLERS = "biller outside_biller"


class BillingPermission(Permission):
    """What billing's tables allow."""

    VIEW_CHARGE = (
        "billing.view_charge",
        "see what was charged for a visit",
        f"{_BILLERS} physician front_desk",
    )
    CAPTURE_CHARGE = (
        "billing.capture_charge",
        "enter the charges of a completed visit",
        f"{_BILLERS} physician",
    )
    VIEW_CLAIM = (
        "billing.view_claim",
        "see claims, their lines and what became of them",
        f"{_BILLERS} physician",
    )
    VIEW_EVERY_CLAIM = "billing.view_every_claim", "see other providers' claims too", _BILLERS
    CHANGE_CLAIM = "billing.change_claim", "make claims from charges and check them again", _BILLERS
    SUBMIT_CLAIM = "billing.submit_claim", "send ready claims to payers", f"{_BILLERS} integration"
    OVERRIDE_SCRUB = "billing.override_scrub", "let a held claim go despite a rule, with a reason", "biller"
    VIEW_RULE = "billing.view_rule", "see the rules a claim must pass", _BILLERS
    CHANGE_RULE = "billing.change_rule", "change the rules a claim must pass", "biller"
    VIEW_CODES = "billing.view_codes", "see procedure codes, fees and unmapped codes", f"{_BILLERS} physician"
    CHANGE_CODES = "billing.change_codes", "change procedure codes and fees, map codes", "biller"
    VIEW_LEDGER = (
        "billing.view_ledger",
        "see a patient's account: charges, payments, balance",
        f"{_BILLERS} front_desk",
    )
    TAKE_PAYMENT = (
        "billing.take_payment",
        "take a patient's payment and put money on account to charges",
        "biller front_desk",
    )
    VOID_PAYMENT = "billing.void_payment", "take back a patient's payment, with a reason", "biller"
    POST_PAYMENT = "billing.post_payment", "write off and refund on patients' accounts", "biller"
    VIEW_REMITTANCE = "billing.view_remittance", "see remittances and what they pay", _BILLERS
    IMPORT_REMITTANCE = "billing.import_remittance", "upload a remittance file", f"{_BILLERS} integration"
    POST_REMITTANCE = "billing.post_remittance", "post a remittance to the ledger", _BILLERS
    VIEW_DENIAL = "billing.view_denial", "see denied lines and their deadlines", _BILLERS
    WORK_DENIAL = "billing.work_denial", "take, appeal and close denials", _BILLERS
    VIEW_RESTRICTION = (
        "billing.view_restriction",
        "see which visits are not disclosed to the plan",
        f"{_BILLERS} physician front_desk compliance",
    )
    RESTRICT_DISCLOSURE = (
        "billing.restrict_disclosure",
        "keep a visit that the patient pays in full from the plan",
        "biller front_desk compliance",
    )
    LIFT_RESTRICTION = (
        "billing.lift_restriction",
        "disclose a visit to the plan after all, with a reason",
        "compliance",
    )
    APPROVE_WRITE_OFF = (
        "billing.approve_write_off",
        "approve write-offs that somebody else asked for",
        "",
    )
