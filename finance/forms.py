"""The year of a budget, and the month to close."""

from django import forms

from kit.forms import Form


class YearForm(Form):
    """What a budget's sheet does not say."""

    year = forms.IntegerField(min_value=2000, max_value=2099, label="Year")


class MonthForm(Form):
    """A month of the books."""

    month = forms.DateField(label="A day in the month")
