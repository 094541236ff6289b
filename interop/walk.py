"""Interop's part of the walk: another system's export comes in, and other systems read what is here."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from kit.ids import uuid7
from practice.walk import Page, Step, Walker, WalkFailed

DAY = "2025-03-04T15:00:00Z"
# Heading and rows of each file, in the columns of Synthea's CSV export. {id} keeps two walks apart.
EXPORT = {
    "payers": (
        "Id,NAME,ADDRESS,CITY,STATE_HEADQUARTERED,ZIP,PHONE",
        "p1,Walk Mutual,1 Pine St,Albany,NY,12201,",
    ),
    "organizations": ("Id,NAME,ADDRESS,CITY,STATE,ZIP,PHONE", "o1,WALK CLINIC,5 Elm St,ALBANY,NY,12201,"),
    "providers": (
        "Id,ORGANIZATION,NAME,GENDER,SPECIALITY,ADDRESS,CITY,STATE,ZIP",
        "d1,o1,Nadia Voss,F,GENERAL PRACTICE,5 Elm St,ALBANY,NY,12201",
    ),
    "patients": (
        "Id,BIRTHDATE,DEATHDATE,SSN,FIRST,LAST,GENDER,ADDRESS,CITY,STATE,ZIP",
        "a1,1980-05-06,,,Ann,Import{id},F,7 Oak St,Albany,New York,12201",
        "a2,not-a-date,,,Ben,Import{id},M,8 Ash St,Albany,New York,12201",
    ),
    "payer_transitions": (
        "PATIENT,MEMBERID,START_YEAR,END_YEAR,PAYER,SECONDARY_PAYER,OWNERSHIP,OWNERNAME",
        "a1,m1,2024-01-01T12:00:00Z,,p1,,Self,Ann Import{id}",
    ),
    "encounters": (
        "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,REASONCODE,"
        "REASONDESCRIPTION",
        f"e1,{DAY},2025-03-04T15:20:00Z,a1,o1,d1,p1,ambulatory,185345009,Encounter,,",
    ),
    "claims": (
        "Id,PATIENTID,PROVIDERID,PRIMARYPATIENTINSURANCEID,SECONDARYPATIENTINSURANCEID,DIAGNOSIS1,DIAGNOSIS2,"
        "APPOINTMENTID,SERVICEDATE,STATUS1,LASTBILLEDDATE1",
        f"c1,a1,d1,p1,0,195662009,,e1,{DAY},BILLED,{DAY}",
    ),
    "claims_transactions": (
        "ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,METHOD,FROMDATE,TODATE,PLACEOFSERVICE,PROCEDURECODE,MODIFIER1,"
        "MODIFIER2,DIAGNOSISREF1,DIAGNOSISREF2,DIAGNOSISREF3,DIAGNOSISREF4,UNITS,NOTES,TRANSFEROUTID,TRANSFERTYPE,"
        "PAYMENTS,ADJUSTMENTS,TRANSFERS,OUTSTANDING,APPOINTMENTID,PROVIDERID",
        f"t1,c1,1,a1,CHARGE,120.00,,{DAY},{DAY},o1,185345009,,,1,,,,1,Visit,,1,,,,,e1,d1",
        f"t2,c1,2,a1,PAYMENT,,ECHECK,{DAY},{DAY},o1,185345009,,,1,,,,1,Visit,,,70.50,9.50,,,e1,d1",
    ),
}
OWED = "40.00"  # 120.00 charged, 70.50 paid, 9.50 adjusted


def _archive(mark: str) -> bytes:
    packed = io.BytesIO()
    keys = re.compile(r"\b([poadect]\d)\b")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (heading, *rows) in EXPORT.items():
            lines = [keys.sub(rf"\1-{mark}", row.replace("{id}", mark)) for row in rows]
            archive.writestr(f"{name}.csv", "\n".join([heading, *lines, ""]))
    return packed.getvalue()


def import_an_export(walker: Walker) -> str:
    """A dry run changes nothing; the import brings patient and money; a bad row is refused by name; twice is once."""
    walker.sign_in("manager")
    mark = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid7().hex[-6:])
    content = _archive(mark)
    dry = _import(walker, content=content, dry=True)
    if _found(walker, mark=mark):
        raise WalkFailed("a dry run brought in a patient")
    dry.expect("Nothing was changed", "1 row was refused")
    done = _import(walker, content=content, dry=False).expect("1 row was refused", "BIRTHDATE")
    patients = _found(walker, mark=mark)
    if len(patients) != 1:
        raise WalkFailed(f"{len(patients)} patients came in, not the good one of two")
    walker.get(done.link(href=r"/refused/")).expect("not-a-date")
    walker.get(f"billing/accounts/{patients[0]}/").expect(f"${OWED}", "$120.00")
    before = walker.api(f"ledger-entries/?patient={patients[0]}").json()["results"]
    _import(walker, content=content, dry=False)
    if walker.api(f"ledger-entries/?patient={patients[0]}").json()["results"] != before or len(before) != 3:
        raise WalkFailed(f"a second import changed the ledger, or it has {len(before)} entries and not 3")
    return f"1 patient and 3 ledger entries in, ${OWED} owed; 1 bad row refused; twice is once"


def _import(walker: Walker, *, content: bytes, dry: bool) -> Page:
    page = walker.get("interop/imports/new/")
    form = page.form(field="folder")
    form.fields.pop("is_dry_run", None)
    ticked: dict[str, Any] = {"is_dry_run": "on"} if dry else {}
    started = walker.submit(page, form, files={"upload": ("export.zip", content)}, **ticked)

    def done() -> Page | None:
        seen = walker.get(started.url)
        return seen if "Dry run finished" in seen.text or "Finished" in seen.text else None

    finished: Page = walker.wait(f"the import {started.url}", done)
    return finished


def _found(walker: Walker, *, mark: str) -> list[str]:
    return [row["id"] for row in walker.api(f"patients/?q=import{mark}").json()["results"]]


def read_by_rest(walker: Walker) -> str:
    """Every list answers with rows; without a token and for the other practice there is nothing."""
    counts = []
    for path in ("patients/", "appointments/", "claims/", "ledger-entries/", "kpis/"):
        rows = walker.api(path).json()
        rows = rows["results"] if isinstance(rows, dict) else rows
        if not rows or not isinstance(rows[0], dict):
            raise WalkFailed(f"{path} is empty")
        other = walker.api(f"/p/{walker.kept['other_slug']}/api/v1/{path}", status=404)
        if "results" in other.text or walker.request(walker.at(f"api/v1/{path}"), headers={}).status == 500:
            raise WalkFailed(f"{path} answers for another practice")
        counts.append(f"{len(rows)} {path.rstrip('/')}")
    token = walker.kept["token"]
    walker.kept["token"] = token[:-4] + ("aaaa" if token[-4:] != "aaaa" else "bbbb")
    walker.api("patients/", status=401)
    walker.kept["token"] = token
    return ", ".join(counts) + "; the other practice 404, a wrong token 401"


STEPS: tuple[Step, ...] = (
    ("Import another system's export", import_an_export),
    ("Read by REST", read_by_rest),
)
