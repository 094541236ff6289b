"""The one reader of sheets: CSV, TSV and XLSX in, numbered rows out, every mistake in words at its place.

``open_sheet`` finds encoding, delimiter, quotes and heading by itself and streams; ``read`` is its strict short form.
``profile_of`` says what a column holds, ``guess`` which declared field it is. Knows no table and no app.
"""

from kit.sheet_reader.dates import FORMS, read_date
from kit.sheet_reader.headings import guess, normalised
from kit.sheet_reader.judging import Mistake, SheetRefused, judge
from kit.sheet_reader.profiles import Profile, profile_of
from kit.sheet_reader.rows import BadField, Row, checksum
from kit.sheet_reader.tables import BYTES, Limits, Sheet, open_sheet, read
from kit.sheet_reader.values import clean_text

__all__ = [
    "BYTES",
    "FORMS",
    "BadField",
    "Limits",
    "Mistake",
    "Profile",
    "Row",
    "Sheet",
    "SheetRefused",
    "checksum",
    "clean_text",
    "guess",
    "judge",
    "normalised",
    "open_sheet",
    "profile_of",
    "read",
    "read_date",
]
