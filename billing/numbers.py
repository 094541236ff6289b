"""The numbers of this room that a practice writes its own way."""

from practice.rules.numbers import Format, Series

RECEIPT = "billing.receipt"
SERIES = (
    Series(
        code=RECEIPT, title="Receipts of patients’ payments", style=Format(prefix="R", yearly=True, width=5)
    ),
)
