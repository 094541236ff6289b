"""What billing keeps about patients, for a merge of two records."""

from __future__ import annotations

from collections.abc import Iterable

from patients.merging import Reference


def own() -> Iterable[Reference]:
    """Charges, claims, payments and open items follow; ledger entries are facts and are read with the kept record's."""
    return (
        Reference(model="billing.Charge", field="patient"),
        Reference(model="billing.Claim", field="patient"),
        Reference(model="billing.OpenItem", field="patient"),
        Reference(model="billing.PatientPayment", field="patient"),
        Reference(model="billing.LedgerEntry", field="patient", how="stay"),
    )
