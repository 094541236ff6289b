"""Uploads of budgets and journals, and the month to close."""

from django import forms

from kit.forms import Form


class BudgetForm(Form):
    """A year's budget as a sheet."""

    year = forms.IntegerField(min_value=2000, max_value=2099, label="Year")
    file = forms.FileField(
        label="Sheet",
        help_text="CSV or XLSX: a column account and one for each month, or account, month and amount.",
    )


class JournalForm(Form):
    """The accountant's journals as a sheet."""

    file = forms.FileField(
        label="Sheet",
        help_text="CSV or XLSX with date, account, debit and credit; memo and location if wanted.",
    )


class MonthForm(Form):
    """A month of the books."""

    month = forms.DateField(label="A day in the month")
