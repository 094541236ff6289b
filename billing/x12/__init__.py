"""X12 codec: pure Python, no Django, no I/O beyond reading a stream. The public API is this module."""

from billing.x12.balance import Imbalance, balance_warnings, imbalances
from billing.x12.checks import (
    is_diagnosis_code,
    is_modifier,
    is_ndc,
    is_npi,
    is_procedure_code,
    is_state,
    is_tax_id,
    is_taxonomy,
    is_zip,
    is_zip_plus_four,
    npi_check_digit,
)
from billing.x12.claim_model import (
    Accident,
    Address,
    Batch837P,
    BillingProvider,
    ClaimData,
    ClaimFile,
    Drug,
    Facility,
    Patient,
    Payer,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from billing.x12.claim_rules import Problem, batch_problems, claim_problems
from billing.x12.envelope import Addressing, RawTransaction, read_transactions
from billing.x12.errors import X12Error, X12Warning
from billing.x12.model import (
    Adjustment,
    Amount,
    Claim835,
    Contact,
    DatedEvent,
    HeaderGroup,
    Line835,
    Name,
    Party,
    Payment,
    Procedure,
    ProviderAdjustment,
    Quantity,
    RawSegment,
    Reference,
    Remark,
    Remittance,
    Trace,
    Transaction835,
)
from billing.x12.t835 import iter_835, parse_835
from billing.x12.t835_writer import transaction_digest, write_835
from billing.x12.t837p import write_837p
from billing.x12.t837p_reader import parse_837p
from billing.x12.tokenizer import STANDARD_DELIMITERS, Delimiters, Segment, tokenize
from billing.x12.writer import clean_text

__all__ = [
    "STANDARD_DELIMITERS", "Accident", "Address", "Addressing", "Adjustment", "Amount", "Batch837P",
    "BillingProvider", "Claim835", "ClaimData", "ClaimFile", "Contact", "DatedEvent", "Delimiters", "Drug",
    "Facility", "HeaderGroup", "Imbalance", "Line835", "Name", "Party", "Patient", "Payer", "Payment",
    "Problem", "Procedure", "Provider", "ProviderAdjustment", "Quantity", "RawSegment", "RawTransaction",
    "Receiver", "Reference", "Remark", "Remittance", "Segment", "ServiceLine", "Submitter", "Subscriber",
    "Trace", "Transaction835", "X12Error", "X12Warning", "balance_warnings", "batch_problems",
    "claim_problems", "clean_text", "imbalances", "is_diagnosis_code", "is_modifier", "is_ndc", "is_npi",
    "is_procedure_code", "is_state", "is_tax_id", "is_taxonomy", "is_zip", "is_zip_plus_four", "iter_835",
    "npi_check_digit", "parse_835", "parse_837p", "read_transactions", "tokenize", "transaction_digest",
    "write_835", "write_837p",
]  # fmt: skip
