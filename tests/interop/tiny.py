"""A tiny CSV export written here: two insured patients, one who pays alone, every kind of row of money."""

from __future__ import annotations

import csv
from pathlib import Path

Table = list[dict[str, str]]
DAY = "2023-03-01T15:00:00Z"


def rows_of(*lines: str) -> Table:
    """A table from lines of cells split by |; the first line is the heading."""
    heading = lines[0].split("|")
    return [dict(zip(heading, line.split("|"), strict=True)) for line in lines[1:]]


def charge(
    number: int, claim: str, patient: str, amount: str, *, owes: str = "1", code: str = "185345009"
) -> dict[str, str]:
    """A CHARGE row."""
    return money(number, claim, patient, "CHARGE", code=code, AMOUNT=amount, TRANSFERTYPE=owes)


def money(
    number: int, claim: str, patient: str, kind: str, *, code: str = "185345009", **cells: str
) -> dict[str, str]:
    """A row of claims_transactions; its id is t and its number."""
    row = dict.fromkeys(MONEY, "")
    row |= {
        "ID": f"t{number}", "CLAIMID": claim, "CHARGEID": str(number), "PATIENTID": patient, "TYPE": kind,
        "FROMDATE": DAY, "TODATE": DAY, "PLACEOFSERVICE": "o1", "PROCEDURECODE": code, "DIAGNOSISREF1": "1",
        "UNITS": "1", "NOTES": "Something done", "APPOINTMENTID": claim.replace("c", "e"), "PROVIDERID": "d1",
    }  # fmt: skip
    return row | cells


MONEY = [
    "ID",
    "CLAIMID",
    "CHARGEID",
    "PATIENTID",
    "TYPE",
    "AMOUNT",
    "METHOD",
    "FROMDATE",
    "TODATE",
    "PLACEOFSERVICE",
    "PROCEDURECODE",
    "MODIFIER1",
    "MODIFIER2",
    "DIAGNOSISREF1",
    "DIAGNOSISREF2",
    "DIAGNOSISREF3",
    "DIAGNOSISREF4",
    "UNITS",
    "NOTES",
    "TRANSFEROUTID",
    "TRANSFERTYPE",
    "PAYMENTS",
    "ADJUSTMENTS",
    "TRANSFERS",
    "OUTSTANDING",
    "APPOINTMENTID",
    "PROVIDERID",
]


def tables() -> dict[str, Table]:
    """The export: change what you need, then ``write`` it."""
    return {
        "payers": rows_of(
            "Id|NAME|ADDRESS|CITY|STATE_HEADQUARTERED|ZIP|PHONE",
            "p1|Evergreen Health|1 Pine St|Boston|MA|02101|1-617-555-0101",
            "p2|Medicare|7500 Security Blvd|Baltimore|MD|21244|1-800-633-4227",
            "p0|NO_INSURANCE|||||",
        ),
        "organizations": rows_of(
            "Id|NAME|ADDRESS|CITY|STATE|ZIP|PHONE",
            "o1|ELM CLINIC|5 Elm St|BOSTON|MA|02101|6175550102",
            "o2|DESERT CLINIC|9 Sand Rd|PHOENIX|AZ|85001|6025550103",
        ),
        "providers": rows_of(
            "Id|ORGANIZATION|NAME|GENDER|SPECIALITY|ADDRESS|CITY|STATE|ZIP",
            "d1|o1|Víctor493 Noriega353|M|GENERAL PRACTICE|5 Elm St|BOSTON|MA|02101",
        ),
        "patients": rows_of(
            "Id|BIRTHDATE|DEATHDATE|SSN|FIRST|LAST|GENDER|ADDRESS|CITY|STATE|ZIP",
            "a1|1980-05-06||999-17-5017|Ann1|Ames2|F|7 Oak St|Salem|Massachusetts|01970",
            "a2|1950-02-03||999-50-8136|Ben3|Bell4|M|8 Ash St|Salem|Massachusetts|",
            "a3|2010-09-09|||Cal5|Cole6|M|9 Fir St|Salem|Massachusetts|01970",
        ),
        "payer_transitions": rows_of(
            "PATIENT|MEMBERID|START_YEAR|END_YEAR|PAYER|SECONDARY_PAYER|OWNERSHIP|OWNERNAME",
            "a1|m1|2020-01-01T12:00:00Z|2024-01-01T12:00:00Z|p1||Self|Ann1 Ames2",
            "a2|m2|2020-01-01T12:00:00Z||p2|p1|Self|Ben3 Bell4",
            "a3||2020-01-01T12:00:00Z||p0|||",
        ),
        "encounters": rows_of(
            "Id|START|STOP|PATIENT|ORGANIZATION|PROVIDER|PAYER|ENCOUNTERCLASS|CODE|DESCRIPTION|REASONCODE|REASONDESCRIPTION",
            "e1|2023-03-01T02:30:00Z|2023-03-01T02:45:00Z|a1|o1|d1|p1|ambulatory|185345009|Encounter||Sore throat",
            "e2|2023-03-01T15:00:00Z|2023-03-01T15:30:00Z|a2|o1|d1|p2|wellness|410620009|Check||",
            "e3|2023-03-01T15:00:00Z|2023-03-01T16:00:00Z|a3|o1|d1|p0|emergency|50849002|Emergency||",
        ),
        "claims": rows_of(
            "Id|PATIENTID|PROVIDERID|PRIMARYPATIENTINSURANCEID|SECONDARYPATIENTINSURANCEID|DIAGNOSIS1|DIAGNOSIS2|"
            "APPOINTMENTID|SERVICEDATE|STATUS1|LASTBILLEDDATE1",
            f"c1|a1|d1|p1|0|195662009||e1|{DAY}|CLOSED|2023-03-04T15:00:00Z",
            f"c2|a2|d1|p2|p1|162673000||e2|{DAY}|BILLED|{DAY}",
            f"c3|a3|d1|0|0|50849002||e3|{DAY}|CLOSED|",
        ),
        "claims_transactions": [
            # Ann: the insurer pays a part, adjusts a part, the rest goes to her and she pays half of it.
            charge(0, "c1", "a1", "100.00"),
            money(1, "c1", "a1", "PAYMENT", METHOD="COPAY", PAYMENTS="20.00"),
            money(2, "c1", "a1", "PAYMENT", METHOD="ECHECK", PAYMENTS="50.00", ADJUSTMENTS="10.00"),
            money(3, "c1", "a1", "TRANSFEROUT", TRANSFERS="20.00"),
            money(4, "c1", "a1", "TRANSFERIN", TRANSFERS="20.00", TRANSFERTYPE="p", TRANSFEROUTID="3"),
            money(5, "c1", "a1", "PAYMENT", METHOD="CASH", PAYMENTS="10.00"),
            # A drug that costs less than its copay: 1.50 is her credit.
            charge(6, "c1", "a1", "3.50", code="314076"),
            money(7, "c1", "a1", "PAYMENT", METHOD="COPAY", PAYMENTS="5.00", code="314076"),
            # Ben: Medicare pays, the second payer takes the rest.
            charge(8, "c2", "a2", "80.00"),
            money(9, "c2", "a2", "PAYMENT", METHOD="ECHECK", PAYMENTS="60.00"),
            money(10, "c2", "a2", "TRANSFEROUT", TRANSFERS="20.00"),
            money(11, "c2", "a2", "TRANSFERIN", TRANSFERS="20.00", TRANSFERTYPE="2", TRANSFEROUTID="10"),
            money(12, "c2", "a2", "PAYMENT", METHOD="ECHECK", PAYMENTS="15.00"),
            # Cal pays alone, and has not yet.
            charge(13, "c3", "a3", "200.00", owes="p", code="50849002"),
        ],
    }  # fmt: skip


def write(folder: Path, *, tables: dict[str, Table]) -> Path:
    """Write the tables as CSV files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(table[0]))
            writer.writeheader()
            writer.writerows(table)
    return folder


def grown(copies: int) -> dict[str, Table]:
    """The tiny export with its people, visits and money many times over; plans and places stay as they are."""
    once = tables()
    people = ("patients", "payer_transitions", "encounters", "claims", "claims_transactions")
    many: dict[str, Table] = {name: table for name, table in once.items() if name not in people}
    for name in people:
        many[name] = [_copy(row, number=number) for number in range(copies) for row in once[name]]
    for number, row in enumerate(many["claims_transactions"]):
        shift = number - int(row["CHARGEID"])
        row["CHARGEID"] = str(number)
        if row["TRANSFEROUTID"]:
            row["TRANSFEROUTID"] = str(int(row["TRANSFEROUTID"]) + shift)
    return many


def _copy(row: dict[str, str], *, number: int) -> dict[str, str]:
    own = {"PATIENTID", "PATIENT", "CLAIMID", "APPOINTMENTID", "ID", "Id"}
    return {name: f"{value}-{number}" if name in own else value for name, value in row.items()}
