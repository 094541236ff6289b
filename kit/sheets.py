"""The one writer of sheets. Text can never become a formula, numbers and dates stay numbers and dates."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

# A cell whose text starts like a formula runs in a spreadsheet; so does text after a separator or line break
# once a sheet is opened with other settings (SECURITY.md 4). Full-width twins count: some programs fold them.
_FORMULA = re.compile(r"(^(?=[\t\r])|(?:^|[;\n\r\t])(?=\s*[=+\-@＝＋－＠]))")
_NEUTRALISED = re.compile(r"(^|[;\n\r\t])'(?=[\t\r]|\s*[=+\-@＝＋－＠])")
MONEY = "#,##0.00;−#,##0.00"  # shown in the sheet; the value stays a number


def neutralise(text: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would run."""
    return _FORMULA.sub(r"\1'", text)


def restore(text: str) -> str:
    """Take the apostrophes of ``neutralise`` away again: a sheet that left here may come back corrected."""
    return _NEUTRALISED.sub(r"\1", text) if "'" in text else text


def plain(value: Any) -> Any:
    """A value a CSV can hold: ISO dates, Yes/No, numbers as they are, text neutralised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return value
    return neutralise(str(value))


def write_csv(*, headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, because Excel asks for it; every field quoted."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([neutralise(header) for header in headers])
    writer.writerows([plain(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(*, headers: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """One worksheet with a frozen bold head; text is written as text whatever it looks like."""
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(held, options) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "money": book.add_format({"num_format": MONEY}),
            "date": book.add_format({"num_format": "mm/dd/yyyy"}),
            "moment": book.add_format({"num_format": "mm/dd/yyyy h:mm AM/PM"}),
        }
        sheet = book.add_worksheet("Sheet 1")
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, neutralise(header), formats["head"])
        for number, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                _write(sheet, number, column, value, formats)
    return held.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, Decimal):
        sheet.write_number(row, column, value, formats["money"])
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, _wall(value), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["date"])
    else:
        sheet.write_string(row, column, str(plain(value)))


def _wall(moment: datetime) -> datetime:
    """Sheets know no zones: the moment as the clock on the wall of the current zone shows it."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


WRITERS: dict[str, Callable[..., bytes]] = {"csv": write_csv, "xlsx": write_xlsx}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
