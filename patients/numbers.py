"""The numbers of this room that a practice writes its own way."""

from practice.rules.numbers import Format, Series

MRN = "patients.mrn"
SERIES = (Series(code=MRN, title="Patients’ record numbers", style=Format(), above=100_000),)
