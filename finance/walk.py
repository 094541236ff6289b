"""The books' part of the walk: a budget from a sheet, refused with its rows when it does not fit."""

from __future__ import annotations

import re
from datetime import date

from practice.walk import Step, Walker, WalkFailed

MONTHS = "jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec"


def upload_a_budget(walker: Walker) -> str:
    """Next year's budget: an unknown account is refused by row; the total is the sheet's; approving locks it."""
    walker.sign_in("manager")
    page = walker.get("finance/budgets/new/")
    form = page.form(field="year")
    year = str(int(form.fields["year"][0] or date.today().year) + 1)
    bad = f"account,{MONTHS}\n99999,{','.join(['1'] * 12)}\n"
    walker.submit(page, form, status=422, year=year, files={"file": ("b.csv", bad.encode())}).expect(
        "Nothing was saved", "revenue or expense account"
    )
    good = f"account,{MONTHS}\n4100,{','.join(['1000.25'] * 12)}\n5800,{','.join(['250.75'] * 12)}\n"
    made = walker.submit(page, form, year=year, files={"file": ("b.csv", good.encode())})
    if not re.search(r"/finance/budgets/[0-9a-f-]{36}/$", made.url):
        raise WalkFailed("the uploaded budget has no page")
    made.expect("12,003", "3,009", "Draft")
    approved = walker.submit(made, made.form(action="/approve/")).expect("Approved")
    if "/approve/" in approved.text:
        raise WalkFailed("an approved budget can be approved again")
    return f"{year}: 2 accounts, $12,003 and $3,009 a year; an unknown account is refused"


STEPS: tuple[Step, ...] = (("Upload a budget", upload_a_budget),)
