"""What the books take from a sheet: a year's budget, and the accountant's journals. Both whole or not at all."""

from finance.permissions import FinancePermission as P
from kit.sheet_target import SheetField, SheetTarget

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _month(number: int, name: str, label: str) -> SheetField:
    """A column of one month: Jan, January, 1, 2026-01 or 01/2026."""
    return SheetField(
        name=f"m{number:02}",
        label=label,
        kind="money",
        pattern=rf"{name}.*|(\d{{4}}-)?0?{number}|0?{number}(-\d{{1,2}}|/\d{{4}})",
    )


BUDGET = SheetTarget(
    name="finance.budget",
    label="Budget",
    sentence="A year's plan by account and month, as a new draft version.",
    model="finance.Budget",
    permission=P.CHANGE_BUDGET,
    view_permission=P.VIEW_BUDGET,
    take_all="finance.services.budgets.take_sheet",
    undo="finance.services.budgets.discard",
    undo_words="The draft is taken away; an approved budget stays.",
    options="finance.forms.YearForm",
    needs=(("month", "amount"), *((f"m{number:02}",) for number in range(1, 13))),
    needs_words="each month, or month and amount",
    fields=(
        SheetField(
            name="account",
            label="Account",
            required=True,
            synonyms=("account number", "account no", "acct", "gl account", "gl code", "ledger account"),
        ),
        *(_month(number, *names) for number, names in enumerate(zip(MONTHS, NAMES, strict=True), start=1)),
        SheetField(name="month", label="Month", synonyms=("period", "budget month")),
        SheetField(
            name="amount", label="Amount", kind="money", synonyms=("budget", "planned", "budget amount")
        ),
    ),
)
JOURNAL = SheetTarget(
    name="finance.journal",
    label="Journals",
    sentence="What the accountant books: payroll, rent, depreciation. Rows of one day and memo are one journal.",
    model="finance.Journal",
    permission=P.POST_JOURNAL,
    view_permission=P.VIEW_BOOKS,
    take_all="finance.services.imports.take_sheet",
    undo="finance.services.imports.take_back",
    undo_words="Every journal it posted is reversed on its own day.",
    fields=(
        SheetField(
            name="date",
            label="Date",
            kind="date",
            required=True,
            synonyms=("posting date", "journal date", "entry date", "dated", "transaction date"),
        ),
        SheetField(
            name="account",
            label="Account",
            required=True,
            synonyms=("account number", "account no", "acct", "gl account", "gl code"),
        ),
        SheetField(
            name="debit",
            label="Debit",
            kind="money",
            required=True,
            synonyms=("dr", "debit amount", "debits"),
        ),
        SheetField(
            name="credit",
            label="Credit",
            kind="money",
            required=True,
            synonyms=("cr", "credit amount", "credits"),
        ),
        SheetField(
            name="memo", label="Memo", synonyms=("description", "note", "text", "narration", "details")
        ),
        SheetField(name="location", label="Location", synonyms=("site", "office", "department", "class")),
    ),
)
TARGETS = (BUDGET, JOURNAL)
